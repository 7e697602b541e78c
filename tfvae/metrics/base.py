"""What a metric is to `tfvae.metrics.evaluate`."""

from collections.abc import Callable

from tfvae.registry import Registry

METRICS = Registry("metric")

# which share of `evaluate`'s resamples a metric is run on, for its intervals
EVERY, FEW, NONE = 1.0, 0.05, 0.0


def metric(
    *, fast: bool = False, resampled: float = NONE, rows: str = "sample"
) -> Callable:
    """Decorator that enters a function under its own name.

    `evaluate` fills the arguments by their names: `codes`, `factors`,
    `train_codes`, `train_factors`, `test_codes`, `test_factors`, `log_vars`,
    `nll`, `latent_kl`, `dimensions`, `log_weights` (what `sources.Sources`
    has), and `seed`, `progress` and `aggregate` where the function has them.
    The function returns a dict: a float is a score, all else is detail; a
    detail "standard_errors" is what its intervals are made of.

    Args:
        fast: whether it belongs to the fast subset: well under a second for
            some thousand images.
        resampled: `EVERY`, `FEW` (for one that takes seconds) or `NONE` of the
            resamples that intervals are made of.
        rows: "sample" to get `codes` and `factors` of some thousand images,
            "all" to get those of every encoded image.
    """

    def enter(function):
        function.fast, function.resampled = fast, resampled
        function.rows = rows
        return METRICS.register(function.__name__)(function)

    return enter
