"""The model card: what somebody who is handed a model wants to know."""

from collections.abc import Mapping
from typing import Any

import jinja2

from tfvae import evaluation
from tfvae.report import page
from tfvae.report import scores
from tfvae.views import Views

TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("tfvae.serving"),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
)
TEMPLATES.filters |= {"text": page.text, "number": scores.number}
SETTINGS = (
    "dataset",
    "steps",
    "batch_size",
    "precision",
    "seed",
    "command",
    "source",
    "versions",
)


def model_card(
    known: Mapping[str, Any],
    params: Mapping[str, Any],
    measured: Mapping[str, Any],
) -> str:
    """The card as Markdown.

    Args:
        known: what `tfvae.serving.about` says of the model.
        params: of the run; empty if unknown.
        measured: what `metrics.json` of the run has; empty if unknown.
    """
    return TEMPLATES.get_template("MODEL_CARD.md").render(
        known=known,
        settings={k: params[k] for k in SETTINGS if params.get(k) is not None},
        summary=summary(measured) if "kl" in measured else [],
        active=evaluation.ACTIVE,
        held=f"{1 - 2 * Views.TAIL:.0%}",
        scores=scores.scores(measured.get("evaluation", {})),
    )


def summary(measured: Mapping[str, Any]) -> list[str]:
    """What was measured in words, but for what each latent does."""
    lines = evaluation.describe(measured).splitlines()
    return [line for line in lines if not line.startswith(" ")]
