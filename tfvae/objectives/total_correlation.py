"""beta-TCVAE: the KL taken apart, each part at its own price."""

import dataclasses
from dataclasses import dataclass

from tfvae import aggregate
from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.schedules import Constant
from tfvae.schedules import Schedule


@OBJECTIVES.register("TC")
@dataclass(frozen=True)
class TC(Objective):
    """beta-TCVAE; Chen et al. (2018), eq. 4.

        loss = -E_q[log p(x|z)] + alpha I_q(z; n)
               + beta KL(q(z) || prod_d q(z_d))
               + gamma sum_d KL(q(z_d) || p(z_d))

    With alpha = beta = gamma = 1 the three sum to log q(z|x) - log p(z), the
    one-sample KL, whatever the estimator of q(z).

    Attributes:
        estimator: "MWS" or "MSS", see `tfvae.aggregate`; or "exact" when every
            batch is the whole data set.
        dataset_size: N, images in the data set; training fills it in.

    >>> TC(beta=6, dataset_size=737_280).estimator
    'MWS'
    """

    terms = ("loss", "nll", "kl", "mi", "tc", "dwkl")

    alpha: Schedule = Constant(1.0)
    beta: Schedule = Constant(6.0)
    gamma: Schedule = Constant(1.0)
    estimator: str = "MWS"
    dataset_size: int | None = None

    def __post_init__(self):
        super().__post_init__()
        aggregate.check_estimator(self.estimator)
        if self.dataset_size is not None and self.dataset_size < 1:
            raise ValueError(
                "Argument `dataset_size` must be > 0. "
                f"Received: dataset_size={self.dataset_size}"
            )

    def for_dataset(self, size, batch_size=64):
        aggregate.check_batch_size(self.estimator, batch_size, size)
        if self.dataset_size is not None:
            return self
        return dataclasses.replace(self, dataset_size=size)

    def __call__(self, forward, step):
        if self.dataset_size is None:
            raise ValueError(
                "TC needs the number of images in the data set: "
                "TC(dataset_size=N). Received: dataset_size=None"
            )
        log_qz, log_prod_qz = aggregate.log_aggregate_posterior(
            forward, self.estimator, self.dataset_size
        )
        alpha, beta, gamma = self.alpha(step), self.beta(step), self.gamma(step)
        nll, kl = forward.nll(), forward.kl()  # [B], as are all below
        mi = forward.posterior.log_prob(forward.z) - log_qz
        tc = log_qz - log_prod_qz
        dwkl = log_prod_qz - forward.prior.log_prob(forward.z)
        loss = nll + alpha * mi + beta * tc + gamma * dwkl
        return {
            "loss": loss,
            "nll": nll,
            "kl": kl,
            "mi": mi,
            "tc": tc,
            "dwkl": dwkl,
        }
