"""Exported models, called by signature as a server would call them."""

import dataclasses
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2


class Refused(Exception):
    """A request that a server refuses.

    Attributes:
        code: name of the status, such as "INVALID_ARGUMENT".
        message: what a server says.
    """

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


def signature_definitions(path: Path) -> dict:
    """`SignatureDef` by name, as the file has them."""
    saved = saved_model_pb2.SavedModel.FromString(
        (path / "saved_model.pb").read_bytes()
    )
    return dict(saved.meta_graphs[0].signature_def)


class Servable:
    """One version of a model."""

    def __init__(self, path: Path):
        self.definitions = signature_definitions(path)
        self.loaded = tf.saved_model.load(str(path))

    def definition(self, name: str):
        """The `SignatureDef` of a name; "" is the default one."""
        name = name or "serving_default"
        if name not in self.definitions:
            raise Refused(
                "INVALID_ARGUMENT",
                f'Serving signature name: "{name}" not found in signature def',
            )
        return self.definitions[name]

    def run(
        self, name: str, inputs: dict[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Call a signature: names and types must fit, nothing is cast."""
        expected = self.definition(name).inputs
        if expected.keys() != inputs.keys():
            raise Refused(
                "INVALID_ARGUMENT",
                f"input size does not match signature: {sorted(inputs)}",
            )
        for key, value in inputs.items():
            dtype = tf.dtypes.as_dtype(expected[key].dtype)
            if tf.dtypes.as_dtype(value.dtype) != dtype:
                raise Refused(
                    "INVALID_ARGUMENT",
                    f"Expects {key} to be {dtype.name} but {value.dtype} is "
                    "provided",
                )
        tensors = {key: tf.constant(value) for key, value in inputs.items()}
        try:
            outputs = self.loaded.signatures[name or "serving_default"](
                **tensors
            )
        except tf.errors.InvalidArgumentError as error:
            raise Refused("INVALID_ARGUMENT", error.message) from error
        return {key: value.numpy() for key, value in outputs.items()}


@dataclasses.dataclass
class Models:
    """Versions of one model.

    Attributes:
        name: of the model.
        paths: version -> its directory.
        labels: label -> version.
        asked: the versions that requests were for.
    """

    name: str
    paths: dict[int, Path]
    labels: dict[str, int]
    asked: list[int] = dataclasses.field(default_factory=list)

    def __post_init__(self):
        loaded = {path: Servable(path) for path in set(self.paths.values())}
        self.servables = {v: loaded[p] for v, p in self.paths.items()}

    def find(
        self, name: str, version: int | None = None, label: str | None = None
    ) -> Servable:
        """The version that a request is for; the newest by default."""
        if label and label not in self.labels:
            raise Refused(
                "INVALID_ARGUMENT",
                f"Unrecognized servable version label: {label}",
            )
        wanted = self.labels[label] if label else version
        if wanted is None:
            wanted = max(self.servables)
        if name != self.name or wanted not in self.servables:
            raise Refused(
                "NOT_FOUND",
                f"Servable not found for request: Specific({name}, {wanted})",
            )
        self.asked.append(wanted)
        return self.servables[wanted]
