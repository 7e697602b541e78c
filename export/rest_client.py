"""Ask a served VAE over REST.

Run: python export/rest_client.py --image shape.png
     python export/rest_client.py --traverse 3 --image shape.png
"""

import base64
import urllib.parse
from typing import Any

import click
import client
import numpy as np
import requests
from served import Served
from served import Shapes
from served import Signature


class RestModel(Served):
    """A model behind the REST API, as `http://host:8501`."""

    def metadata(self) -> dict[str, Signature]:
        """Signatures by name, of GET .../metadata."""
        answer = self._answer("GET", "/metadata", "metadata")
        signatures = answer["signature_def"]["signature_def"]
        return {
            name: Signature(
                _shapes(signature["inputs"]), _shapes(signature["outputs"])
            )
            for name, signature in signatures.items()
        }

    def predict(
        self, signature: str, inputs: dict[str, Any]
    ) -> dict[str, np.ndarray]:
        """Call a signature; the tensors go as columns."""
        body = {
            "signature_name": signature,
            "inputs": {name: _json(value) for name, value in inputs.items()},
        }
        outputs = self._answer("POST", ":predict", "outputs", json=body)
        names = list(self.signature(signature).outputs)
        if len(names) == 1:  # comes without its name
            outputs = {names[0]: outputs}
        return {name: np.array(value) for name, value in outputs.items()}

    def _url(self) -> str:
        if not self.server.startswith(("http://", "https://")):
            raise click.ClickException(
                f"REST takes http://HOST:PORT. Received: --server {self.server}"
            )
        url = f"{self.server.rstrip('/')}/v1/models/{_quoted(self.model)}"
        if self.version is not None:
            return f"{url}/versions/{self.version}"
        return f"{url}/labels/{_quoted(self.label)}" if self.label else url

    def _answer(self, method: str, action: str, key: str, **body: Any) -> Any:
        """What the server has under `key` of its answer."""
        url = self._url() + action
        try:
            response = requests.request(
                method, url, timeout=self.timeout, **body
            )
            answer = response.json()
        except requests.JSONDecodeError:
            answer = f"HTTP {response.status_code}, not JSON"
        except requests.RequestException as error:
            raise click.ClickException(self._explained(error)) from None
        if isinstance(answer, dict) and key in answer:
            return answer[key]
        if isinstance(answer, dict) and "error" in answer:
            raise click.ClickException(
                f"{self.server} answered HTTP {response.status_code}: "
                f"{answer['error']}"
            )
        raise click.ClickException(
            f"{self.server} is no REST API of TensorFlow Serving. "
            f"Received: {str(answer)[:100]}"
        )

    def _explained(self, error: requests.RequestException) -> str:
        if isinstance(error, requests.Timeout):
            return (
                f"{self.server} did not answer within {self.timeout:g} seconds"
            )
        if isinstance(error, requests.ConnectionError):
            return f"No server answers at {self.server}"
        return str(error)


def _quoted(name: str) -> str:
    return urllib.parse.quote(name, safe="")


def _json(value: np.ndarray | list[bytes]) -> list:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [{"b64": base64.b64encode(item).decode()} for item in value]


def _shapes(tensors: dict[str, Any]) -> Shapes:
    return {
        name: [
            int(dim["size"]) for dim in tensor["tensor_shape"].get("dim", [])
        ]
        for name, tensor in tensors.items()
    }


if __name__ == "__main__":
    client.run(RestModel, "http://localhost:8501")
