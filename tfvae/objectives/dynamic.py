"""DynamicVAE: beta steered in steps, from a smoothed KL, also below 1."""

from dataclasses import dataclass

import tensorflow as tf

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.companion import Memory
from tfvae.objectives.control import Steered
from tfvae.replicas import global_mean


@OBJECTIVES.register("dynamic")
@dataclass(frozen=True)
class Dynamic(Steered):
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
        beta_min: the least beta.
        beta_start: the first beta.
        window: steps that the KL is averaged over.

    >>> Dynamic(beta_start=20).beta_min
    0.1
    """

    beta_min: float = 0.1
    beta_start: float = 100.0
    window: float = 5.0

    def companion(self, latent_dim):
        return Memory(self, beta=self.beta_start, kl=0.0, error=0.0, steps=0.0)

    def remember(self, forward, step) -> dict[str, tf.Tensor]:
        """beta of this step, the averaged KL, its error, and the steps."""
        last = forward.companion
        kl = tf.stop_gradient(global_mean(forward.kl()))
        steps = last["steps"] + 1
        kl = last["kl"] + (kl - last["kl"]) / tf.minimum(steps, self.window)
        error = self.capacity(step) - kl
        before = tf.where(steps > 1, last["error"], error)
        change = self.kp * (tf.sigmoid(-error) - tf.sigmoid(-before))
        beta = tf.maximum(
            last["beta"] + change - self.ki * error, self.beta_min
        )
        return {"beta": beta, "kl": kl, "error": error, "steps": steps}
