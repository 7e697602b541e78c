import json
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

import tfvae
from tfvae.training.runs import Run
from tfvae.training.runs import default_directory

PARAMS = {"objective": {"name": "H", "beta": 4.0}, "seed": 0, "steps": 10}
IMAGES = np.zeros([2, 32, 32, 1], "float32")


def opened(directory) -> Run:
    run = Run(directory)
    run.open(PARAMS, resume=False)
    return run


def model(seed: int) -> tfvae.VAE:
    keras.utils.set_random_seed(seed)
    return tfvae.VAE((32, 32, 1), latent_dim=2)


def test_a_new_run_writes_its_parameters_and_the_versions(tmp_path):
    run = opened(tmp_path / "deep" / "run")
    stored = json.loads(run.params_file.read_text())
    versions = stored.pop("versions")
    assert stored == PARAMS
    assert versions["keras"] == keras.__version__


def test_a_directory_that_holds_a_run_is_refused_and_left_as_it_is(tmp_path):
    before = opened(tmp_path).params_file.read_text()
    with pytest.raises(ValueError, match=f"--resume. Received: {tmp_path}"):
        Run(tmp_path).open({**PARAMS, "seed": 1}, resume=False)
    assert Run(tmp_path).params_file.read_text() == before


def test_of_two_that_start_at_once_one_wins(tmp_path):
    runs = [Run(tmp_path / "run") for _ in range(8)]

    def start(seed: int) -> bool:
        try:
            runs[seed].open({**PARAMS, "seed": seed}, resume=False)
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = [*pool.map(start, range(8))]
    assert won.count(True) == 1
    assert runs[0].params()["seed"] == won.index(True)


def test_a_directory_that_holds_other_files_is_accepted(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    opened(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_the_same_parameters_may_resume_whatever_the_versions(tmp_path):
    run = opened(tmp_path)
    run.params_file.write_text(json.dumps({**PARAMS, "versions": {}}))
    run.open(PARAMS, resume=True)
    assert run.params() == {**PARAMS, "versions": {}}


def test_resuming_with_other_parameters_names_what_differs(tmp_path):
    opened(tmp_path)
    with pytest.raises(ValueError) as error:
        Run(tmp_path).open({**PARAMS, "seed": 7, "steps": 20}, resume=True)
    assert "seed=7 (the run has 0), steps=20 (the run has 10)" in str(error)
    assert "objective" not in str(error.value)


@pytest.mark.parametrize("place", [".", "missing", "file"])
def test_resuming_where_no_run_is_is_refused(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="no run here .*Received: "):
        Run(tmp_path / place).open(PARAMS, resume=True)


@pytest.mark.parametrize(
    ("existing", "new", "last"),
    [
        ([], "b", "b"),
        (["b"], "b-2", "b"),
        (["b", "b-2"], "b-3", "b-2"),
        (["b-2", "bb"], "b", "b"),
    ],
)
def test_runs_are_numbered_and_the_last_is_resumed(
    tmp_path, existing, new, last
):
    for name in existing:
        opened(tmp_path / name)
    assert default_directory(tmp_path, "b", resume=False) == tmp_path / new
    assert default_directory(tmp_path, "b", resume=True) == tmp_path / last


def test_a_finished_run_loads_its_finished_model(tmp_path):
    run, finished = opened(tmp_path), model(seed=1)
    run.checkpoints.save(model(seed=2), step=5)
    run.save_model(finished)
    loaded, params = tfvae.load_run(tmp_path)
    np.testing.assert_array_equal(loaded(IMAGES), finished(IMAGES))
    assert {name: params[name] for name in PARAMS} == PARAMS


def test_an_unfinished_run_loads_its_newest_whole_checkpoint(tmp_path):
    run, older = opened(tmp_path), model(seed=1)
    run.checkpoints.save(older, step=5)
    run.checkpoints.save(model(seed=2), step=6).write_bytes(b"half")
    told = []
    loaded, _ = tfvae.load_run(str(tmp_path), told.append)
    np.testing.assert_array_equal(loaded(IMAGES), older(IMAGES))
    assert len(told) == 1


def test_a_run_that_saved_nothing_yet_says_so(tmp_path):
    opened(tmp_path)
    with pytest.raises(ValueError, match=f"no checkpoint yet.*{tmp_path}"):
        tfvae.load_run(tmp_path)


def test_loading_where_no_run_is_is_refused(tmp_path):
    with pytest.raises(ValueError, match=f"no run here.*{tmp_path}"):
        tfvae.load_run(tmp_path)


# === metrics.json ===


def test_new_measures_leave_an_evaluation(tmp_path):
    run = Run(tmp_path)
    assert run.metrics() == {}
    run.save_metrics({"nll": 1.0})
    assert run.metrics() == {"nll": 1.0}
    run.metrics_file.write_text('{"nll": 1.0, "evaluation": {"mig": 2}}')
    run.save_metrics({"kl": 3.0})
    assert run.metrics() == {"kl": 3.0, "evaluation": {"mig": 2}}


def test_damaged_metrics_are_named(tmp_path):
    run = Run(tmp_path)
    run.metrics_file.write_text("{")
    for read_or_write in (run.metrics, lambda: run.save_metrics({})):
        with pytest.raises(ValueError, match="damaged.*metrics.json"):
            read_or_write()
    assert run.metrics_file.read_text() == "{"


# === history.csv ===


def test_the_history_is_read_up_to_half_a_row(tmp_path):
    run = Run(tmp_path)
    assert run.history() == {}
    run.history_file.write_text("step,kl/0\n2,0.5\n4,0.25\n6,0.")
    history = run.history()
    assert list(history) == ["step", "kl/0"]
    assert history["step"].tolist() == [2, 4]
    assert history["kl/0"].tolist() == [0.5, 0.25]


@pytest.mark.parametrize("row", ["3", "3,x"])
def test_a_damaged_history_is_named(row, tmp_path):
    run = Run(tmp_path)
    run.history_file.write_text(f"step,kl/0\n{row}\n")
    with pytest.raises(ValueError, match="damaged.*history.csv"):
        run.history()
