"""The page of one run."""

import shlex
from pathlib import Path
from typing import Any

import keras

from tfvae import drawing
from tfvae import evaluation
from tfvae import figures
from tfvae import metrics
from tfvae.data import Dataset
from tfvae.figures.animation import animate
from tfvae.metrics import encoding
from tfvae.report import page
from tfvae.report import scores
from tfvae.training.files import replacing
from tfvae.training.runs import Run
from tfvae.views import Views

# where a figure stands; one that is not named comes last
SECTIONS = {
    "What each latent does": (
        "traversals",
        "latent_responses",
        "position_tuning",
        "mutual_information",
        "importance_matrix",
        "posterior_overlap",
    ),
    "Images": (
        "reconstructions",
        "factor_traversals",
        "interpolations",
        "prior_samples",
    ),
    "Training": ("kl_paths", "training_curves"),
}
REST = "More figures"
FILM_WIDTH = 400  # pixels
IN_FACTS = ("objective", "versions", "command", "source")


def write_report(
    run: Run, model: keras.Model, dataset: Dataset, seed: int = 0
) -> Path:
    """Write `report.html` of a run, one file with everything in it, and its
    pictures once more under `figures/`.

    The metrics are those that `metrics.json` has of these weights; if it has
    none, the fast ones are measured now.

    Args:
        run: where everything is.
        model: its `tfvae.VAE`.
        dataset: what it was trained on.
        seed: of the images shown, and of what is measured now.

    Returns:
        The file.
    """
    known = run.metrics()
    measured = (
        known
        if "kl" in known
        else evaluation.measure(model, dataset, seed=seed)
    )
    weights = encoding.fingerprint(model)
    evaluated = run.evaluation_of(weights) or metrics.evaluate(
        model, dataset, "fast", seed
    )
    views = Views(model, dataset, run.history(), seed=seed)
    pictures, missing = _pictures(run, views)
    text = page.render(
        "run.html",
        name=run.directory.resolve().name,
        in_shell=shlex.quote(str(run.directory)),
        in_python=repr(str(run.directory)),
        finished=run.model_file.exists(),
        summary=evaluation.describe(measured).splitlines(),
        facts=facts(run.params(), model, dataset),
        command=run.params().get("command"),
        film=_film(run, views),
        sections=_sections(pictures),
        missing=missing,
        scores=scores.scores(evaluated),
        skipped=scores.skipped(evaluated),
        definitions=scores.definitions(evaluated),
        evaluation=evaluated,
    )
    path = run.directory / "report.html"
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def facts(
    params: dict[str, Any], model: keras.Model, dataset: Dataset
) -> dict[str, str]:
    """What was trained, by what name it goes."""
    return {
        "objective": str(model.objective),
        "data": page.caption(type(dataset)),
        "images": f"{dataset.size:,} of {_shape(dataset.image_shape)}",
        "weights": f"{model.count_params():,}",
        **{
            key.replace("_", " "): page.text(value)
            for key, value in params.items()
            if key not in IN_FACTS and value not in ({}, None, "")
        },
        "settings from": params.get("source") or "the command line",
        "versions": page.text(params.get("versions", {})),
    }


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _pictures(
    run: Run, views: Views
) -> tuple[dict[str, page.Picture], dict[str, str]]:
    drawn, missing = drawing.draw_all(figures.FIGURES, views)
    pictures = {
        name: page.picture(
            figures.FIGURES[name], run.save_figure(name, figure).read_bytes()
        )
        for name, figure in drawn.items()
    }
    return pictures, missing


def _film(run: Run, views: Views) -> page.Picture:
    film = drawing.draw(animate, views, inactive=not views.active.any())
    run.save_film("traversals", film)
    return page.Picture(
        "In motion",
        page.caption(animate),
        page.uri(film, "webp"),
        FILM_WIDTH,
    )


def _sections(
    pictures: dict[str, page.Picture],
) -> dict[str, list[page.Picture]]:
    placed = {name for names in SECTIONS.values() for name in names}
    rest = tuple(name for name in pictures if name not in placed)
    return {
        heading: [pictures[name] for name in names if name in pictures]
        for heading, names in {**SECTIONS, REST: rest}.items()
    }
