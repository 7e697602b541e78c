"""The REST API of TensorFlow Serving, as far as the client and the pages use
it, by the rules of its json_tensor.cc."""

import base64
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf import json_format
from tensorflow_serving.apis import get_model_metadata_pb2

from tests.export.models import Models
from tests.export.models import Refused
from tests.export.models import Servable

PATH = re.compile(
    r"/v1/models/(?P<name>[^/:]+)"
    r"(/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
    r"(?P<action>:predict|/metadata)?"
)
STATUSES = {
    "INVALID_ARGUMENT": HTTPStatus.BAD_REQUEST,
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
}


def handler(models: Models) -> type[BaseHTTPRequestHandler]:
    """A request handler that answers with what `models` say."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(lambda servable, action: read(servable, action))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(lambda servable, _: predict(servable, body))

        def reply(self, answer):
            status, content = HTTPStatus.OK, None
            try:
                found = PATH.fullmatch(self.path)
                if (self.command == "POST") != self.path.endswith(":predict"):
                    found = None
                if not found:
                    raise invalid(
                        f"Malformed request: {self.command} {self.path}"
                    )
                name, version, label, action = found.group(
                    "name", "version", "label", "action"
                )
                servable = models.find(name, version and int(version), label)
                content = answer(servable, action)
            except Refused as error:
                status = STATUSES[error.code]
                content = {"error": error.message}
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_):
            """Say nothing."""

    return Handler


def invalid(message: str) -> Refused:
    return Refused("INVALID_ARGUMENT", message)


def read(servable: Servable, action: str | None) -> dict[str, Any]:
    """The answer to GET: status, or metadata."""
    if action != "/metadata":
        return {"model_version_status": [{"state": "AVAILABLE"}]}
    signatures = get_model_metadata_pb2.SignatureDefMap(
        signature_def=servable.definitions
    )
    return {
        "model_spec": {"name": "vae"},
        "metadata": {
            "signature_def": json_format.MessageToDict(
                signatures,
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
            )
        },
    }


def predict(servable: Servable, body: bytes) -> dict[str, Any]:
    """The answer to POST ...:predict."""
    try:
        document = json.loads(body)
    except ValueError as error:
        raise invalid(f"JSON Parse error: {error}") from error
    if not isinstance(document, dict):
        raise invalid(f"JSON Value: {document} Is not object")
    name = document.get("signature_name", "")
    if not isinstance(name, str):
        raise invalid("'signature_name' key must be a string value.")
    expected = servable.definition(name).inputs
    if ("instances" in document) == ("inputs" in document):
        raise invalid("expecting one of 'inputs' or 'instances'")
    if "inputs" in document:
        outputs = servable.run(name, columns(document["inputs"], expected))
        content = {k: v.tolist() for k, v in outputs.items()}
        return {"outputs": unnamed(content)}
    outputs = servable.run(name, rows(document["instances"], expected))
    if len({len(value) for value in outputs.values()}) != 1:
        raise invalid("inconsistent batch size")
    values = zip(*(v.tolist() for v in outputs.values()), strict=True)
    return {
        "predictions": [
            unnamed(dict(zip(outputs, row, strict=True))) for row in values
        ]
    }


def unnamed(named: dict[str, Any]) -> Any:
    """A single tensor goes without its name."""
    return named if len(named) > 1 else next(iter(named.values()))


def is_bytes(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"b64"}


def columns(inputs: Any, expected: Mapping) -> dict[str, np.ndarray]:
    """Tensors of "inputs"."""
    if not isinstance(inputs, dict) or is_bytes(inputs):
        if len(expected) > 1:
            raise invalid("inputs is a plain value/list, but expecting object")
        inputs = dict.fromkeys(expected, inputs)
    missing = expected.keys() - inputs.keys()
    if missing:
        raise invalid(f"Missing named input: {missing} in 'inputs' object.")
    return {name: tensor(inputs[name], expected[name]) for name in expected}


def rows(instances: Any, expected: Mapping) -> dict[str, np.ndarray]:
    """Tensors of "instances", each row's beside those of the others."""
    if not isinstance(instances, list) or not instances:
        raise invalid("'instances' must be a list with values")
    named = isinstance(instances[0], dict) and not is_bytes(instances[0])
    if not named and len(expected) > 1:
        raise invalid("instances is a plain list, but expecting objects")
    found: dict[str, list] = {name: [] for name in expected}
    for row in instances:
        if (isinstance(row, dict) and not is_bytes(row)) != named:
            raise invalid("instances mixes objects and values")
        row = row if named else dict.fromkeys(expected, row)
        if row.keys() != expected.keys():
            raise invalid(f"keys must be equal to: {','.join(expected)}")
        for name, value in row.items():
            found[name].append(tensor(value, expected[name]))
    if any(len({v.shape for v in values}) > 1 for values in found.values()):
        raise invalid("Expecting the same shape in every row")
    return {name: np.stack(values) for name, values in found.items()}


def tensor(value: Any, info) -> np.ndarray:
    """A JSON value as an array of the type that the signature has."""
    shape = []
    first = value
    while isinstance(first, list):
        shape.append(len(first))
        first = first[0] if first else None
    dtype = tf.dtypes.as_dtype(info.dtype)
    flat = leaves(value, shape, dtype)
    return np.array(flat, dtype.as_numpy_dtype).reshape(shape)


def leaves(value: Any, shape: list[int], dtype: tf.DType) -> list:
    """Values in order; each list must be as long as its first neighbour."""
    if not isinstance(value, list):
        if shape:
            raise invalid(f"JSON Value: {value} found at incorrect level")
        return [leaf(value, dtype)]
    if not shape or len(value) != shape[0]:
        raise invalid(f"Encountered list at unexpected size: {len(value)}")
    return [x for item in value for x in leaves(item, shape[1:], dtype)]


def leaf(value: Any, dtype: tf.DType) -> Any:
    """A number for a number, an integer for an integer, bytes for a string."""
    if dtype == tf.string and is_bytes(value):
        return base64.b64decode(value["b64"], validate=True)
    if dtype == tf.string and isinstance(value, str):
        return value.encode()
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if dtype.is_floating and number:
        return value
    if dtype.is_integer and number and isinstance(value, int):
        return value
    raise invalid(
        f"JSON Value: {value} Type: {type(value).__name__} is not of expected "
        f"type: {dtype.name}"
    )
