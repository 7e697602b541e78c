"""ControlVAE: beta steered so that the KL follows a set point."""

from dataclasses import dataclass

import tensorflow as tf

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.objectives.companion import Memory
from tfvae.replicas import global_mean
from tfvae.schedules import Linear
from tfvae.schedules import Schedule


@dataclass(frozen=True)
class Steered(Objective):
    """Base class: the loss with a beta that a controller remembers."""

    terms = ("loss", "nll", "kl", "beta", "capacity")

    capacity: Schedule = Linear(0.5, 18.0, steps=583_333)
    kp: float = 0.01
    ki: float = 0.001
    beta_min: float = 1.0

    def remember(self, forward, step) -> dict[str, tf.Tensor]:
        """beta of this step, and what else the next one needs."""
        raise NotImplementedError

    def __call__(self, forward, step):
        nll, kl, c = (
            forward.nll(),
            forward.kl(),
            self.capacity(step),
        )  # [B], [B], []
        beta = tf.maximum(self.remember(forward, step)["beta"], self.beta_min)
        loss = nll + beta * kl
        return {"loss": loss, "nll": nll, "kl": kl, "beta": beta, "capacity": c}


@OBJECTIVES.register("control")
@dataclass(frozen=True)
class Control(Steered):
    """ControlVAE; Shao et al. (2020), eq. 6 and algorithm 1.

        loss = -E_q[log p(x|z)] + beta(t) KL(q(z|x) || p(z))
        beta(t) = kp / (1 + exp(e)) - ki sum_t e + beta_min,    e = C - KL

    and at least beta_min. The KL is the mean over the global batch. While beta
    is below beta_min the sum stands still, so that it does not wind up. The
    authors raise C by 0.15 nats every 5,000 steps, here it rises evenly; kp, ki
    and C are theirs for dSprites.

    Attributes:
        capacity: C, the KL that is wanted, in nats.
        kp: gain of the error.
        ki: gain of its sum.
        beta_min: the least beta.

    >>> Control(capacity=18).kp
    0.01
    """

    def companion(self, latent_dim):
        return Memory(self, beta=self.beta_min, integral=0.0)

    def remember(self, forward, step) -> dict[str, tf.Tensor]:
        """beta of this step before it is limited, and the sum after it."""
        last = forward.companion
        kl = tf.stop_gradient(global_mean(forward.kl()))
        error = self.capacity(step) - kl
        wound_up = last["beta"] < self.beta_min
        integral = last["integral"] - tf.where(wound_up, 0.0, self.ki * error)
        beta = self.kp * tf.sigmoid(-error) + integral + self.beta_min
        return {"beta": beta, "integral": integral}
