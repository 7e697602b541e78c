"""Active units."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric


@metric(fast=True, resampled=EVERY)
def active_units(
    codes: np.ndarray, *, threshold: float = 0.01
) -> dict[str, Any]:
    """How many codes move with the image; Burda et al. (2016).

        number of codes with Var_x(E[z | x]) > threshold

    The paper's threshold is for a prior of unit variance. Codes that are
    scaled otherwise need another.

    Args:
        codes: posterior means, `[N, D]`, one row an image.
        threshold: of the variance.

    Returns:
        "active_units": how many, a float. "variances": of the codes, `[D]`.
        "active": which, bool `[D]`.

    Raises:
        ValueError: on codes that are not `[N, D]` with 2 rows, a NaN, or a
            negative threshold.

    >>> active_units([[-1.0, 0.0, 0.05], [1.0, 0.0, -0.05]])["active_units"]
    1.0
    """
    if threshold < 0:
        raise ValueError(
            "Argument `threshold` must not be negative. "
            f"Received: threshold={threshold}"
        )
    variances = checks.checked_codes(codes).var(axis=0)
    active = variances > threshold
    return {
        "active_units": float(active.sum()),
        "variances": variances,
        "active": active,
    }
