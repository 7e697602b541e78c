"""Training as users do it: programs, signals, directories."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tensorflow.python.framework import config

import options
import tfvae
import train
from params import PRESETS
from params import Params
from tests.pictures import picture
from tests.training_runs import assert_same_end
from tests.training_runs import assert_same_history
from tests.training_runs import finish
from tests.training_runs import history
from tests.training_runs import newest_step
from tests.training_runs import start
from tfvae.commands import exits
from tfvae.training.checkpoints import Checkpoints
from tfvae.training.runs import Run

STEPS = 150
SMALL = ["--dataset", "dsprites", "--batch-size", "8"]
OFTEN = [
    "tests/training_process.py",
    *SMALL,
    "--steps",
    str(STEPS),
    "--final-learning-rate",
    "1e-4",
]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> Path:
    """The directory of a run that nothing disturbed."""
    directory = tmp_path_factory.mktemp("unbroken") / "run"
    finish(start(*OFTEN, "--run-dir", directory))
    return directory


def steps_of(rows) -> list[str]:
    return [row["step"] for row in rows]


def test_the_main_job(tmp_path):
    arguments = [*SMALL, "--steps", train.LOG_EVERY]
    out = finish(
        start("train.py", "--objective", "B", *arguments, cwd=tmp_path)
    )
    [directory] = (tmp_path / "runs").iterdir()
    assert directory.name == "B-dsprites-seed0"
    assert {path.name for path in directory.iterdir()} == {
        "checkpoints",
        "events",
        "figures",
        "history.csv",
        "metrics.json",
        "model.keras",
        "params.json",
        "report.html",
    }
    stored = json.loads((directory / "params.json").read_text())
    assert "train.py --objective B --dataset dsprites" in stored["command"]
    params = Params.from_json(stored)
    assert params.objective == PRESETS["quick-B"].objective
    assert (params.batch_size, params.steps) == (8, 100)
    [row] = history(directory)
    assert row["step"] == "100"
    assert all(np.isfinite(float(value)) for value in row.values())
    measured = json.loads((directory / "metrics.json").read_text())
    for text in (
        f"{directory.relative_to(tmp_path)}, on 1 CPU: B(gamma=",
        "step 100/100",
        f"Look at {directory.relative_to(tmp_path)}/report.html",
        f"reconstruction {measured['nll']:.1f} nats",
        f"MIG {measured['mig']:.3f}",
        "Everything is in",
    ):
        assert text in out
    assert {path.name for path in (directory / "figures").iterdir()} >= {
        "reconstructions.png",
        "traversals.png",
    }
    model, _ = tfvae.load_run(directory)
    assert model.sample(2, seed=0).shape == (2, 64, 64, 1)


def test_killed_at_any_moment_it_goes_on_bit_for_bit(tmp_path, unbroken):
    rng = np.random.default_rng(0)
    resume = []
    for step in (30, 60, 90):
        process = start(*OFTEN, "--run-dir", tmp_path, *resume)
        while newest_step(tmp_path) < step and process.poll() is None:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.3))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        resume = ["--resume"]
    out = finish(start(*OFTEN, "--run-dir", tmp_path, "--resume"))
    assert "from step 0" not in out
    assert_same_end(tmp_path, unbroken, STEPS)
    assert_same_history(tmp_path, unbroken)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_saves_and_says_how_to_go_on(number, tmp_path, unbroken):
    process = start(*OFTEN, "--run-dir", tmp_path)
    while not newest_step(tmp_path) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    out = finish(process, status=exits.INTERRUPTED)
    advice = f"--resume --run-dir {tmp_path}"
    assert out.splitlines()[-1].endswith(advice)
    assert not (tmp_path / "model.keras").exists()
    step = newest_step(tmp_path)
    rows = history(tmp_path)
    assert steps_of(rows)[-1] == str(step)
    out = finish(start(*OFTEN, *advice.split()))
    assert f"from step {step}\n" in out
    assert_same_end(tmp_path, unbroken, STEPS)
    assert history(tmp_path)[: len(rows)] == rows
    assert {*steps_of(history(unbroken))} <= {*steps_of(history(tmp_path))}
    on_time = [row for row in rows if not int(row["step"]) % 5]
    assert on_time == history(unbroken)[: len(on_time)]


def without_report(unbroken: Path, tmp_path: Path) -> Path:
    """A copy of the run as it was before its report."""
    report = shutil.ignore_patterns("model.keras", "metrics.json", "*.html")
    return shutil.copytree(unbroken, tmp_path / "run", ignore=report)


def test_killed_while_it_reports_it_reports_again(tmp_path, unbroken):
    directory = without_report(unbroken, tmp_path)
    out = finish(start(*OFTEN, "--run-dir", directory, "--resume"))
    assert f"from step {STEPS}\n" in out
    assert_same_end(directory, unbroken, STEPS)
    assert (directory / "report.html").exists()
    assert (directory / "model.keras").exists()


def test_from_a_damaged_checkpoint_it_goes_on_from_the_one_before(
    tmp_path, unbroken
):
    directory = without_report(unbroken, tmp_path)
    newest, before, *_ = Checkpoints(directory / "checkpoints").paths()
    os.truncate(newest, 10_000)
    out = finish(start(*OFTEN, "--run-dir", directory, "--resume"))
    assert f"{newest} is damaged" in out
    assert f"from step {int(before.stem.removeprefix('step-'))}\n" in out
    assert_same_end(directory, unbroken, STEPS)


@pytest.fixture
def photographs(tmp_path, monkeypatch) -> Path:
    """A folder of JPEGs."""
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    directory = tmp_path / "photographs"
    directory.mkdir()
    rng = np.random.default_rng(0)
    for number in range(30):
        pixels = rng.integers(0, 256, [40, 50, 3], np.uint8)
        content = picture(pixels, "JPEG")
        (directory / f"{number}.jpg").write_bytes(content)
    return directory


def test_a_folder_of_images_is_trained_on_and_goes_on_bit_for_bit(
    tmp_path, photographs, monkeypatch, capfd
):
    images = f"--dataset folder --data-dir {photographs} --size 32 --channels 3"
    short = "--batch-size 8 --latent-dim 2 --steps 40"
    arguments = [*images.split(), *short.split(), "--run-dir"]
    program = "tests/training_process.py"
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    finish(start(program, *arguments, whole))
    process = start(program, *arguments, broken)
    while not newest_step(broken) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    finish(process, status=exits.INTERRUPTED)
    shutil.rmtree(tmp_path / "cache")  # it is only a cache
    out = finish(start(program, *arguments, broken, "--resume"))
    assert "from step 0" not in out
    assert_same_end(broken, whole, 40)
    (photographs / "0.jpg").unlink()
    line = refusal([*arguments, str(broken), "--resume"], monkeypatch, capfd)
    assert "other parameters. Received: fingerprint=" in line


# === What goes wrong ===


def test_a_file_that_cannot_be_written_is_one_line_and_nothing_is_lost(
    tmp_path, unbroken
):
    directory = without_report(unbroken, tmp_path)
    process = start(*OFTEN, "--run-dir", directory, "--resume")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
    _, err = process.communicate()
    assert process.returncode == 2
    [line] = err.splitlines()
    assert line.startswith("training_process.py: error: ")
    assert "too large" in line
    assert not (directory / "model.keras").exists()
    finish(start(*OFTEN, "--run-dir", directory, "--resume"))
    assert_same_end(directory, unbroken, STEPS)


@pytest.fixture
def small_disk(tmp_path):
    """A disk with room for one checkpoint but not for two."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", tmp_path]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_is_one_line_and_nothing_is_lost(small_disk, unbroken):
    directory = small_disk / "run"
    process = start(*OFTEN, "--run-dir", directory)
    _, err = process.communicate()
    assert process.returncode == 2
    [line] = err.splitlines()
    assert "No space left on device" in line
    assert f"Received: {directory}/checkpoints/step-000000020.keras" in line
    assert [path.name for path in (directory / "checkpoints").iterdir()] == [
        "step-000000010.keras"
    ]
    larger = ["mount", "-o", "remount,size=60m", small_disk]
    subprocess.run(larger, check=True)
    out = finish(start(*OFTEN, "--run-dir", directory, "--resume"))
    assert "from step 10\n" in out
    assert_same_end(directory, unbroken, STEPS)
    assert_same_history(directory, unbroken)


