import importlib.util
import json
import os
import resource
import subprocess
import threading

import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tests.runs import bars
from tfvae import data
from tfvae.metrics.encoding import fingerprint
from tfvae.serving import export_saved_model
from tfvae.serving import exported_versions
from tfvae.serving.about import about_data
from tfvae.training.files import FILE_ERRORS


@pytest.fixture(scope="module")
def model():
    return tfvae.VAE((32, 32, 1), latent_dim=3, network="chen2018")


class OneBit(tfvae.data.Dataset):
    """Binary images, as dSprites has them."""

    max_value = 1

    def __init__(self, images):
        self.stored = images.astype(np.uint8)
        self.image_shape = images.shape[1:]


def names(base):
    return sorted(os.listdir(base))


def test_versions_are_the_directories_that_are_numbers(tmp_path):
    large = str(2**63)  # which the server does not see
    for name in ("10", "9", "007", "x", ".partial-1", "1.5", "-3", large):
        (tmp_path / name).mkdir()
    assert exported_versions(tmp_path) == [7, 9, 10]
    assert exported_versions(tmp_path / "none") == []


def test_the_next_version_is_the_default(model, tmp_path):
    base = tmp_path / "models" / "vae"
    paths = [
        export_saved_model(model, base),
        export_saved_model(model, base, version=7),
        export_saved_model(model, str(base)),
    ]
    assert paths == [base / "1", base / "7", base / "8"]
    assert names(base) == ["1", "7", "8"]


def test_a_version_is_never_overwritten(model, tmp_path):
    (tmp_path / "007").mkdir()
    with pytest.raises(ValueError, match="exists already.*version=7"):
        export_saved_model(model, tmp_path, version=7)
    assert names(tmp_path) == ["007"]


def test_a_version_that_came_meanwhile_stays(model, tmp_path, monkeypatch):
    """As one exported by another process would."""
    write = tfvae.serving.saved_model.write_warmup

    def write_slowly(*arguments):
        write(*arguments)
        (tmp_path / "1").mkdir()

    monkeypatch.setattr("tfvae.serving.saved_model.write_warmup", write_slowly)
    with pytest.raises(ValueError, match="exists already.*version=1"):
        export_saved_model(model, tmp_path, version=1)
    assert names(tmp_path) == ["1"]
    assert not os.listdir(tmp_path / "1")


