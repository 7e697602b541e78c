"""Requests that the server answers once before it takes a model into use."""

import importlib.util
from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfvae.serving.signatures import signatures

FILE = "tf_serving_warmup_requests"
MODEL = "model"  # the server does not compare it with the name it serves by
STEPS = 9  # of a traversal


def check_installed() -> None:
    """Raise `ValueError` without tensorflow-serving-api."""
    if importlib.util.find_spec("tensorflow_serving") is None:
        raise ValueError(
            "Warmup requests need tensorflow-serving-api; install it with "
            "`pip install 'tfvae[serving]'`, or do without them. "
            "Received: warmup=True"
        )


def write_warmup(
    directory: Path, model: keras.Model, batch_sizes: Iterable[int]
) -> None:
    """Write a request for every signature at every batch size.

    Args:
        directory: `assets.extra` of the version; TFRecords of `PredictionLog`
            go into the file that the server looks for in it.
        model: a `tfvae.VAE`.
        batch_sizes: of the requests.
    """
    with tf.io.TFRecordWriter(str(directory / FILE)) as file:
        for batch_size in sorted({*batch_sizes}):
            for name in signatures(model):
                inputs = example(model, name, batch_size)
                file.write(_record(name, inputs))


def example(
    model: keras.Model, name: str, batch_size: int
) -> dict[str, np.ndarray]:
    """Zeros, or black images, as the inputs of a signature by name.

    Args:
        model: a `tfvae.VAE`.
        name: of the signature.
        batch_size: first dimension of every input.
    """
    return {
        spec.name: _values(model, spec, batch_size)
        for spec in signatures(model)[name].inputs
    }


def _values(
    model: keras.Model, spec: tf.TensorSpec, batch_size: int
) -> np.ndarray:
    if spec.dtype == tf.string:
        black = tf.zeros(model.image_shape, tf.uint8)
        return np.array([tf.io.encode_png(black).numpy()] * batch_size)
    shape = [batch_size, *(STEPS if n is None else n for n in spec.shape[1:])]
    return np.zeros(shape, spec.dtype.as_numpy_dtype)


def _record(name: str, inputs: dict[str, np.ndarray]) -> bytes:
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog

    log = PredictionLog()
    request = log.predict_log.request
    request.model_spec.name = MODEL
    request.model_spec.signature_name = name
    for alias, value in inputs.items():
        request.inputs[alias].CopyFrom(tf.make_tensor_proto(value))
    return log.SerializeToString(deterministic=True)