def refusal(arguments, monkeypatch, capfd) -> str:
    """The one line on stderr with which a command line is refused."""
    monkeypatch.setattr(sys, "argv", ["train.py", *SMALL, *arguments])
    try:
        with pytest.raises(SystemExit) as end:
            options.run_command("train.py", train.train)
    finally:
        config.disable_op_determinism()  # other tests do without it
    [line] = capfd.readouterr().err.splitlines()
    assert end.value.code == 2
    return line


def test_a_misspelt_option_is_one_line_and_exit_status_2():
    process = start("train.py", "--objectve", "B")
    out, err = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert err == (
        "train.py: error: No such option. Received: --objectve. "
        "Did you mean --objective?\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--objective C", "Unknown objective. Received: objective='C'"),
        ("--latent-dim 0", "Received: latent_dim=0"),
        ("--network burges2018", "Did you mean 'burgess2018'"),
        (
            "--likelihood gaussian --sigma -1",
            "`sigma` must be a finite number > 0",
        ),
        ("--dataset chairs", "Unknown dataset. Received: dataset='chairs'"),
        ("--dataset dsprites_original --data-dir none", "--data-path"),
        ("--dataset dsprites_original --data-path no.npz", "path='no.npz'"),
        ("--resume", "There is no run here"),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_run_behind(
    arguments, message, monkeypatch, capfd, tmp_path
):
    run_dir = ["--run-dir", str(tmp_path / "run")]
    arguments = [*arguments.split(), "--steps", "1", *run_dir]
    assert message in refusal(arguments, monkeypatch, capfd)
    assert not (tmp_path / "run").exists()


