"""What an objective is."""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from tfvae import schedules
from tfvae.data import Dataset
from tfvae.objectives.companion import Companion
from tfvae.registry import Registry
from tfvae.variational import Forward

OBJECTIVES = Registry("objective")


@dataclasses.dataclass(frozen=True)
class Objective:
    """Base class: `objective(forward, step)` gives the terms of the loss.

    A subclass is a frozen dataclass. A field whose default is a schedule takes
    a number, `"start:stop:steps"`, a dict or any callable of the step.

    Attributes:
        terms: the keys of the dict that a call returns; the first is "loss".
    """

    terms: ClassVar[tuple[str, ...]] = ("loss", "nll", "kl")

    def __post_init__(self):
        for name in self.schedule_names():
            value = schedules.get(getattr(self, name))
            object.__setattr__(self, name, value)

    @classmethod
    def schedule_names(cls) -> list[str]:
        """The fields that are schedules."""
        return [
            field.name
            for field in dataclasses.fields(cls)
            if type(field.default) in schedules.SCHEDULES.classes()
        ]

    def schedules(self, step) -> dict[str, tf.Tensor]:
        """The value of every schedule at a step, by field name."""
        return {
            name: getattr(self, name)(step) for name in self.schedule_names()
        }

    def for_dataset(self, size: int, batch_size: int = 64) -> "Objective":
        """The objective for a data set of `size` images, where that matters.

        Raises:
            ValueError: if it cannot work with such a data set and batch size.
        """
        return self

    def seen(self, dataset: Dataset) -> Dataset:
        """The data set that training draws its batches from.

        Raises:
            ValueError: if the objective cannot learn from it.
        """
        return dataset

    def adapted(
        self, mean: tf.Tensor, log_var: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """The posterior that training draws from, in place of the encoder's.

        Args:
            mean: of q(z|x), `[B, D]`.
            log_var: natural logarithm of its variance, `[B, D]`.
        """
        return mean, log_var

    def companion(self, latent_dim: int) -> Companion | None:
        """What it learns or remembers beside the model, new; None for nothing.

        The model hands it back as `forward.companion`.
        """
        return None

    def __call__(self, forward: Forward, step) -> dict[str, tf.Tensor]:
        """The terms, in nats per image.

        Args:
            forward: one pass over this replica's share of the batch.
            step: training steps done before this one (`optimizer.iterations`).

        Returns:
            A dict with the keys `terms`; each value `[B]` or `[]`. The model
            minimises the mean of "loss" over the global batch.
        """
        raise NotImplementedError
