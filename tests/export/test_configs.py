"""The server's configuration files are what it parses."""

import pytest
import tensorflow as tf
from google.protobuf import descriptor_pb2
from google.protobuf import descriptor_pool
from google.protobuf import message_factory
from google.protobuf import text_format
from google.protobuf import wrappers_pb2
from tensorflow_serving.apis import prediction_log_pb2
from tensorflow_serving.config import model_server_config_pb2

from tests.export.pages import EXPORT

# TensorFlow Serving's session_bundle_config.proto and monitoring_config.proto,
# which tensorflow-serving-api does not have, as far as they are used here
MESSAGES = """
name: "tests/export/messages.proto"
package: "tensorflow.serving"
syntax: "proto3"
dependency: "google/protobuf/wrappers.proto"
message_type {
  name: "BatchingParameters"
  field { name: "max_batch_size" number: 1 type: TYPE_MESSAGE
          type_name: ".google.protobuf.Int64Value" }
  field { name: "batch_timeout_micros" number: 2 type: TYPE_MESSAGE
          type_name: ".google.protobuf.Int64Value" }
  field { name: "max_enqueued_batches" number: 3 type: TYPE_MESSAGE
          type_name: ".google.protobuf.Int64Value" }
  field { name: "num_batch_threads" number: 4 type: TYPE_MESSAGE
          type_name: ".google.protobuf.Int64Value" }
  field { name: "allowed_batch_sizes" number: 6 type: TYPE_INT64
          label: LABEL_REPEATED }
}
message_type {
  name: "PrometheusConfig"
  field { name: "enable" number: 1 type: TYPE_BOOL }
  field { name: "path" number: 2 type: TYPE_STRING }
}
message_type {
  name: "MonitoringConfig"
  field { name: "prometheus_config" number: 1 type: TYPE_MESSAGE
          type_name: ".tensorflow.serving.PrometheusConfig" }
}
"""


def message(name: str):
    """An empty message of `MESSAGES`."""
    pool = descriptor_pool.DescriptorPool()
    wrappers = descriptor_pb2.FileDescriptorProto()
    wrappers_pb2.DESCRIPTOR.CopyToProto(wrappers)
    pool.Add(wrappers)
    pool.Add(text_format.Parse(MESSAGES, descriptor_pb2.FileDescriptorProto()))
    found = pool.FindMessageTypeByName(f"tensorflow.serving.{name}")
    return message_factory.GetMessageClass(found)()


def parsed(name: str, into):
    return text_format.Parse((EXPORT / name).read_text(), into)


@pytest.fixture
def served():
    config = parsed(
        "models.config", model_server_config_pb2.ModelServerConfig()
    )
    [served] = config.model_config_list.config
    return served


@pytest.fixture
def batching():
    return parsed("batching.config", message("BatchingParameters"))


def test_the_model_is_where_compose_mounts_it(served):
    assert (served.name, served.base_path) == ("vae", "/models/vae")
    assert served.model_platform == "tensorflow"


def test_labels_are_on_a_version_that_a_first_export_has(served, exported):
    versions = list(served.model_version_policy.specific.versions)
    assert versions == [int(path.name) for path in exported.iterdir()]
    assert served.version_labels.keys() == {"stable", "canary"}
    assert set(served.version_labels.values()) == set(versions)


def test_the_last_allowed_size_is_the_largest(batching):
    sizes = list(batching.allowed_batch_sizes)
    assert sizes == sorted(set(sizes))
    assert sizes[0] == 1
    assert sizes[-1] == batching.max_batch_size.value
    for field in batching.DESCRIPTOR.fields:
        value = getattr(batching, field.name)
        if field.message_type:
            assert value.value > 0, field.name


def test_warmup_is_at_allowed_sizes(batching, exported):
    """The server warms up through the same batching."""
    file = exported / "1" / "assets.extra" / "tf_serving_warmup_requests"
    sizes = set()
    for record in tf.data.TFRecordDataset(str(file)):
        log = prediction_log_pb2.PredictionLog.FromString(record.numpy())
        for tensor in log.predict_log.request.inputs.values():
            sizes.add(tensor.tensor_shape.dim[0].size)
    assert sizes <= set(batching.allowed_batch_sizes)
    assert max(sizes) == batching.max_batch_size.value


def test_metrics_are_where_the_page_says():
    config = parsed("monitoring.config", message("MonitoringConfig"))
    assert config.prometheus_config.enable
    path = config.prometheus_config.path
    assert f"localhost:8501{path}" in (EXPORT / "README.md").read_text()


@pytest.mark.parametrize(
    "text", ["max_batch_size: 32", "allowed_batch_size: 1", "max_batch_size {"]
)
def test_the_messages_refuse_what_the_server_would(text):
    with pytest.raises(text_format.ParseError):
        text_format.Parse(text, message("BatchingParameters"))
