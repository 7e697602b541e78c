"""What every metric asks of its arrays."""

import numpy as np


def checked(codes, factors) -> tuple[np.ndarray, np.ndarray]:
    """Codes as float64 `[N, D]` and factors as `[N, K]`, as metrics need them.

    Raises:
        ValueError: on arrays that do not match, a NaN, or a factor with one
            value.
    """
    codes, factors = np.asarray(codes), np.asarray(factors)
    if (
        codes.ndim != 2
        or factors.ndim != 2
        or len(codes) != len(factors)
        or 0 in codes.shape + factors.shape
    ):
        raise ValueError(
            "Codes must be [N, D] and factors [N, K] with the same N, none 0. "
            f"Received: codes {codes.shape}, factors {factors.shape}"
        )
    if not np.isfinite(codes).all():
        raise ValueError("Codes must be finite. Received: NaN or infinity")
    if factors.dtype.kind == "f" and np.isnan(factors).any():
        raise ValueError("Factors must be values. Received: NaN")
    for column, factor in enumerate(factors.T):
        if factor.min() == factor.max():
            raise ValueError(
                "A factor must take at least 2 values. "
                f"Received: factor {column} is always {factor[0]}"
            )
    return codes.astype(np.float64), factors


def checked_codes(codes) -> np.ndarray:
    """Codes as float64 `[N, D]`, for metrics that need no factors.

    Raises:
        ValueError: if they are not `[N, D]` with 2 rows, or on a NaN.
    """
    codes = np.asarray(codes, np.float64)
    if codes.ndim != 2 or len(codes) < 2 or not codes.shape[1]:
        raise ValueError(
            "Codes must be [N, D] with at least 2 rows and a column. "
            f"Received: codes {codes.shape}"
        )
    if not np.isfinite(codes).all():
        raise ValueError("Codes must be finite. Received: NaN or infinity")
    return codes


def checked_posteriors(means, log_vars) -> tuple[np.ndarray, np.ndarray]:
    """Means and log variances of Gaussian posteriors, float32 `[N, D]`.

    Raises:
        ValueError: on arrays that do not match, or a NaN.
    """
    means, log_vars = (np.asarray(a, np.float32) for a in (means, log_vars))
    if means.ndim != 2 or means.shape != log_vars.shape or not means.size:
        raise ValueError(
            "Means and log variances must both be [N, D]. "
            f"Received: means {means.shape}, log variances {log_vars.shape}"
        )
    if not (np.isfinite(means).all() and np.isfinite(log_vars).all()):
        raise ValueError("Posteriors must be finite. Received: NaN or infinity")
    return means, log_vars


def checked_split(
    train_codes, train_factors, test_codes, test_factors, same_values=True
):
    """The four arrays of a metric that fits on one part and scores another.

    Args:
        train_codes: `[N, D]`.
        train_factors: `[N, K]`.
        test_codes: `[M, D]`.
        test_factors: `[M, K]`.
        same_values: whether both parts must have the same values of each
            factor, as a classifier of values needs.

    Raises:
        ValueError: as `checked` does; where the parts have other columns; or
            where they have not the same values of each factor.
    """
    train_codes, train_factors = checked(train_codes, train_factors)
    test_codes, test_factors = checked(test_codes, test_factors)
    for name, train, test in (
        ("codes", train_codes, test_codes),
        ("factors", train_factors, test_factors),
    ):
        if train.shape[1] != test.shape[1]:
            raise ValueError(
                f"Both parts must have the same {name}. Received: "
                f"{train.shape[1]} in training, {test.shape[1]} in the test"
            )
    for column in range(train_factors.shape[1] if same_values else 0):
        values = train_factors[:, column], test_factors[:, column]
        lacking = np.setxor1d(*values)
        if lacking.size:
            raise ValueError(
                "Every value of a factor must be in both parts. "
                f"Received: factor {column} without {lacking.tolist()} in one"
            )
    return train_codes, train_factors, test_codes, test_factors


def at_least_two_codes(codes: np.ndarray) -> None:
    """A gap is between two codes.

    Raises:
        ValueError: if there is but one.
    """
    if codes.shape[1] < 2:
        raise ValueError(
            "A gap needs at least 2 codes. "
            f"Received: codes of shape {codes.shape}"
        )


def at_least_two_factors(factors: np.ndarray) -> None:
    """Telling factors apart takes two.

    Raises:
        ValueError: if there is but one.
    """
    if factors.shape[1] < 2:
        raise ValueError(
            "Telling factors apart needs at least 2 factors. "
            f"Received: factors of shape {factors.shape}"
        )
