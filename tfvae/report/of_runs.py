"""The page that sets several runs side by side."""

from pathlib import Path
from typing import Any

from tfvae import drawing
from tfvae import evaluation
from tfvae import figures
from tfvae.comparing import RunViews
from tfvae.report import page
from tfvae.report import scores
from tfvae.training.files import replacing

CONDITIONS = ("images", "sample", "seed", "symmetric")
MEASURED = {"kl": "KL, nats", "nll": "reconstruction, nats", "mig": "MIG"}


def write_comparison(views: RunViews, path: Path) -> Path:
    """Write one HTML file that compares runs.

    Args:
        views: the runs.
        path: the file; its folder is made.

    Returns:
        The file.
    """
    drawn, missing = drawing.draw_all(figures.COMPARISONS, views)
    text = page.render(
        "comparison.html",
        names=views.run_names,
        pictures=[
            page.picture(figures.COMPARISONS[name], page.png(figure))
            for name, figure in drawn.items()
        ],
        missing=missing,
        differences=differences(views.params),
        measured=_measured(views.measured, views.finished),
        scores=_scores(views.evaluations),
    )
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def differences(params: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The parameters that are not the same in all runs, with their values.

    >>> one, two = {"seed": 0, "steps": 9}, {"seed": 1, "steps": 9}
    >>> differences([{"nested": one}, {"nested": two}])
    {'nested seed': ['0', '1']}
    """
    flat = [_flat(own) for own in params]
    keys = dict.fromkeys(key for own in flat for key in own)
    rows = {key: [own.get(key, "") for own in flat] for key in keys}
    return {key: values for key, values in rows.items() if len({*values}) > 1}


def _flat(params: dict[str, Any]) -> dict[str, str]:
    """Nested settings under all their names, as texts."""
    flat = {}
    for key, value in params.items():
        if isinstance(value, dict):
            inner = _flat(value).items()
            flat |= {f"{key} {name}": text for name, text in inner}
        else:
            flat[key] = str(value)
    return flat


def _measured(
    measured: list[dict[str, Any]], finished: list[bool]
) -> dict[str, list[str]]:
    rows = {
        label: [scores.number(own[key]) for own in measured]
        for key, label in MEASURED.items()
        if all(key in own for own in measured)
    }
    active = [f"{len(own['active'])}" for own in measured]
    latents = ["; ".join(evaluation.describe_latents(own)) for own in measured]
    ends = ["finished" if end else "newest checkpoint" for end in finished]
    return {
        "weights": ends,
        **rows,
        "active latents": active,
        "latents": latents,
    }


def _scores(evaluations: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Rows of the numbers that any run has, each with its interval, after how
    they were measured."""
    tables = [
        {key: str(own[key]) for key in CONDITIONS if key in own}
        | {
            score.label: f"{score.value} ({score.interval})"
            if score.interval
            else score.value
            for score in scores.scores(own)
        }
        for own in evaluations
    ]
    labels = dict.fromkeys(label for table in tables for label in table)
    return {
        label: [table.get(label, "") for table in tables] for label in labels
    }
