import inspect
import json
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tfvae import metrics
from tfvae.data import dsprites
from tfvae.metrics import encoding
from tfvae.metrics import measuring
from tfvae.metrics import posteriors
from tfvae.metrics import sources
from tfvae.metrics.sources import Sources

SHAPE = (32, 32, 1)
FACTORS = np.stack(np.unravel_index(np.arange(600), (3, 4, 50)), axis=1)
FACTORS[:, 2] %= 5


@pytest.fixture(scope="module")
def dataset():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, [600, *SHAPE]).astype(np.uint8)
    return tfvae.data.from_arrays(images, FACTORS)


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return tfvae.VAE(SHAPE, latent_dim=4, objective="VAE")


@pytest.fixture(scope="module")
def everything(model, dataset):
    return metrics.evaluate(model, dataset, sample=300, resamples=3)


def test_every_metric_is_measured(everything):
    assert list(everything["metrics"]) == metrics.names()
    for name, measured in everything["metrics"].items():
        assert "skipped" not in measured, (name, measured)
        assert measured["scores"] and measured["seconds"] >= 0
        assert measured["intervals"].keys() <= measured["scores"].keys()
        assert measured["intervals"], name


def test_the_result_is_json(everything):
    assert json.loads(json.dumps(everything, allow_nan=False)) == everything


def test_scores_are_those_of_the_metric(model, dataset, everything):
    indices = np.random.default_rng(0).permutation(600)
    codes, log_vars = encoding.encode(model, dataset, indices)
    expected = metrics.mig(codes[:300], FACTORS[indices[:300]])["mig"]
    received = everything["metrics"]["mig"]
    assert received["scores"]["mig"] == pytest.approx(expected, abs=1e-9)
    assert received["samples"] == 300
    assert received["options"]["bins"] == 20
    shape = np.shape(received["details"]["mutual_information"])
    assert shape == (4, 3)
    whole = metrics.elbo_decomposition(codes, log_vars)
    decomposed = everything["metrics"]["elbo_decomposition"]["scores"]
    assert decomposed["kl"] == pytest.approx(whole["kl"], abs=1e-5)


def test_the_bounds_are_in_order(everything):
    scores = {
        name: everything["metrics"][name]["scores"] for name in ("elbo", "iwae")
    }
    assert scores["iwae"]["iwae"] > scores["elbo"]["elbo"]
    assert scores["elbo"]["kl"] > 0


