"""Controlled capacity: the KL held at, or below, a quantity C that grows."""

from dataclasses import dataclass

import tensorflow as tf

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.registry import unknown_name
from tfvae.replicas import global_mean
from tfvae.schedules import Constant
from tfvae.schedules import Linear
from tfvae.schedules import Schedule

CONSTRAINTS = ("batch", "image")


@OBJECTIVES.register("B")
@dataclass(frozen=True)
class B(Objective):
    """Controlled-capacity beta-VAE; Burgess et al. (2018), eq. 8.

        loss = -E_q[log p(x|z)] + gamma |KL(q(z|x) || p(z)) - C|

    The KL is the mean over the global batch, as in every public
    implementation: it is the average rate that is held at C. With
    `constraint="image"` it is that of each image, as the equation reads: the
    rate of every image is held at C.

    >>> B(capacity="0:20:1000").gamma
    Constant(value=1000.0)
    """

    terms = ("loss", "nll", "kl", "capacity")

    gamma: Schedule = Constant(1000.0)
    capacity: Schedule = Linear(0.0, 25.0, steps=100_000)
    constraint: str = "batch"

    def __post_init__(self):
        super().__post_init__()
        if self.constraint not in CONSTRAINTS:
            raise unknown_name("constraint", self.constraint, CONSTRAINTS)

    def __call__(self, forward, step):
        nll, kl, c = (
            forward.nll(),
            forward.kl(),
            self.capacity(step),
        )  # [B], [B], []
        rate = kl if self.constraint == "image" else global_mean(kl)
        loss = nll + self.gamma(step) * tf.abs(rate - c)
        return {"loss": loss, "nll": nll, "kl": kl, "capacity": c}


@OBJECTIVES.register("hinge")
@dataclass(frozen=True)
class Hinge(Objective):
    """Capacity as a ceiling; Li (2020), "Understanding disentangling in
    beta-VAE: summary and discussion", sec. 2.3.

        loss = -E_q[log p(x|z)] + gamma max(0, KL(q(z|x) || p(z)) - C)

    Below C nothing pays the model to inflate the KL.

    >>> Hinge(gamma=100).capacity
    Linear(start=0.0, stop=25.0, steps=100000)
    """

    terms = ("loss", "nll", "kl", "capacity")

    gamma: Schedule = Constant(1000.0)
    capacity: Schedule = Linear(0.0, 25.0, steps=100_000)

    def __call__(self, forward, step):
        nll, kl, c = (
            forward.nll(),
            forward.kl(),
            self.capacity(step),
        )  # [B], [B], []
        loss = nll + self.gamma(step) * tf.nn.relu(global_mean(kl) - c)
        return {"loss": loss, "nll": nll, "kl": kl, "capacity": c}
