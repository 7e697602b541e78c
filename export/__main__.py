"""From a run to what TensorFlow Serving serves: `python -m export RUN`."""

import json
import shlex
from pathlib import Path

import click

from tfvae.commands import exits
from tfvae.data import Dataset
from tfvae.metrics.encoding import fingerprint
from tfvae.serving import export_saved_model
from tfvae.training.runs import Run
from tfvae.training.runs import load_data
from tfvae.training.runs import load_run

IMAGE = "tensorflow/serving:2.21.0"
PLATFORM = "linux/amd64"  # there is no other
NAME = "vae"  # of the model on the server, wherever it lies here


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "base",
    type=click.Path(path_type=Path),
    required=True,
    help="Where versions are, such as models/vae.",
)
@click.option("--version", type=int, help="Default: the next that is free.")
@click.option(
    "--max-batch-size",
    type=click.IntRange(1),
    default=32,
    show_default=True,
    help="The largest that will be asked for; the server warms up at it.",
)
@click.option(
    "--without-data",
    is_flag=True,
    help="Do not load the data set; leaves unknown what each latent does.",
)
@click.option(
    "--without-warmup",
    is_flag=True,
    help="Do without warmup requests and tensorflow-serving-api.",
)
def command(
    run, base, version, max_batch_size, without_data, without_warmup
) -> None:
    """Export a run for TensorFlow Serving."""
    model, params = load_run(run)
    path = export_saved_model(
        model,
        base,
        version,
        dataset=None if without_data else data_of(params),
        params=params,
        metrics=metrics_of(Run(run), fingerprint(model)),
        warmup=not without_warmup,
        max_batch_size=max_batch_size,
    )
    click.echo("\n".join([*written(path), "", *how_to_serve(path)]))


def data_of(params: dict) -> Dataset:
    """What the run was trained on."""
    try:
        return load_data(params)
    except (ValueError, OSError) as error:
        raise ValueError(f"{error} Or add --without-data.") from error


def metrics_of(run: Run, weights: str) -> dict | None:
    """What was measured of these weights; None if nothing was."""
    known = run.metrics()
    if not run.evaluation_of(weights):
        known.pop("evaluation", None)
    return known or None


def written(path: Path) -> list[str]:
    """What there is now, and what it weighs."""
    files = {f: f.stat().st_size for f in path.rglob("*") if f.is_file()}
    weights = sum(files[f] for f in files if f.parent.name == "variables")
    return [
        f"wrote {path}: {sum(files.values()) / 1e6:.1f} MB, "
        f"of it {weights / 1e6:.1f} MB of weights",
        f"Look at {path / 'MODEL_CARD.md'}.",
    ]


def how_to_serve(path: Path) -> list[str]:
    """What to type to serve it and to ask it."""
    source = path.resolve().parent
    mount = f"type=bind,source={source},target=/models/{NAME},readonly"
    address = f"http://localhost:8501/v1/models/{NAME}"
    body = json.dumps({"signature_name": "sample", "instances": [[0, 1]]})
    return [
        "To serve it:",
        "  docker run --rm -p 127.0.0.1:8500:8500 -p 127.0.0.1:8501:8501 \\",
        f"    --mount {shlex.quote(mount)} \\",
        f"    -e MODEL_NAME={NAME} --platform {PLATFORM} {IMAGE}",
        "To see that it is there, and to ask for an image of seed (0, 1):",
        f"  curl {address}",
        f"  curl -d '{body}' {address}:predict",
        "All signatures, and clients: export/README.md",
    ]


if __name__ == "__main__":
    exits.run("export", command)