def test_two_exports_at_once_are_two_versions(model, tmp_path):
    threads = [
        threading.Thread(target=export_saved_model, args=(model, tmp_path))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(tmp_path) == ["1", "2"]


def test_there_is_nothing_after_the_largest_version(model, tmp_path):
    (tmp_path / str(2**63 - 1)).mkdir()
    with pytest.raises(ValueError, match="no version after the largest"):
        export_saved_model(model, tmp_path)
    assert len(names(tmp_path)) == 1


def test_what_a_killed_export_left_goes_after_a_day(model, tmp_path):
    old, new = tmp_path / ".partial-old", tmp_path / ".partial-new"
    for left in (old, new):
        left.mkdir()
        (left / "saved_model.pb").write_text("")
    os.utime(old, (0, 0))
    export_saved_model(model, tmp_path)
    assert names(tmp_path) == [".partial-new", "1"]


def test_weights_that_are_not_numbers_are_refused(tmp_path):
    model = tfvae.VAE((32, 32, 1), latent_dim=3, network="chen2018")
    model.weights[0].assign(np.nan * model.weights[0])
    with pytest.raises(ValueError, match=f"finite.*{model.weights[0].path}"):
        export_saved_model(model, tmp_path)


def test_the_warmup_is_small_whatever_the_batch(model, tmp_path):
    path = export_saved_model(model, tmp_path, max_batch_size=10_000)
    file = path / "assets.extra" / "tf_serving_warmup_requests"
    assert file.stat().st_size < 20_000


@pytest.mark.parametrize("version", [0, -1, 2**63, 1.5, "1", True])
def test_a_version_is_an_integer_from_1(model, tmp_path, version):
    with pytest.raises(ValueError, match="`version` must be an integer"):
        export_saved_model(model, tmp_path, version)


@pytest.mark.parametrize("size", [0, -1, 8.0, "8"])
def test_a_batch_holds_at_least_one(model, tmp_path, size):
    with pytest.raises(ValueError, match=f"max_batch_size={size!r}"):
        export_saved_model(model, tmp_path, max_batch_size=size)


def test_it_appears_whole(model, tmp_path, monkeypatch):
    """All files are there before the version has its name."""
    seen = []

    def rename(self, target):
        seen.append((self.parent, self.name, names(self)))
        return os.rename(self, target)

    monkeypatch.setattr("pathlib.Path.rename", rename)
    path = export_saved_model(model, tmp_path, version=3)
    [(parent, name, content)] = seen
    assert parent == tmp_path
    assert name.startswith(".")
    assert content == names(path)
    assert {"saved_model.pb", "variables", "assets.extra"} < {*content}


def test_a_full_disk_leaves_nothing(model, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(FILE_ERRORS):
            export_saved_model(model, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not names(tmp_path)
    assert export_saved_model(model, tmp_path).name == "1"


def test_a_small_disk_leaves_nothing(model, tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk takes root")
    try:
        with pytest.raises(FILE_ERRORS):
            export_saved_model(model, tmp_path)
        assert not names(tmp_path)
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_file_where_the_directory_should_be(model, tmp_path):
    (tmp_path / "vae").write_text("")
    with pytest.raises(OSError, match="vae"):
        export_saved_model(model, tmp_path / "vae")


def test_warmup_needs_the_servers_messages(model, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"pip install 'tfvae\[serving\]'"):
        export_saved_model(model, tmp_path / "models")
    assert not (tmp_path / "models").exists()
    path = export_saved_model(model, tmp_path, warmup=False)
    assert names(path / "assets.extra") == ["model.json"]


def test_what_is_known_travels_with_it(tmp_path):
    images, factors = bars()
    dataset = data.from_arrays(images, factors)
    model = tfvae.VAE((32, 32, 1), latent_dim=3, network="chen2018")
    path = export_saved_model(
        model,
        tmp_path,
        dataset=dataset,
        params={"seed": 5},
        metrics={"nll": 1.0},
        warmup=False,
    )
    extra = path / "assets.extra"
    known = json.loads((extra / "model.json").read_text())
    assert json.loads((extra / "params.json").read_text()) == {"seed": 5}
    assert json.loads((extra / "metrics.json").read_text()) == {"nll": 1.0}
    assert known["image_shape"] == [32, 32, 1]
    assert known["weights"] == fingerprint(model)
    assert known["data"]["largest_pixel"] == 255
    assert about_data(model, OneBit(images > 0))["largest_pixel"] == 1
    assert known["data"]["factor_names"] == list(dataset.factor_names)
    means, log_vars = map(np.asarray, model.encode(dataset.floats(images)))
    variances, rng = np.exp(log_vars), np.random.default_rng(0)
    kl = (means**2 + variances - log_vars - 1).mean(axis=0) / 2
    for latent, row in enumerate(known["data"]["latents"]):
        assert row["latent"] == latent
        assert row["kl"] == pytest.approx(kl[latent], rel=1e-4)
        assert row["active"] == (kl[latent] > 0.1)
        assert row["mean"] == pytest.approx(means[:, latent].mean(), abs=1e-5)
        assert row["stddev"] == pytest.approx(means[:, latent].std(), rel=1e-4)
        width = np.sqrt(variances[:, latent]).mean()
        assert row["posterior_stddev"] == pytest.approx(width, rel=1e-4)
        sampled = rng.normal(means[:, latent], np.sqrt(variances[:, latent]))
        quantiles = np.quantile(sampled, [0.01, 0.99])
        np.testing.assert_allclose(row["range"], quantiles, atol=0.5)


def test_a_served_model_forgets_the_optimizer(tmp_path):
    """Twice the weights would be Adam's."""
    model = tfvae.VAE((32, 32, 1), latent_dim=3, network="chen2018")
    model.compile("adam")
    model.fit(np.zeros([2, 32, 32, 1], "float32"), verbose=0)
    path = export_saved_model(model, tmp_path)
    weights = path / "variables" / "variables.data-00000-of-00001"
    assert weights.stat().st_size < 1.01 * 4 * model.count_params()
    assert tf.saved_model.contains_saved_model(path)
