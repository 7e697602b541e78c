import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

import tfvae
from tests.fuzzing import REPEATABLE
from tests.fuzzing import assert_one_message
from tests.fuzzing import damaged
from tests.pictures import picture
from tfvae.training import rows
from tfvae.training.runs import Run
from tfvae.training.runs import default_directory
from tfvae.training.runs import load_data

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


@pytest.fixture
def read_only(tmp_path):
    """A directory with a run that nobody may write to, not even root."""
    opened(tmp_path)
    tmp_path.chmod(0o555)
    bind = ["mount", "--bind", tmp_path, tmp_path]
    mounted = not subprocess.run(bind, capture_output=True).returncode
    if mounted:
        again = ["mount", "-o", "remount,bind,ro", tmp_path]
        subprocess.run(again, check=True)
    elif os.access(tmp_path, os.W_OK):
        pytest.skip("root may write everywhere and not mount")
    yield tmp_path
    if mounted:
        subprocess.run(["umount", tmp_path], check=True)
    tmp_path.chmod(0o755)


@pytest.mark.parametrize("resume", [True, False])
def test_a_read_only_directory_is_refused_at_once(read_only, resume):
    with pytest.raises(ValueError, match=f"is read-only.*{read_only}"):
        Run(read_only).open(PARAMS, resume)


def test_a_directory_that_cannot_be_made_is_named(read_only):
    with pytest.raises(OSError, match=f"{read_only}/deep"):
        Run(read_only / "deep" / "run").open(PARAMS, resume=False)


