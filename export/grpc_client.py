"""Ask a served VAE over gRPC.

Run: python export/grpc_client.py --image shape.png
     python export/grpc_client.py --traverse 3 --image shape.png
"""

import contextlib
import os
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import click
import client
import grpc
import numpy as np
from served import Served
from served import Shapes
from served import Signature


@contextlib.contextmanager
def without_notices() -> Iterator[None]:
    """Drop what TensorFlow writes to stderr from C++ when it starts."""
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


with without_notices():
    import tensorflow as tf
    from tensorflow_serving.apis import get_model_metadata_pb2
    from tensorflow_serving.apis import model_pb2
    from tensorflow_serving.apis import predict_pb2
    from tensorflow_serving.apis import prediction_service_pb2_grpc

# a traversal may be larger than the 4 MiB that gRPC takes by itself
ANY_SIZE = [("grpc.max_receive_message_length", -1)]


class GrpcModel(Served):
    """A model behind the gRPC API, as `host:8500`."""

    def metadata(self) -> dict[str, Signature]:
        """Signatures by name, of `GetModelMetadata`."""
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=self._model_spec(), metadata_field=["signature_def"]
        )
        answer = self._answer(lambda service: service.GetModelMetadata, request)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        answer.metadata["signature_def"].Unpack(signatures)
        return {
            name: Signature(
                _shapes(signature.inputs), _shapes(signature.outputs)
            )
            for name, signature in signatures.signature_def.items()
        }

    def predict(
        self, signature: str, inputs: dict[str, Any]
    ) -> dict[str, np.ndarray]:
        """Call a signature."""
        request = predict_pb2.PredictRequest(
            model_spec=self._model_spec(signature_name=signature),
            inputs={n: tf.make_tensor_proto(v) for n, v in inputs.items()},
        )
        answer = self._answer(lambda service: service.Predict, request)
        return {n: tf.make_ndarray(v) for n, v in answer.outputs.items()}

    def _model_spec(self, **fields: str) -> model_pb2.ModelSpec:
        spec = model_pb2.ModelSpec(name=self.model, **fields)
        if self.version is not None:
            spec.version.value = self.version
        if self.label is not None:
            spec.version_label = self.label
        return spec

    def _answer(self, method: Callable, request: Any) -> Any:
        if "://" in self.server:
            raise click.ClickException(
                f"gRPC takes HOST:PORT. Received: --server {self.server}"
            )
        with grpc.insecure_channel(self.server, ANY_SIZE) as channel:
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            try:
                return method(stub)(request, timeout=self.timeout)
            except grpc.RpcError as error:
                raise click.ClickException(self._explained(error)) from None

    def _explained(self, error: grpc.RpcError) -> str:
        code = error.code()
        if code == grpc.StatusCode.UNAVAILABLE:
            return f"{self.server} is not available: {error.details()}"
        if code == grpc.StatusCode.DEADLINE_EXCEEDED:
            return (
                f"{self.server} did not answer within {self.timeout:g} seconds"
            )
        return f"{self.server} answered {code.name}: {error.details()}"


def _shapes(tensors: Any) -> Shapes:
    return {
        name: [dim.size for dim in tensor.tensor_shape.dim]
        for name, tensor in tensors.items()
    }


if __name__ == "__main__":
    client.run(GrpcModel, "localhost:8500")
