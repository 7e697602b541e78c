"""What exported models are asked: right, wrong, and the warmup requests."""

from pathlib import Path

import numpy as np
import tensorflow as tf

import tfvae
from tests.serving.loading import Arrays
from tests.serving.loading import Question
from tfvae.serving.signatures import signatures

WARMUP = Path("assets.extra") / "tf_serving_warmup_requests"
BATCHES = (1, 3)
LARGEST_BATCH = 4  # of the warmup
STEPS = 5  # of a traversal


def inputs_of(model: tfvae.VAE, batch: int) -> Arrays:
    """A batch for each name of an input; a smaller one is its beginning."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, [batch, *model.image_shape], np.uint8)
    return {
        "image": pixels.astype("float32") / np.float32(255),
        "pixels": pixels,
        "image_bytes": files(pixels),
        "z": normal(1, [batch, model.latent_dim]),
        "seed": np.stack([np.full(batch, 7), np.arange(batch)], 1).astype("i4"),
        "dim": (np.arange(batch) % model.latent_dim).astype("i4"),
        "values": normal(2, [batch, STEPS]),
    }


def normal(seed: int, shape: list[int]) -> np.ndarray:
    """Normal numbers; the first rows of more are these."""
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def files(pixels: np.ndarray) -> np.ndarray:
    """Images as PNG files, an array of bytes."""
    return np.array([tf.io.encode_png(one).numpy() for one in pixels], object)


def right(model: tfvae.VAE) -> dict[str, Question]:
    """Every signature at every batch size."""
    asked = {}
    for batch in BATCHES:
        values = inputs_of(model, batch)
        for name, signature in signatures(model).items():
            inputs = {spec.name: values[spec.name] for spec in signature.inputs}
            if name == "encode_uint8":
                inputs = {"image": values["pixels"]}
            asked[f"{name} {batch}"] = Question(name, inputs)
    return asked


def wrong(model: tfvae.VAE) -> dict[str, Question]:
    """Inputs of a wrong rank, size, type or content."""
    values = inputs_of(model, 1)
    image, pixels, z = values["image"], values["pixels"], values["z"]
    way = {"z": z, "dim": values["dim"], "values": values["values"]}
    asked = {
        "encode rank": Question("encode", {"image": image[0]}),
        "encode rank 1": Question("encode", {"image": image.ravel()}),
        "encode size": Question("encode", {"image": image[:, ::2, :]}),
        # as many numbers, which a dense layer would take
        "encode turned": Question(
            "encode", {"image": image.reshape(1, -1, 8, image.shape[-1])}
        ),
        "encode type": Question("encode", {"image": pixels}),
        "reconstruct size": Question("reconstruct", {"image": image[:, 1:]}),
        "serving_default rank": Question("serving_default", {"image": z}),
        "encode_uint8 size": Question("encode_uint8", {"image": pixels[:, 1:]}),
        "encode_uint8 type": Question("encode_uint8", {"image": image}),
        "decode rank": Question("decode", {"z": z[0]}),
        "decode size": Question("decode", {"z": z[:, 1:]}),
        "decode type": Question("decode", {"z": z.astype("i4")}),
        "sample size": Question("sample", {"seed": np.zeros([1, 3], "i4")}),
        "sample type": Question("sample", {"seed": np.zeros([1, 2], "f4")}),
        "traverse no such latent": Question(
            "traverse", {**way, "dim": np.array([model.latent_dim], "i4")}
        ),
        "traverse negative latent": Question(
            "traverse", {**way, "dim": np.array([-1], "i4")}
        ),
        "traverse rank": Question("traverse", {**way, "values": z[0]}),
        "traverse other batch": Question(
            "traverse", {**way, "dim": np.zeros(2, "i4")}
        ),
        # which would broadcast
        "traverse more values": Question(
            "traverse", {**way, "values": np.zeros([3, STEPS], "f4")}
        ),
        "traverse more z": Question(
            "traverse", {**way, "z": np.repeat(z, 3, axis=0)}
        ),
    }
    if "encode_png" in signatures(model):
        asked |= {
            "encode_png size": Question(
                "encode_png", {"image_bytes": files(pixels[:, 1:])}
            ),
            "encode_png no image": Question(
                "encode_png", {"image_bytes": np.array([b"none"], object)}
            ),
        }
    return asked


def warmup(directory: Path) -> dict[str, Question]:
    """The requests of the warmup file."""
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog

    asked = {}
    for record in tf.data.TFRecordDataset(str(directory / WARMUP)):
        log = PredictionLog.FromString(record.numpy())
        request = log.predict_log.request
        inputs = {k: tf.make_ndarray(v) for k, v in request.inputs.items()}
        name = request.model_spec.signature_name
        batch = {len(array) for array in inputs.values()}.pop()
        asked[f"warmup {name} {batch}"] = Question(name, inputs)
    return asked


def questions(model: tfvae.VAE, directory: Path) -> dict[str, Question]:
    """All of them, by names of their own."""
    return {**right(model), **wrong(model), **warmup(directory)}
