"""The VAE and beta-VAE: the KL at a price."""

from dataclasses import dataclass

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.schedules import Constant
from tfvae.schedules import Schedule


@OBJECTIVES.register("VAE")
@dataclass(frozen=True)
class VAE(Objective):
    """The evidence lower bound; Kingma & Welling (2014), eq. 3.

        loss = -E_q[log p(x|z)] + KL(q(z|x) || p(z))

    >>> VAE().terms
    ('loss', 'nll', 'kl')
    """

    def __call__(self, forward, step):
        nll, kl = forward.nll(), forward.kl()  # [B], [B]
        loss = nll + kl
        return {"loss": loss, "nll": nll, "kl": kl}


@OBJECTIVES.register("H")
@dataclass(frozen=True)
class H(Objective):
    """beta-VAE; Higgins et al. (2017), eq. 4.

        loss = -E_q[log p(x|z)] + beta KL(q(z|x) || p(z))

    >>> H(beta="60:3:1000").beta
    Linear(start=60.0, stop=3.0, steps=1000)
    """

    beta: Schedule = Constant(4.0)

    def __call__(self, forward, step):
        nll, kl, beta = (
            forward.nll(),
            forward.kl(),
            self.beta(step),
        )  # [B], [B], []
        loss = nll + beta * kl
        return {"loss": loss, "nll": nll, "kl": kl}