def test_the_same_seed_gives_the_same_scores(model, dataset):
    names = ["mig", "beta_vae_score", "elbo"]
    one, same, other = (
        {
            name: measured["scores"]
            for name, measured in metrics.evaluate(
                model, dataset, names, seed, resamples=0, sample=300
            )["metrics"].items()
        }
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_codes_alone(dataset):
    result = metrics.evaluate(FACTORS * 1.0, dataset, sample=300, resamples=0)
    assert result["metrics"]["mig"]["scores"]["mig"] == pytest.approx(
        1, abs=0.01
    )
    for name in ("elbo", "iwae", "mig_aggregate", "elbo_decomposition"):
        assert "Received: codes alone" in result["metrics"][name]["skipped"]


def test_a_factor_with_one_value_is_left_out(dataset):
    factors = np.column_stack([FACTORS[:, :2], np.full(600, 7)])
    images = dataset.images(np.arange(600))
    dataset = tfvae.data.from_arrays(images, factors)
    result = metrics.evaluate(
        FACTORS[:, :2] * 1.0, dataset, "mig", sample=300, resamples=0
    )
    assert result["factors"] == ["factor_0", "factor_1"]
    assert result["constant_factors"] == ["factor_2"]
    details = result["metrics"]["mig"]["details"]
    assert np.shape(details["mutual_information"]) == (2, 2)


def test_a_value_that_few_images_have_does_not_spoil_the_rest(dataset):
    factors = np.column_stack([FACTORS[:, :2], np.arange(600) == 5])
    dataset = tfvae.data.from_arrays(dataset.images(np.arange(600)), factors)
    result = metrics.evaluate(factors * 1.0, dataset, sample=300, resamples=3)
    assert result["constant_factors"] == ["factor_2"]
    for name in ("mig", "dci", "sap", "explicitness"):
        assert "scores" in result["metrics"][name]


def test_a_half_without_a_value_costs_the_interval_alone(dataset):
    order = np.random.default_rng(0).permutation(600)
    rare = np.isin(np.arange(600), order[[0, 300]])  # one image of each part
    factors = np.column_stack([FACTORS[:, :2], rare])
    dataset = tfvae.data.from_arrays(dataset.images(np.arange(600)), factors)
    measured = metrics.evaluate(
        factors * 1.0, dataset, "mig", sample=300, resamples=10
    )["metrics"]["mig"]
    assert len(measured["details"]["gaps"]) == 3
    assert measured["intervals"] == {}
    assert "factor 2 is always 0" in measured["no_intervals"]


def test_without_a_factor_that_varies(dataset):
    images = dataset.images(np.arange(600))
    dataset = tfvae.data.from_arrays(images, np.ones([600, 1], int))
    with pytest.raises(ValueError, match="constant: factor_0"):
        metrics.evaluate(FACTORS * 1.0, dataset, "mig")


def test_the_parts_are_disjoint():
    train, test = sources.split(600, sample=300)
    assert (train, test) == (slice(0, 300), slice(300, 450))
    train, test = sources.split(90, sample=300)  # too few for it
    assert (train, test) == (slice(0, 60), slice(60, 90))


def test_the_interval_is_that_of_fresh_draws(model):
    """The mean of 500 terms has a standard deviation of theirs / root 500."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, [750, *SHAPE]).astype(np.uint8)
    dataset = tfvae.data.from_arrays(images)
    result = metrics.evaluate(model, dataset, "elbo", sample=500, resamples=200)
    indices = np.random.default_rng(0).permutation(750)[:500]
    nll, _ = encoding.reconstruction(model, dataset, indices, seed=0)
    low, high = result["metrics"]["elbo"]["intervals"]["nll"]
    expected = 2 * 1.96 * nll.std() / np.sqrt(500)
    assert high - low == pytest.approx(expected, rel=0.2)


def test_the_spread_over_halves_is_that_of_fresh_draws():
    """Of the correlation of normal numbers: (1 - rho^2) / root N."""

    def correlation(codes, factors, seed):
        rho = np.corrcoef(codes[:, 0], factors[:, 0])[0, 1]
        return {"correlation": float(rho)}

    correlation.resampled, correlation.rows = metrics.base.EVERY, "sample"
    rng = np.random.default_rng(0)
    codes = rng.standard_normal([400, 1])
    factors = 0.6 * codes + 0.8 * rng.standard_normal([400, 1])
    given = SimpleNamespace(codes=codes, factors=factors, seed=0)
    measured = measuring.measure(correlation, given, 400, print)
    low, high = measured["intervals"]["correlation"]
    expected = 2 * 1.97 * (1 - 0.6**2) / np.sqrt(400)
    assert high - low == pytest.approx(expected, rel=0.15)
    assert (low + high) / 2 == pytest.approx(
        measured["scores"]["correlation"], abs=1e-9
    )


def test_a_half_keeps_the_rows_of_a_part_together():
    train, test = np.arange(20), np.arange(100, 110)
    rows = {
        "train_codes": train,
        "train_factors": -train,
        "test_codes": test,
        "test_factors": -test,
    }
    half = measuring._half(rows, np.random.default_rng(0))
    assert [len(set(part)) for part in half.values()] == [10, 10, 5, 5]
    np.testing.assert_array_equal(half["train_codes"], -half["train_factors"])
    np.testing.assert_array_equal(half["test_codes"], -half["test_factors"])
    assert set(half["test_codes"]) <= set(test)


def test_a_metric_of_seconds_is_run_on_few_halves():
    calls = []

    def slow(codes):
        calls.append(len(codes))
        return {"slow": float(codes.mean())}

    slow.resampled = metrics.base.FEW
    given = SimpleNamespace(codes=np.arange(10.0))
    for resamples, halves in [(100, 5), (10, 2), (0, 0)]:
        calls.clear()
        measuring.measure(slow, given, resamples, print)
        assert calls == [10] + halves * [5]


def test_the_aggregate_posterior_is_made_once(model, dataset, monkeypatch):
    made = []
    aggregate = posteriors.aggregate

    def counted(*arguments):
        made.append(arguments)
        return aggregate(*arguments)

    monkeypatch.setattr(posteriors, "aggregate", counted)
    names = ["elbo_decomposition", "mig_aggregate"]
    together = metrics.evaluate(model, dataset, names, resamples=0)
    assert len(made) == 1
    for name in names:
        alone = metrics.evaluate(model, dataset, name, resamples=0)
        assert (
            alone["metrics"][name]["scores"]
            == (together["metrics"][name]["scores"])
        )


def test_symmetric_factors_are_measured():
    dataset = tfvae.data.load("dsprites")
    codes = dsprites.symmetric(dataset.factors(np.arange(dataset.size)))
    options = {"metrics": "mig", "images": 9000, "resamples": 0}
    plain, symmetric = (
        metrics.evaluate(codes * 1.0, dataset, symmetric=value, **options)
        for value in (False, True)
    )
    assert symmetric["symmetric"] and not plain["symmetric"]
    orientation = [
        result["metrics"]["mig"]["details"]["gaps"][2]
        for result in (plain, symmetric)
    ]
    assert orientation[1] > orientation[0] + 0.05


def test_weights_have_a_fingerprint(dataset):
    one, other = (tfvae.VAE(SHAPE, latent_dim=2) for _ in range(2))
    other.set_weights(one.get_weights())
    assert encoding.fingerprint(one) == encoding.fingerprint(other)
    other.trainable_variables[0].assign_add(
        tf.ones_like(other.trainable_variables[0])
    )
    assert encoding.fingerprint(one) != encoding.fingerprint(other)


def test_a_model_for_images_of_another_shape(dataset):
    with pytest.raises(ValueError, match=r"\(64, 64, 1\)"):
        metrics.evaluate(tfvae.VAE((64, 64, 1)), dataset, "mig")


def test_images_alone(model):
    images = np.random.default_rng(0).random([60, *SHAPE])
    dataset = tfvae.data.from_arrays(images)
    result = metrics.evaluate(model, dataset, resamples=0)["metrics"]
    assert "ground truth" in result["mig"]["skipped"]
    assert result["elbo"]["scores"]["kl"] > 0


def test_fast_encodes_few_images(model, dataset, monkeypatch):
    # the module's name in the package is the function's
    module = sys.modules["tfvae.metrics.evaluate"]
    monkeypatch.setattr(module, "FAST_IMAGES", 90)
    result = metrics.evaluate(model, dataset, "fast")
    assert result["images"] == 90
    assert list(result["metrics"]) == [
        name for name in metrics.names() if metrics.METRICS[name].fast
    ]


def test_each_image_is_encoded_once(model, dataset):
    done = []
    codes, _ = encoding.encode(
        model, dataset, np.arange(600), lambda *now: done.append(now)
    )
    assert len(codes) == 600
    assert done[-1] == (600, 600)
    images = dataset.floats(dataset.images(np.arange(590, 600)))
    np.testing.assert_allclose(codes[590:], model.encode(images)[0], atol=1e-5)


def test_progress_is_told(model, dataset):
    told = []
    metrics.evaluate(
        model,
        dataset,
        ["mig", "elbo"],
        resamples=0,
        progress=lambda *now: told.append(now),
    )
    assert ("encoding", 600, 600) in told
    assert ("mig", 0, 2) in told and ("elbo", 1, 2) in told
    assert told[-1] == ("all", 2, 2)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"metrics": "mgi"}, "Did you mean 'mig'"),
        ({"metrics": ["mig", "nothing"]}, "Unknown metric"),
        ({"metrics": "mig", "symmetric": True}, "symmetries"),
        ({"images": 0}, "`images`.*images=0"),
        ({"sample": -1}, "`sample`.*sample=-1"),
        ({"resamples": -1}, "`resamples`.*resamples=-1"),
    ],
)
def test_bad_options(model, dataset, options, message):
    with pytest.raises(ValueError, match=message):
        metrics.evaluate(model, dataset, **options)


def test_a_metric_asked_for_by_name_must_be_measurable(dataset):
    with pytest.raises(ValueError, match="Metric elbo: .*codes alone"):
        metrics.evaluate(FACTORS * 1.0, dataset, "elbo")


def test_codes_must_be_of_the_whole_set(dataset):
    with pytest.raises(ValueError, match="all 600 images"):
        metrics.evaluate(FACTORS[:10] * 1.0, dataset)


@pytest.mark.parametrize("name", metrics.names())
def test_every_metric_can_be_filled(name):
    parameters = inspect.signature(metrics.METRICS[name]).parameters
    for parameter in parameters.values():
        known = hasattr(Sources, parameter.name) or parameter.name == "seed"
        assert known or parameter.default is not inspect.Parameter.empty


def test_what_is_not_finite_is_written_as_null():
    given = {"a": float("nan"), "b": np.array([1.0, np.inf]), "c": np.int64(3)}
    written = measuring._json(given)
    assert written == {"a": None, "b": [1.0, None], "c": 3}
