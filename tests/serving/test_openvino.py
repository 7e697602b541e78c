"""OpenVINO, which shares no code with TensorFlow, gives the same answers."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from tensorflow.core.protobuf import saved_model_pb2

from tests.serving.questions import inputs_of
from tfvae.serving.signatures import signatures

# half precision rounds at other places
TOLERANCE = {"float32": 1e-5, "float16": 2e-3, "bfloat16": 2e-2}

openvino = pytest.importorskip("openvino")


def only(directory: Path, name: str, copy: Path) -> Path:
    """A copy whose one signature is `name`, as the default: the only one that
    OpenVINO reads."""
    shutil.copytree(directory, copy)
    file = copy / "saved_model.pb"
    saved = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    defs = saved.meta_graphs[0].signature_def
    wanted = type(defs[name]).FromString(defs[name].SerializeToString())
    for other in {*defs} - {"__saved_model_init_op"}:
        del defs[other]
    defs["serving_default"].CopyFrom(wanted)
    file.write_bytes(saved.SerializeToString())
    return copy


@pytest.mark.parametrize(
    "name", ["serving_default", "encode", "encode_uint8", "decode", "traverse"]
)
def test_the_same_answers(exported, answers, tmp_path, name):
    copy = only(exported.directory, name, tmp_path / "copy")
    values = inputs_of(exported.model, 3)
    if name == "encode_uint8":
        values["image"] = values["pixels"]
    compiled = openvino.Core().compile_model(
        openvino.Core().read_model(copy),
        "CPU",
        {"INFERENCE_PRECISION_HINT": "f32"},
    )
    inputs = [spec.name for spec in signatures(exported.model)[name].inputs]
    found = compiled({key: values[key] for key in inputs})
    near = TOLERANCE[exported.model.dtype_policy.compute_dtype]
    for output, value in answers[f"{name} 3"].items():
        np.testing.assert_allclose(found[output], value, rtol=near, atol=near)
