"""What every registered data set must have and do."""

import keras
import numpy as np
import pytest

import tfvae
from tests.pictures import picture
from tests.runs import bars
from tfvae import data
from tfvae.training.callbacks import NaNGuard

DRAWN = [cls.name for cls in data.DATASETS.classes() if "drawn" in cls.obtained]
YOURS = ["folder", "npz"]

pytestmark = pytest.mark.usefixtures("sprites_drawn_once")


@pytest.fixture
def options(tmp_path, monkeypatch):
    """Options of those data sets that need some, with images there."""
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    images, factors = bars()
    np.savez(tmp_path / "bars.npz", images=images, factors=factors)
    (tmp_path / "bars").mkdir()
    rows = ["file,column,row"]
    for number, image in enumerate(images):
        name = f"{number:03}.png"
        (tmp_path / "bars" / name).write_bytes(picture(image[..., 0]))
        rows.append(f"{name},{factors[number, 0]},{factors[number, 1]}")
    csv = tmp_path / "bars.csv"
    csv.write_text("\n".join(rows))
    return {
        "npz": {"path": str(tmp_path / "bars.npz")},
        "folder": {
            "dir": str(tmp_path / "bars"),
            "image_size": 32,
            "channels": 1,
            "factors_csv": str(csv),
        },
    }


def test_the_data_sets_that_need_no_download():
    assert {*DRAWN} == {
        "color_dsprites",
        "dsprites",
        "noisy_dsprites",
        "xysquares",
    }


@pytest.mark.parametrize("name", data.names())
def test_it_says_where_it_comes_from(name):
    cls = data.DATASETS[name]
    for text in (cls.obtained, cls.licence, cls.citation):
        assert text and text == text.strip()
    assert cls.__doc__
    assert cls.grid is not None or cls.count or cls.licence == "yours"


@pytest.mark.parametrize("name", [*DRAWN, *YOURS])
def test_it_trains_and_is_evaluated(name, options):
    dataset = data.load(name, **options.get(name, {}))
    keras.utils.set_random_seed(0)
    model = tfvae.VAE(dataset.image_shape, latent_dim=2)
    model.compile(keras.optimizers.Adam(1e-3))
    before = [variable.numpy() for variable in model.trainable_variables]
    model.fit(
        dataset.batches(4, seed=0),
        steps_per_epoch=1,
        callbacks=[NaNGuard()],
        shuffle=False,
        verbose=0,
    )
    for variable, old in zip(model.trainable_variables, before, strict=True):
        assert not np.array_equal(variable, old)
    result = tfvae.metrics.evaluate(
        model, dataset, ["mig", "elbo"], images=200, sample=100, resamples=2
    )
    assert result["factors"] == list(dataset.factor_names)
    for measured in result["metrics"].values():
        assert np.isfinite([*measured["scores"].values()]).all()


@pytest.mark.parametrize("name", [*DRAWN, *YOURS])
def test_images_factors_and_batches_belong_together(name, options):
    dataset = data.load(name, **options.get(name, {}))
    indices = np.array([dataset.size - 1, 0, 7, 0])
    images = dataset.images(indices)
    assert images.shape == (4, *dataset.image_shape)
    assert images.dtype == np.uint8
    assert images.max() <= dataset.max_value
    factors = dataset.factors(indices)
    assert factors.shape == (4, len(dataset.factor_names))
    assert (factors < dataset.factor_sizes).all()
    shown = [*dataset.in_order(indices, batch_size=3)]
    np.testing.assert_array_equal(np.concatenate(shown), dataset.floats(images))
    np.testing.assert_array_equal(dataset.images_of(factors), images)
    assert repr(dataset).startswith(type(dataset).__name__)
