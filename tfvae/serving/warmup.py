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
                file.write(_record(model, name, batch_size))


def _record(model: keras.Model, name: str, batch_size: int) -> bytes:
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog

    log = PredictionLog()
    request = log.predict_log.request
    request.model_spec.name = MODEL
    request.model_spec.signature_name = name
    for spec in signatures(model)[name].inputs:
        free = [STEPS if side is None else side for side in spec.shape[1:]]
        request.inputs[spec.name].CopyFrom(
            _constant(_value(model, spec.dtype), [batch_size, *free])
        )
    return log.SerializeToString(deterministic=True)


def _value(model: keras.Model, dtype: tf.DType) -> np.ndarray | bytes:
    """A zero, or a black image as a file."""
    if dtype == tf.string:
        return tf.io.encode_png(tf.zeros(model.image_shape, tf.uint8)).numpy()
    return dtype.as_numpy_dtype(0)


def _constant(value: np.ndarray | bytes, shape: list[int]):
    """A tensor of one value, which is stored once."""
    return tf.make_tensor_proto([value], shape=shape)
