"""A model on a server, whatever the protocol."""

import abc
import dataclasses
import functools
from typing import Any

import click
import numpy as np

Shapes = dict[str, list[int]]  # name of a tensor -> shape, -1 where free


@dataclasses.dataclass(frozen=True)
class Signature:
    """What a signature takes and gives."""

    inputs: Shapes
    outputs: Shapes


@dataclasses.dataclass(frozen=True)
class Served(abc.ABC):
    """A model on a server.

    Attributes:
        server: where the server is.
        model: the model's name there.
        version: a number; the newest if neither it nor a label is given.
        label: a name for a version, such as "stable".
        timeout: seconds to wait for an answer.
    """

    server: str
    model: str
    version: int | None
    label: str | None
    timeout: float

    @abc.abstractmethod
    def metadata(self) -> dict[str, Signature]:
        """Signatures by name, as the server tells them."""

    @abc.abstractmethod
    def predict(
        self, signature: str, inputs: dict[str, Any]
    ) -> dict[str, np.ndarray]:
        """Call a signature.

        Args:
            signature: its name.
            inputs: arrays, or lists of `bytes`.
        """

    @functools.cached_property
    def signatures(self) -> dict[str, Signature]:
        """`metadata`, asked for once."""
        return self.metadata()

    def signature(self, name: str) -> Signature:
        """The signature `name`.

        Raises:
            click.ClickException: if the model does not have it.
        """
        if name not in self.signatures:
            known = ", ".join(sorted(self.signatures)) or "none"
            raise click.ClickException(
                f"{self.model} has no signature {name}. It has: {known}"
            )
        return self.signatures[name]

    def call(self, name: str, **inputs: Any) -> dict[str, np.ndarray]:
        """`predict`, its answer checked."""
        expected = self.signature(name).outputs
        outputs = self.predict(name, inputs)
        for output in expected:
            if output not in outputs or not np.isfinite(outputs[output]).all():
                raise click.ClickException(
                    f"{self.server} answered {name} without numbers for "
                    f"{output}"
                )
        return outputs

    def input_shape(self, name: str, tensor: str, rank: int) -> list[int]:
        """Shape of an input of the signature `name`.

        Raises:
            click.ClickException: if there is none with as many dimensions.
        """
        shape = self.signature(name).inputs.get(tensor, [])
        if len(shape) != rank:
            raise click.ClickException(
                f"Signature {name} of {self.model} was not exported by tfvae: "
                f"it should take {tensor} with {rank} dimensions. "
                f"Received: {shape}"
            )
        return shape

    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the model's images."""
        _, height, width, channels = self.input_shape("encode", "image", 4)
        return height, width, channels

    def latent_dim(self) -> int:
        """How many latents the model has."""
        return self.input_shape("traverse", "z", 2)[1]
