"""The gRPC API of TensorFlow Serving, as far as the client uses it."""

import grpc
import tensorflow as tf
from tensorflow_serving.apis import get_model_metadata_pb2
from tensorflow_serving.apis import predict_pb2
from tensorflow_serving.apis import prediction_service_pb2_grpc

from tests.export.models import Models
from tests.export.models import Refused
from tests.export.models import Servable


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Answers with what `models` say."""

    def __init__(self, models: Models):
        self.models = models

    def Predict(self, request, context):
        """Call a signature."""
        try:
            outputs = self._servable(request.model_spec).run(
                request.model_spec.signature_name,
                {k: tf.make_ndarray(v) for k, v in request.inputs.items()},
            )
        except Refused as error:
            context.abort(grpc.StatusCode[error.code], error.message)
        return predict_pb2.PredictResponse(
            outputs={k: tf.make_tensor_proto(v) for k, v in outputs.items()}
        )

    def GetModelMetadata(self, request, context):
        """The signatures, packed as the server packs them."""
        if list(request.metadata_field) != ["signature_def"]:
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                "Metadata field is not supported",
            )
        try:
            servable = self._servable(request.model_spec)
        except Refused as error:
            context.abort(grpc.StatusCode[error.code], error.message)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.metadata["signature_def"].Pack(
            get_model_metadata_pb2.SignatureDefMap(
                signature_def=servable.definitions
            )
        )
        return response

    def _servable(self, spec) -> Servable:
        version = spec.version.value if spec.HasField("version") else None
        return self.models.find(spec.name, version, spec.version_label)
