"""Information-theoretic modularity, explicitness and compactness."""

import contextlib
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy.linalg import LinAlgWarning
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import OneHotEncoder
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics import nearest
from tfvae.metrics.base import FEW
from tfvae.metrics.base import metric

QUASI_NEWTON_STEPS = 50


@metric(resampled=FEW)
def infomec(
    codes: np.ndarray,
    factors: np.ndarray,
    *,
    discrete: bool = False,
    neighbors: int = 10,
    active: np.ndarray | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Modularity, compactness and explicitness in terms of information; Hsu et
    al. (2023, "Disentanglement via latent quantization").

    With S = I(code, factor) / H(factor), and D active codes of K factors:

        InfoM = mean over active codes of max_k S / sum_k S, from 1/K to 1
                rescaled to 0 to 1
        InfoC = mean over factors of max_d S / sum_d S, from 1/D to 1 rescaled
        InfoE = mean over factors of 1 - cross-entropy of a logistic
                regression on all codes / cross-entropy of the prior

    I of a continuous code is estimated from nearest neighbours: Ross (2014).
    The regression weighs the values of a factor alike, so that its prior is
    uniform. It has no penalty and is scored on the rows it was fitted to.

    A code is active where its range exceeds a twentieth of the largest range
    (a discrete one: where it varies). This is the reference's rule. It drops a
    code of small scale whatever it knows, and InfoC of that factor is then
    noise; give `active` where scales differ. The reference stops the
    regression after 100 iterations. Here it converges, and InfoE is up to 0.006
    higher on golden cases, more on codes that are nearly collinear, of which
    the reference's depends on the basis.

    A code (or factor) of which S is all 0 counts as if all S were alike. With
    fewer than two active codes InfoC is 0, without any InfoM, too.

    Args:
        codes: `[N, D]`, one row an image.
        factors: discrete, `[N, K]`.
        discrete: whether codes have few values, whose order means nothing.
        neighbors: of the estimator for continuous codes.
        active: bool `[D]`, which codes InfoM and InfoC count.
        seed: of the noise of 1e-10 that tells equal continuous codes apart.

    Returns:
        "infom", "infoc" and "infoe": the scores, at most 1. "nmi": S, `[D, K]`,
        0 for a constant code. "active": bool `[D]`.

    Raises:
        ValueError: on arrays that do not match, a NaN, a single factor, a
            factor with one value, or no neighbour.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> result = infomec(v * 1.0, v, discrete=True)
    >>> [round(result[name], 2) for name in ("infom", "infoc", "infoe")]
    [1.0, 1.0, 1.0]
    """
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_factors(factors)
    active = _active(codes, discrete, active)
    if discrete:
        matrix = information.mutual_information(codes, factors)
    else:
        matrix = nearest.mutual_information(codes, factors, neighbors, seed)
    nmi = matrix / [information.entropy(factor) for factor in factors.T]
    return {
        "infom": _concentration(nmi[active].T),
        "infoc": _concentration(nmi[active]),
        "infoe": _explicitness(codes, factors, discrete),
        "nmi": nmi,
        "active": active,
    }


def _active(codes, discrete: bool, active) -> np.ndarray:
    if active is not None:
        active = np.asarray(active)
        if active.dtype != bool or active.shape != codes.shape[1:]:
            raise ValueError(
                "Argument `active` must be one bool a code. "
                f"Received: active={active} for codes {codes.shape}"
            )
        return active
    ranges = codes.max(axis=0) - codes.min(axis=0)
    return ranges > (0 if discrete else ranges.max() / 20)


def _concentration(shares: np.ndarray) -> float:
    """Mean over columns of largest / sum; 0 if all alike, 1 if one is all."""
    if len(shares) < 2 or not shares.size:
        return 0.0
    alike = 1 / len(shares)
    total = shares.sum(axis=0)
    largest = np.divide(
        shares.max(axis=0),
        total,
        out=np.full_like(total, alike),
        where=total > 0,
    )
    return float((largest.mean() - alike) / (1 - alike))


# a thread a factor; more only wait for one another on matrices this small
@threadpool_limits.wrap(limits=1)
def _explicitness(codes, factors, discrete: bool) -> float:
    encode = OneHotEncoder().fit_transform if discrete else _whitened
    inputs = encode(codes)
    if not inputs.shape[1]:  # all codes are constant
        return 0.0
    with _quiet(), ThreadPoolExecutor() as threads:
        scores = threads.map(lambda f: _share_known(inputs, f), factors.T)
        return float(np.mean(list(scores)))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of steps that were not enough.

    Around all threads, for they share what is ignored.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore",
            f"lbfgs failed to converge after {QUASI_NEWTON_STEPS} ",
            ConvergenceWarning,
        )
        # scikit-learn says so when it falls back on quasi-Newton steps
        warnings.simplefilter("ignore", LinAlgWarning)
        yield


def _share_known(inputs, factor) -> float:
    classifier = _regression(inputs, factor)
    entropy = log_loss(factor, classifier.predict_proba(inputs))
    return 1 - entropy / np.log(len(classifier.classes_))


def _regression(inputs, factor) -> LogisticRegression:
    """Quasi-Newton steps, then Newton's if they were not enough.

    The first are cheap, and all it takes where values can be told apart (there
    Newton's matrix is singular); overlapping values may need hundreds of them,
    but few of Newton's. All but the last are taken in single precision, in
    about half the time.
    """
    classifier = LogisticRegression(
        C=np.inf,
        class_weight="balanced",
        max_iter=QUASI_NEWTON_STEPS,
        warm_start=True,
    )
    for precision in (np.float32, np.float64):
        rows = inputs.astype(precision)
        classifier.fit(rows, factor)
        if classifier.n_iter_.max() >= QUASI_NEWTON_STEPS:
            classifier.set_params(solver="newton-cholesky", max_iter=1000)
            classifier.fit(rows, factor)
    return classifier


def _whitened(codes: np.ndarray) -> np.ndarray:
    """A basis of the codes with the identity for covariance.

    A regression without penalty is the same in every basis, but converges in
    this one in half the time, and in others sometimes not at all.
    """
    standardised = StandardScaler().fit_transform(codes)
    basis, scales, _ = np.linalg.svd(standardised, full_matrices=False)
    smallest = scales[0] * len(codes) * np.finfo(np.float64).eps
    return basis[:, scales > smallest] * np.sqrt(len(codes))
