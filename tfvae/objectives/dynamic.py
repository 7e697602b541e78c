"""DynamicVAE: beta steered in steps, from a smoothed KL, also below 1."""

from dataclasses import dataclass

import tensorflow as tf

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.objectives.companion import Companion
from tfvae.replicas import global_mean
from tfvae.schedules import Linear
from tfvae.schedules import Schedule


class IncrementalController(Companion):
    """The state of an incremental proportional-integral controller of beta.

    Args:
        objective: whose `control` it remembers the results of.
    """

    def __init__(self, objective: "Dynamic"):
        super().__init__()
        self.objective = objective
        # all replicas come to the same values
        shared = {"aggregation": "only_first_replica", "trainable": False}
        self.beta = self.add_weight((), "zeros", name="beta", **shared)
        self.beta.assign(objective.beta_start)
        self.kl = self.add_weight((), "zeros", name="kl", **shared)
        self.error = self.add_weight((), "zeros", name="error", **shared)
        self.steps = self.add_weight((), "zeros", name="steps", **shared)

    def learn(self, forward, second, step, seed):
        beta, kl, error = self.objective.control(forward, step)
        self.beta.assign(beta)
        self.kl.assign(kl)
        self.error.assign(error)
        self.steps.assign_add(1.0)


@OBJECTIVES.register("dynamic")
@dataclass(frozen=True)
class Dynamic(Objective):
    """DynamicVAE; Shao et al. (2022, "Rethinking controllable variational
    autoencoders").

        loss = -E_q[log p(x|z)] + beta(t) KL(q(z|x) || p(z))
        beta(t) = beta(t-1) + kp [s(-e(t)) - s(-e(t-1))] - ki e(t)
        s(e) = 1 / (1 + exp(-e)),    e = C - KL

    and at least beta_min, which may be below 1. The KL is a mean over the
    global batch, averaged over the last steps: evenly over the first `window`,
    then with weights that fall exponentially. beta starts high and is changed
    step by step, so that nothing winds up and the KL comes to C from below. The
    gains are ours; their annealing of C is the schedule `capacity`.

    Attributes:
        capacity: C, the KL that is wanted, in nats.
        kp: gain of the change of the error.
        ki: gain of the error.
        beta_start: the first beta.
        beta_min: the least beta.
        window: steps that the KL is averaged over.

    >>> Dynamic(beta_start=20).beta_min
    0.1
    """

    terms = ("loss", "nll", "kl", "beta", "capacity")

    capacity: Schedule = Linear(0.5, 18.0, steps=583_333)
    kp: float = 0.01
    ki: float = 0.001
    beta_start: float = 100.0
    beta_min: float = 0.1
    window: float = 5.0

    def companion(self, latent_dim):
        return IncrementalController(self)

    def control(self, forward, step) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """beta of this step, the averaged KL, and the error."""
        state = forward.companion
        kl = tf.stop_gradient(global_mean(forward.kl()))
        kl = state.kl + (kl - state.kl) / tf.minimum(
            state.steps + 1, self.window
        )
        error = self.capacity(step) - kl
        last = tf.where(state.steps > 0, state.error, error)
        change = self.kp * (tf.sigmoid(-error) - tf.sigmoid(-last))
        beta = tf.maximum(state.beta + change - self.ki * error, self.beta_min)
        return beta, kl, error

    def __call__(self, forward, step):
        nll, kl, c = (
            forward.nll(),
            forward.kl(),
            self.capacity(step),
        )  # [B], [B], []
        beta, _, _ = self.control(forward, step)
        loss = nll + beta * kl
        return {"loss": loss, "nll": nll, "kl": kl, "beta": beta, "capacity": c}
