import keras
import numpy as np
import pytest
from scipy.stats import norm

import tfvae
from tests import runs
from tfvae.views import Views

SHAPE = runs.SHAPE


@pytest.fixture(scope="module")
def bars():
    """With a factor that never varies."""
    images, factors = runs.bars()
    return tfvae.data.from_arrays(images, np.pad(factors, [(0, 0), (0, 1)]))


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return tfvae.VAE(SHAPE, latent_dim=3)


@pytest.fixture(scope="module")
def views(model, bars):
    return Views(model, bars)


def test_shown_images_are_those_that_are_encoded_first(model, views):
    mean, log_var = model.encode(views.images)
    shown = len(views.images)
    np.testing.assert_allclose(views.codes[:shown], mean, atol=1e-5)
    np.testing.assert_allclose(
        views.stddevs[:shown], np.exp(log_var / 2), rtol=1e-4
    )
    np.testing.assert_allclose(
        views.reconstructed, model.decode(mean), atol=1e-5
    )


def test_the_kl_is_that_of_the_model(model, bars, views):
    forward = model.infer(bars.floats(bars.images(np.arange(bars.size))))
    expected = np.mean(forward.latent_kl(), axis=0)
    np.testing.assert_allclose(views.latent_kl, expected, rtol=1e-4)
    assert views.active.tolist() == (expected > 0.1).tolist()


def test_a_traversal_moves_one_latent_alone(model, views):
    z = model.encode(views.images)[0].numpy()[1]
    z[2] = views.values[2, -1]
    [expected] = model.decode(z[np.newaxis]).numpy()
    np.testing.assert_allclose(views.traversed[1, 2, -1], expected, atol=1e-5)


def test_latents_move_between_quantiles_of_the_aggregate_posterior(views):
    """Its distribution function is the mean of those of the posteriors; the
    codes of this model, which is not trained, all lie near 0."""
    for latent in range(3):
        first, last = norm.cdf(
            views.values[latent, [0, -1], np.newaxis],
            views.codes[:, latent],
            views.stddevs[:, latent],
        ).mean(axis=1)
        assert first == pytest.approx(0.01, abs=0.03)
        assert last == pytest.approx(0.99, abs=0.03)
    steps = np.diff(views.values, axis=1)
    np.testing.assert_allclose(steps, steps[:, :1].repeat(8, 1), rtol=1e-4)


def test_latents_can_move_between_fixed_limits(model, bars):
    views = Views(model, bars, limit=3)
    expected = np.tile(np.linspace(-3, 3, 9), [3, 1])
    np.testing.assert_allclose(views.values, expected)
    z = model.encode(views.images)[0].numpy()[0]
    z[1] = -3
    [image] = model.decode(z[np.newaxis]).numpy()
    np.testing.assert_allclose(views.traversed[0, 1, 0], image, atol=1e-5)


@pytest.mark.parametrize("limit", [0, -3, np.nan])
def test_limits_are_above_nothing(model, bars, limit):
    with pytest.raises(ValueError, match="`limit` must be above 0"):
        Views(model, bars, limit=limit)


def test_factors_that_never_vary_are_left_out(views):
    assert views.factor_names == ["factor_0", "factor_1"]
    assert views.factors.shape == (384, 2)
    assert views.shares.shape == views.importance.shape == (3, 2)
    assert len(views.factor_images) == 2


def test_one_factor_moves_from_its_first_to_its_last_value(bars, views):
    first, last = bars.images_of([[4, 0, 0], [4, 7, 0]])
    np.testing.assert_array_equal(views.factor_images[1, 0], first / 255)
    np.testing.assert_array_equal(views.factor_images[1, -1], last / 255)
    assert views.factor_reconstructed.shape == views.factor_images.shape


def test_interpolation_is_straight_between_posterior_means(model, views):
    ends = views.interpolation_ends[0]
    means = model.encode(ends)[0].numpy()
    [middle] = model.decode(means.mean(axis=0, keepdims=True)).numpy()
    steps = views.interpolated.shape[1]
    np.testing.assert_allclose(
        views.interpolated[0, steps // 2], middle, atol=1e-5
    )
    np.testing.assert_allclose(
        views.interpolated[0, [0, -1]], model.decode(means), atol=1e-5
    )


def test_meanings_name_the_factor_a_latent_knows_most_of(views):
    for active, row, meaning in zip(
        views.active, views.shares, views.meanings, strict=True
    ):
        best = views.factor_names[int(row.argmax())]
        assert meaning == (f"{row.max():.0%} of {best}" if active else "")


def test_factors_that_never_vary_have_no_meaning(model, bars):
    images = bars.images(np.arange(20))
    constant = tfvae.data.from_arrays(images, np.ones([20, 2], int))
    views = Views(model, constant)
    assert views.meanings == ["", "", ""]
    with pytest.raises(ValueError, match="No factor varies"):
        _ = views.shares


def test_one_latent_has_a_meaning_too(bars):
    keras.utils.set_random_seed(0)
    views = Views(tfvae.VAE(SHAPE, latent_dim=1), bars)
    assert views.shares.shape == (1, 2)
    assert len(views.meanings) == 1


def test_images_alone_have_no_meaning(model, bars):
    views = Views(model, tfvae.data.from_arrays(bars.images(np.arange(3))))
    assert views.meanings == ["", "", ""]
    assert views.interpolated.shape[0] == 1
    with pytest.raises(ValueError, match="no ground-truth"):
        _ = views.factors
    with pytest.raises(ValueError, match="no history"):
        _ = views.history