def test_a_directory_that_holds_other_files_is_accepted(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    opened(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_the_same_parameters_may_resume_whatever_the_versions(tmp_path):
    run = opened(tmp_path)
    run.params_file.write_text(json.dumps({**PARAMS, "versions": {}}))
    run.open(PARAMS, resume=True)
    assert run.params() == {**PARAMS, "versions": {}}


def with_images(directory, value: int) -> dict:
    """The parameters of a run on images of one value, as they are now."""
    options = {"path": str(directory / "my.npz")}
    np.savez(options["path"], images=np.full([2, 32, 32], value, np.uint8))
    params = {**PARAMS, "dataset": "npz", "data_options": options}
    dataset = tfvae.data.load("npz", **options)
    return {**params, "fingerprint": dataset.fingerprint}


def test_other_images_than_those_of_the_run_are_refused(tmp_path):
    before = with_images(tmp_path, 1)
    Run(tmp_path).open(before, resume=False)
    assert load_data(before).images([0]).max() == 1
    after = with_images(tmp_path, 2)
    with pytest.raises(ValueError) as error:
        load_data(before)
    for part in (before["fingerprint"], after["fingerprint"], "my.npz"):
        assert part in str(error.value)
    with pytest.raises(ValueError, match="parameters. Received: fingerprint"):
        Run(tmp_path).open(after, resume=True)
    again = with_images(tmp_path, 1)  # other bytes perhaps, the same images
    Run(tmp_path).open(again, resume=True)


def test_a_run_from_before_fingerprints_goes_on(tmp_path):
    params = with_images(tmp_path, 1)
    Run(tmp_path).open({**params, "fingerprint": None}, resume=False)
    Run(tmp_path).open(params, resume=True)
    assert load_data({**params, "fingerprint": None}).size == 2


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


# === Whatever a file of a run holds, it is of use or one message ===


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Run:
    """A run whose files the tests below write."""
    directory = tmp_path_factory.mktemp("hostile")
    np.savez(directory / "my.npz", images=np.zeros([2, 32, 32], np.uint8))
    (directory / "pictures").mkdir()
    (directory / "pictures" / "a.png").write_bytes(picture())
    return Run(directory)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.text(max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    max_leaves=5,
)
OPTIONS = {
    "npz": ("path",),
    "folder": ("dir", "image_size", "channels", "strict", "factors_csv"),
    "xysquares": ("spacing",),
    "noisy_dsprites": ("seed",),
    "dsprites_original": ("path", "dir"),
    "mpi3d": ("variant", "dir"),
    "celeb_a": ("split", "dir"),
}
WRONG_OPTIONS = st.sampled_from(sorted(OPTIONS)).flatmap(
    lambda name: st.fixed_dictionaries(
        {
            "dataset": st.just(name),
            "data_options": st.dictionaries(
                st.sampled_from([*OPTIONS[name], "self", "identifier", "x"]),
                JSON,
                max_size=3,
            ),
        }
    )
)


@REPEATABLE
@given(
    params=st.one_of(
        JSON,
        WRONG_OPTIONS,
        st.fixed_dictionaries({"dataset": JSON, "data_options": JSON}),
    )
)
@example(params={"dataset": 5, "data_options": {}})
@example(params={"dataset": "npz", "data_options": {"path": 5}})
@example(params={"dataset": "npz", "data_options": {"self": 5}})
@example(params={"dataset": "npz", "data_options": {"identifier": 5}})
@example(params={"dataset": "folder", "data_options": {"dir": "pictures"}})
@example(params={"dataset": "celeb_a", "data_options": {"dir": 5}})
def test_whatever_the_parameters_it_is_data_or_one_message(params, hostile):
    hostile.params_file.write_text(json.dumps(params))
    try:
        dataset = load_data(hostile.params())
    except (ValueError, OSError) as error:
        assert_one_message(error)
    else:
        assert dataset.image_shape


@pytest.mark.parametrize("channels", [1.0, "1", [1], None, 10**30])
@pytest.mark.parametrize("size", [32.0, float("nan"), "32", 10**9, 10**30])
def test_a_folder_of_any_size_is_one_message(
    size, channels, hostile, monkeypatch
):
    monkeypatch.setenv("TFVAE_CACHE", str(hostile.directory / "cache"))
    given = {"dir": str(hostile.directory / "pictures")}
    for more in ({"image_size": size}, {"channels": channels}):
        options = {**given, **more}
        with pytest.raises((ValueError, OSError)) as error:
            load_data({"dataset": "folder", "data_options": options})
        assert_one_message(error.value)


STORED = json.dumps({**PARAMS, "dataset": "npz", "data_options": {}}).encode()


@REPEATABLE
@given(content=st.one_of(st.binary(max_size=40), damaged(STORED)))
@example(content=b"[" * 100_000)
@example(content=b'{"a":' * 100_000)
@example(content=b'{"seed":' + b"9" * 5000 + b"}")
@example(content=b"[]")
@example(content=b"\xff\xfe{}")
def test_whatever_the_bytes_of_params_and_metrics(content, hostile):
    for file, read in (
        (hostile.params_file, hostile.params),
        (hostile.metrics_file, hostile.metrics),
        (hostile.metrics_file, lambda: hostile.evaluation_of("these")),
    ):
        file.write_bytes(content)
        try:
            found = read()
        except ValueError as error:
            assert_one_message(error, file.name)
        else:
            assert isinstance(found, dict)


@REPEATABLE
@given(content=st.one_of(JSON, st.fixed_dictionaries({"evaluation": JSON})))
@example(content={"evaluation": [1]})
@example(content={"evaluation": {"metrics": {"mig": 1}}})
def test_an_evaluation_is_made_of_objects_or_one_message(content, hostile):
    hostile.metrics_file.write_text(json.dumps(content))
    try:
        evaluation = hostile.metrics().get("evaluation", {})
    except ValueError as error:
        assert_one_message(error, "metrics.json")
    else:
        measured = evaluation.get("metrics", {}).values()
        assert all(isinstance(of_one, dict) for of_one in measured)


TABLE = b"step,loss,kl/0\n2,600.5,0.5\n4,500.25,-1e-3\n6,nan,inf\n"


@REPEATABLE
@given(content=st.one_of(st.binary(max_size=40), damaged(TABLE)))
@example(content=b"step,a\n1," + b"1" * 200_000 + b"\n")
@example(content=b"step,a\n1,\xff\n")
@example(content=b"step,a\n1,2\n1,2,3\n")
@example(content=b"step,a\n1,2,3,4\n")
@example(content=b"step,a\n\n1,2\n")
@example(content=b"\n")
def test_whatever_the_bytes_it_is_a_history_or_one_message(content, hostile):
    hostile.history_file.write_bytes(content)
    try:
        history = hostile.history()
        rows.keep_until(hostile.history_file, 4)
    except ValueError as error:
        assert_one_message(error, "history.csv")
    else:
        assert len({column.shape for column in history.values()}) <= 1
