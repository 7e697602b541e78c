import contextlib
import json
import os
import resource
import subprocess
import zipfile

import keras
import numpy as np
import pytest

import tfvae
from tfvae.training import optimizers
from tfvae.training.checkpoints import Checkpoints
from tfvae.training.checkpoints import NotANumber
from tfvae.training.checkpoints import load_model


def trained(optimizer="adam", options=None, dtype="float32") -> tfvae.VAE:
    """A model after two steps; its checkpoint takes about 5 MB."""
    model = tfvae.VAE((32, 32, 1), latent_dim=2, dtype=dtype)
    model.compile(
        optimizers.make(optimizer, 1e-3, options or {}), run_eagerly=True
    )
    images = np.random.default_rng(0).random([8, 32, 32, 1], "float32")
    model.fit(images, batch_size=4, verbose=0)
    return model


@pytest.fixture(scope="module")
def model() -> tfvae.VAE:
    return trained()


def state(model) -> list[np.ndarray]:
    variables = [*model.weights, *model.optimizer.variables]
    return [variable.numpy() for variable in variables]


def assert_restores(checkpoints, model, step, told=()):
    warnings = []
    restored, restored_step = checkpoints.restore(warnings.append)
    assert restored_step == step
    for one, two in zip(state(model), state(restored), strict=True):
        np.testing.assert_array_equal(one, two)
    assert len(warnings) == len(told)
    for warning, path in zip(warnings, told, strict=True):
        assert f"{path} is damaged" in warning


@pytest.mark.parametrize(
    ("optimizer", "options", "dtype"),
    [
        ("adam", {}, "float32"),
        ("adam", {"amsgrad": True}, "mixed_bfloat16"),
        ("adam", {}, "mixed_float16"),
        ("adagrad", {}, "float32"),
        ("rmsprop", {"momentum": 0.9}, "float32"),
        ("sgd", {"momentum": 0.9}, "float32"),
    ],
)
def test_weights_optimizer_and_step_come_back(
    optimizer, options, dtype, tmp_path
):
    model, checkpoints = (
        trained(optimizer, options, dtype),
        Checkpoints(tmp_path),
    )
    checkpoints.save(model, step=2)
    assert_restores(checkpoints, model, step=2)
    restored, _ = checkpoints.restore()
    assert restored.optimizer.get_config() == model.optimizer.get_config()
    assert restored.dtype_policy.name == dtype


def test_the_last_three_are_kept(model, tmp_path):
    checkpoints = Checkpoints(tmp_path / "checkpoints")
    for step in (8, 9, 10, 1000, 2_000_000):
        checkpoints.save(model, step)
    assert [path.name for path in checkpoints.paths()] == [
        "step-002000000.keras",
        "step-000001000.keras",
        "step-000000010.keras",
    ]
    assert len(list(checkpoints.directory.iterdir())) == 3


def test_nothing_to_restore_is_none(tmp_path):
    assert Checkpoints(tmp_path / "missing").restore() is None


def flipped(content: bytes, place: int) -> bytes:
    """With the bits of one byte turned over."""
    return b"".join(
        [content[:place], bytes([content[place] ^ 255]), content[place + 1 :]]
    )


def zip_directory(content: bytes) -> int:
    """Where a zip file's own directory begins, behind all data."""
    return content.index(b"PK\x01\x02")


