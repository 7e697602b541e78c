"""The KL of the ELBO, in three parts."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics import posteriors
from tfvae.metrics.base import metric

PARTS = ("mutual_information", "total_correlation", "dimension_wise_kl")


@metric(rows="all")
def elbo_decomposition(
    codes: np.ndarray,
    log_vars: np.ndarray,
    *,
    samples: int = 1000,
    seed: int = 0,
    progress: posteriors.Progress | None = None,
    aggregate: posteriors.Aggregate | None = None,
) -> dict[str, Any]:
    """What the KL pays for; Chen et al. (2018), eq. 2.

        E_n[KL(q(z|x_n) || p(z))] =
            I(z; n)                          index-code mutual information
            + KL(q(z) || prod_d q(z_d))      total correlation
            + sum_d KL(q(z_d) || p(z_d))     dimension-wise KL

    q(z) = 1/N sum_n q(z|x_n) is exact over the N posteriors given; the
    expectation over z is a mean of samples. The mutual information cannot be
    above log N: for a subset of a data set it is the subset's.

    Args:
        codes: posterior means, `[N, D]`.
        log_vars: natural logarithms of the variances, `[N, D]`.
        samples: S, draws from q(z).
        seed: of the draws.
        progress: told how many pairs (sample, posterior) are done, of how
            many.
        aggregate: the draws, if they are made already.

    Returns:
        "mutual_information", "total_correlation", "dimension_wise_kl": in
        nats, with their "standard_errors" of the sampling. "kl": the KL in
        closed form, which the three add up to but for the sampling.
        "latents": the KL of each q(z_d), `[D]`.

    Raises:
        ValueError: on arrays that do not match, or a NaN.

    >>> means = np.array([[-3.0], [3.0]])
    >>> parts = elbo_decomposition(means, np.full([2, 1], -4.0), samples=100)
    >>> round(parts["mutual_information"], 4)  # log 2
    0.6931
    """
    codes, log_vars = checks.checked_posteriors(codes, log_vars)
    if aggregate is None:
        aggregate = posteriors.aggregate(
            codes, log_vars, samples, seed, progress
        )
    z, images, joint, each = aggregate
    own = posteriors.log_density(z, codes[images], log_vars[images])
    prior = posteriors.log_density(z, 0.0, np.zeros(z.shape[1]))
    parts = np.stack(
        [
            own.sum(1) - joint,
            joint - each.sum(1),
            each.sum(1) - prior.sum(1),
        ]
    )
    errors = parts.std(axis=1) / np.sqrt(len(z))
    return {
        **dict(zip(PARTS, parts.mean(axis=1).tolist(), strict=True)),
        "kl": float(_kl(codes, log_vars).sum()),
        "standard_errors": dict(zip(PARTS, errors.tolist(), strict=True)),
        "latents": (each - prior).mean(axis=0),
    }


def _kl(means, log_vars) -> np.ndarray:
    """KL(q(z_d|x) || p(z_d)), mean over images, `[D]`, nats."""
    terms = np.square(means) + np.exp(log_vars) - log_vars - 1
    return terms.mean(axis=0) / 2
