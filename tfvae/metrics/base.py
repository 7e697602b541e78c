"""What a metric is to `tfvae.metrics.evaluate`."""

from collections.abc import Callable

from tfvae.registry import Registry

METRICS = Registry("metric")


def metric(
    *, fast: bool = False, interval: bool = False, rows: str = "sample"
) -> Callable:
    """Decorator that enters a function under its own name.

    `evaluate` fills the arguments by their names: `codes`, `factors`,
    `train_codes`, `train_factors`, `test_codes`, `test_factors`, `log_vars`,
    `nll`, `latent_kl`, `dimensions`, `log_weights` (what `sources.Sources`
    has), and `seed` and `progress` where the function has them. The function
    returns a dict: a float is a score, all else is detail.

    Args:
        fast: whether it belongs to the fast subset: well under a second for
            some thousand images.
        interval: whether `evaluate` runs it again on resampled rows.
        rows: "sample" to get `codes` and `factors` of some thousand images,
            "all" to get those of every encoded image.
    """

    def enter(function):
        function.fast, function.interval = fast, interval
        function.rows = rows
        return METRICS.register(function.__name__)(function)

    return enter
