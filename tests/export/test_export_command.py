import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from export.__main__ import command
from export.__main__ import how_to_serve
from export.__main__ import metrics_of
from tests.serving.questions import warmup
from tfvae.commands import exits
from tfvae.training.runs import Run

ROOT = Path(__file__).parents[2]


def export(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "export", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        **options,
    )


def test_a_run_becomes_a_version(two_runs, tmp_path):
    done = export(two_runs[0], "--to", tmp_path / "vae")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "vae" / "1"
    assert f"wrote {path}: " in done.stdout
    assert (path / "saved_model.pb").is_file()
    extra = path / "assets.extra"
    assert sorted(os.listdir(extra)) == [
        "metrics.json",
        "model.json",
        "params.json",
        "tf_serving_warmup_requests",
    ]
    known = json.loads((extra / "model.json").read_text())
    assert len(known["data"]["latents"]) == 3
    assert known["data"]["factor_names"]
    assert json.loads((extra / "params.json").read_text())["seed"] == 0
    assert "nats" in (path / "MODEL_CARD.md").read_text()


def test_the_lines_that_serve_it(tmp_path):
    text = "\n".join(how_to_serve(tmp_path / "my models" / "3"))
    source = f"{tmp_path}/my models"
    assert (
        f"--mount 'type=bind,source={source},target=/models/vae,readonly'"
    ) in text
    assert "-e MODEL_NAME=vae" in text
    [body] = re.findall(r"curl -d '(.*)' http", text)
    asked = {"signature_name": "sample", "instances": [[0, 1]]}
    assert json.loads(body) == asked


@pytest.fixture
def says(monkeypatch, capsys):
    """Run the programme here; the one line of its error."""

    def run(*arguments) -> str:
        monkeypatch.setattr(sys, "argv", ["export", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            exits.run("export", command)
        assert ended.value.code == 2
        [line] = capsys.readouterr().err.splitlines()
        assert line.startswith("export: error: ")
        return line

    return run


@pytest.fixture
def copy(two_runs, tmp_path) -> Path:
    """A run to spoil."""
    return shutil.copytree(two_runs[0], tmp_path / "run")


def test_no_run(says, tmp_path):
    line = says(tmp_path / "none", "--to", tmp_path / "vae")
    assert "There is no run here" in line
    assert not (tmp_path / "vae").exists()


def test_a_run_that_has_only_begun(says, copy, tmp_path):
    (copy / "model.keras").unlink()
    shutil.rmtree(copy / "checkpoints")
    line = says(copy, "--to", tmp_path / "vae")
    assert "no checkpoint yet" in line


def test_a_half_written_model(says, copy, tmp_path):
    file = copy / "model.keras"
    file.write_bytes(file.read_bytes()[:1000])
    line = says(copy, "--to", tmp_path / "vae")
    assert str(file) in line
    assert not (tmp_path / "vae").exists()


def test_an_unfinished_run_exports_its_last_checkpoint(copy, tmp_path):
    (copy / "model.keras").unlink()
    (copy / "metrics.json").unlink()
    base = tmp_path / "vae"
    CliRunner().invoke(
        command,
        [str(copy), "--to", str(base), "--without-data"]
        + ["--max-batch-size", "4"],
        catch_exceptions=False,
    )
    extra = base / "1" / "assets.extra"
    assert not (extra / "metrics.json").exists()
    sizes = {question.split()[-1] for question in warmup(base / "1")}
    assert sizes == {"1", "4"}
    assert json.loads((extra / "model.json").read_text())["data"] is None


def test_a_version_that_exists(says, copy, tmp_path):
    (tmp_path / "vae" / "4").mkdir(parents=True)
    line = says(copy, "--to", tmp_path / "vae", "--version", 4)
    assert "exists already" in line


def test_a_directory_that_cannot_be(says, copy, tmp_path):
    (tmp_path / "file").write_text("")
    assert "file" in says(copy, "--to", tmp_path / "file" / "vae")


def test_a_directory_that_cannot_be_written(says, copy, tmp_path):
    base = tmp_path / "vae"
    base.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", base]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting takes root")
    try:
        assert "Read-only" in says(copy, "--to", base)
    finally:
        subprocess.run(["umount", base], check=True)


def test_data_that_has_gone(says, copy, tmp_path):
    params = json.loads((copy / "params.json").read_text())
    params["data_options"]["path"] = "gone.npz"
    (copy / "params.json").write_text(json.dumps(params))
    line = says(copy, "--to", tmp_path / "vae")
    assert "gone.npz" in line
    assert "--without-data" in line


@pytest.mark.parametrize("content", ['{"dataset": "dspr', "[]", "{}"])
def test_params_that_are_damaged(says, copy, tmp_path, content):
    (copy / "params.json").write_text(content)
    assert "params.json" in says(copy, "--to", tmp_path / "vae")


def test_measured_of_other_weights_stays_behind(copy):
    run = Run(copy)
    evaluated = {"weights": "abc", "metrics": {}}
    run.metrics_file.write_text(
        json.dumps({"nll": 1.0, "evaluation": evaluated})
    )
    assert metrics_of(run, "abc") == {"nll": 1.0, "evaluation": evaluated}
    assert metrics_of(run, "def") == {"nll": 1.0}
