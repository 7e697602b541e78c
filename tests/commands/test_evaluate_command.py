"""`python -m tfvae evaluate RUN` as a user types it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner

import tfvae
from tfvae.commands import commands
from tfvae.commands import evaluate
from tfvae.commands import exits
from tfvae.training.runs import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A finished run of nothing, on images of its own."""
    directory = tmp_path_factory.mktemp("runs") / "run"
    rng = np.random.default_rng(0)
    file = directory.parent / "images.npz"
    np.savez(
        file,
        images=rng.integers(0, 256, [90, 32, 32, 1]).astype(np.uint8),
        factors=rng.integers(0, 3, [90, 2]),
    )
    run = Run(directory)
    data = {"dataset": "npz", "data_options": {"path": str(file)}}
    run.open(data, resume=False)
    keras.utils.set_random_seed(0)
    run.save_model(tfvae.VAE((32, 32, 1), latent_dim=3))
    run.metrics_file.write_text('{"nll": 1.0}')
    return directory


def test_metrics_json_and_a_table(run):
    result = CliRunner().invoke(
        commands(), ["evaluate", str(run), "--metrics", "mig, elbo"]
    )
    assert result.exception is None
    for word in ("mig", "elbo", "bits_per_dimension", "95%", "wrote"):
        assert word in result.output
    written = json.loads((run / "metrics.json").read_text())
    assert written["nll"] == 1.0  # of training, still there
    assert list(written["evaluation"]["metrics"]) == ["mig", "elbo"]
    assert written["evaluation"]["images"] == 90


def test_a_second_evaluation_adds_to_the_first_if_of_the_same_images():
    def result(seed, **metrics):
        return {"weights": "d", "seed": seed, "metrics": metrics}

    first = result(0, mig=1, sap=2)
    assert evaluate.merged(None, first) == first
    assert evaluate.merged(first, result(0, mig=3)) == result(0, mig=3, sap=2)
    assert evaluate.merged(first, result(1, mig=3)) == result(1, mig=3)


def test_a_skipped_metric_says_why():
    measured = {"elbo": {"skipped": "It needs a model."}}
    table = evaluate.table({"metrics": measured})
    cells = [list(column.cells) for column in table.columns]
    assert cells[0] == ["elbo"]
    assert "It needs a model." in cells[2][0]


def test_a_row_for_each_factor():
    measured = {
        "mig": {"details": {"gaps": [0.25, 0.5]}},
        "dci": {"details": {"factors": [1.0, None]}},
        "sap": {"skipped": "why"},
    }
    result = {"factors": ["scale", "posX"], "metrics": measured}
    table = evaluate.factor_table(result)
    assert [str(column.header) for column in table.columns] == [
        "factor",
        "mig",
        "dci",
    ]
    assert [list(column.cells) for column in table.columns] == [
        ["scale", "posX"],
        ["0.25", "0.5"],
        ["1", "undefined"],
    ]
    assert evaluate.factor_table({"factors": [], "metrics": {}}) == ""


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["evaluate", "nowhere"], "no run here"),
        (["evaluate", "{run}", "--metrics", "mgi"], "Did you mean 'mig'"),
        (["evaluate", "{run}", "--metric", "mig"], "Did you mean --metrics"),
        (["evaluate", "{run}", "--images", "0"], "--images"),
        (["evaluate", "{run}", "--symmetric"], "symmetries"),
        (["evaluate"], "RUN"),
        (["evaluate", "{damaged}"], "metrics.json"),
        (["evalute", "{run}"], "evalute"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    run, arguments, message, monkeypatch, capsys, tmp_path
):
    damaged = tmp_path / "run"
    shutil.copytree(run, damaged)
    (damaged / "metrics.json").write_text("{")
    given = [a.format(run=run, damaged=damaged) for a in arguments]
    monkeypatch.setattr("sys.argv", ["tfvae", *given])
    with pytest.raises(SystemExit) as exit_:
        exits.run("tfvae", commands())
    assert exit_.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert message in line


def test_as_a_user_types_it(run):
    process = subprocess.run(
        [sys.executable, "-m", "tfvae", "evaluate", run, "--metrics", "mig"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0
    assert process.stderr == ""
    assert f"wrote {run / 'metrics.json'}" in process.stdout