def test_images_that_cannot_be_used_leave_no_run_behind(
    monkeypatch, capfd, tmp_path
):
    file = tmp_path / "tiny.npz"
    np.savez(file, images=np.zeros([4, 16, 16], np.uint8))
    run_dir = tmp_path / "run"
    arguments = ["--dataset", "npz", "--data-path", str(file)]
    arguments += ["--run-dir", str(run_dir)]
    line = refusal(arguments, monkeypatch, capfd)
    assert "image_shape=(16, 16, 1)" in line
    file.write_bytes(file.read_bytes()[:100])
    assert "must be an npz" in refusal(arguments, monkeypatch, capfd)
    assert not run_dir.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--steps 20", "holds a run already; give another, or continue it"),
        ("--steps 20 --resume", "steps=20 (the run has 10)"),
        ("--steps 10 --resume --objective H", "objective={'name': 'H'"),
    ],
)
def test_a_directory_with_another_run_is_left_alone(
    arguments, message, monkeypatch, capfd, tmp_path
):
    params = options.params_of({"batch_size": 8, "steps": 10})
    run = Run(tmp_path)
    run.open(params.to_json(), resume=False)
    before = run.params_file.read_text()
    arguments = [*arguments.split(), "--run-dir", str(tmp_path)]
    assert message in refusal(arguments, monkeypatch, capfd)
    assert [*tmp_path.iterdir()] == [run.params_file]
    assert run.params_file.read_text() == before


def test_a_loss_that_is_no_number_is_one_line(monkeypatch, capfd, tmp_path):
    arguments = f"--learning-rate 1e30 --steps 5 --run-dir {tmp_path}".split()
    line = refusal(arguments, monkeypatch, capfd)
    assert "not a number at step 2: " in line