DAMAGES = {
    "empty": lambda content: b"",
    "half": lambda content: content[: len(content) // 2],
    "last byte lost": lambda content: content[:-1],
    "a page of zeros": lambda content: (
        content[:4096] + bytes(4096) + content[8192:]
    ),
    "a weight": lambda content: flipped(content, len(content) // 2),
    "flags": lambda content: flipped(content, zip_directory(content) + 8),
    "method": lambda content: flipped(content, zip_directory(content) + 10),
    "entries": lambda content: flipped(content, zip_directory(content) + 32),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_newest_gives_way_to_the_one_before(damage, model, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(model, step=1)
    newest = checkpoints.save(model, step=2)
    newest.write_bytes(damage(newest.read_bytes()))
    assert_restores(checkpoints, model, step=1, told=[newest])


def test_all_damaged_is_an_error_and_all_are_told(model, tmp_path):
    checkpoints, told = Checkpoints(tmp_path), []
    for step in (1, 2):
        checkpoints.save(model, step).write_bytes(b"half")
    with pytest.raises(ValueError, match="Every checkpoint is damaged"):
        checkpoints.restore(told.append)
    assert len(told) == 2


def test_weights_that_are_no_numbers_are_not_saved(model, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(model, step=1)
    bias = model.trainable_variables[1]
    before = bias.numpy()
    bias.assign(np.full(bias.shape, np.nan))
    try:
        with pytest.raises(NotANumber, match="after step 2"):
            checkpoints.save(model, step=2)
    finally:
        bias.assign(before)
    assert_restores(checkpoints, model, step=1)


def test_what_a_killed_process_left_is_ignored(model, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(model, step=1)
    (tmp_path / ".partial-123-step-000000002.keras").write_bytes(b"half")
    assert_restores(checkpoints, model, step=1)


@contextlib.contextmanager
def files_of_at_most(size: int):
    """Writing more than `size` bytes to any file is an `OSError`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def assert_older_stays(checkpoints, model):
    [path] = checkpoints.directory.iterdir()
    assert path.name == "step-000000001.keras"
    assert_restores(checkpoints, model, step=1)


def test_a_file_too_large_to_write_leaves_the_older(model, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(model, step=1)
    with pytest.raises(OSError, match="too large"), files_of_at_most(1_000_000):
        checkpoints.save(model, step=2)
    assert_older_stays(checkpoints, model)


@pytest.fixture
def small_disk(tmp_path):
    """A disk with room for one checkpoint but not for two."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", tmp_path]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_leaves_the_older(model, small_disk):
    checkpoints = Checkpoints(small_disk)
    checkpoints.save(model, step=1)
    with pytest.raises(OSError, match="No space left"):
        checkpoints.save(model, step=2)
    assert_older_stays(checkpoints, model)


# === Files that were tampered with ===


def with_config(path, change):
    """Rewrite `config.json` in a model file, its checksum right."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["config.json"] = json.dumps(
        change(json.loads(parts["config.json"]))
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def naming(module: str, name: str, **config):
    """A change of a config: an object of another module in its place."""
    return lambda _: {
        "module": module,
        "class_name": name,
        "config": config,
        "registered_name": name,
    }


def assert_refused(path, directory):
    """By whoever loads it, in one line, and nothing was run."""
    for load in (lambda: load_model(path), Checkpoints(directory).restore):
        with pytest.raises(ValueError) as error:
            load()
        assert str(path) in str(error.value)
        assert "\n" not in str(error.value)
    assert not (directory / "executed").exists()


@pytest.mark.parametrize(
    "change",
    [
        naming("os", "system", command="touch {executed}"),
        naming("pathlib", "Path.touch", self="{executed}"),
        naming("subprocess", "Popen", args=["touch", "{executed}"]),
        naming("keras.utils", "get_file", fname="a", origin="file://b"),
        naming("tfvae.training.runs", "Run", directory="{executed}"),
        naming("no.such.module", "Thing"),
        lambda config: [],
        lambda config: {},
        lambda config: {**config, "config": {"latent_dim": "x"}},
        lambda config: {**config, "compile_config": {"optimizer": "none"}},
    ],
    ids=range(10),
)
def test_a_config_that_names_something_else_is_refused(change, model, tmp_path):
    path = Checkpoints(tmp_path).save(model, step=1)
    executed = str(tmp_path / "executed")

    def told(config):
        changed = json.dumps(change(config))
        return json.loads(changed.replace("{executed}", executed))

    with_config(path, told)
    assert_refused(path, tmp_path)


def test_a_lambda_layer_is_refused_and_not_run(tmp_path):
    executed = str(tmp_path / "executed")
    layer = keras.layers.Lambda(lambda x: (open(executed, "w").close(), x)[1])
    path = tmp_path / "step-000000001.keras"
    keras.Sequential([keras.Input([1]), layer]).save(path)
    os.remove(executed)  # written when the model was built
    assert_refused(path, tmp_path)


def test_a_damaged_model_file_is_named(model, tmp_path):
    path = Checkpoints(tmp_path).save(model, step=1)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match=f"damaged. Received: {path}"):
        load_model(path)
