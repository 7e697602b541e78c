import numpy as np
import pytest

import options
import tfvae
import train
from experiments import price_of_a_latent
from experiments.price_of_a_latent import opening_gain
from tfvae.training.runs import Run


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_the_gain_of_a_linear_decoder_is_its_signal_to_noise(rng):
    # g = -3 f_0 in a direction whose Fisher information is 4: (3 / 2)^2
    features = rng.standard_normal([50_000, 2])
    gradients = rng.standard_normal([50_000, 3])
    gradients[:, 1] -= 3 * features[:, 0]
    fisher = 2 * rng.standard_normal([50_000, 3])
    gain = opening_gain(features, gradients, fisher)
    assert gain == pytest.approx(2.25, rel=0.02)


def test_the_gain_knows_no_units_and_no_means(rng):
    features = rng.standard_normal([1000, 2])
    gradients, fisher = rng.standard_normal([2, 1000, 3])
    f, g = rng.standard_normal([2, 2]), rng.standard_normal([3, 3])
    gain = opening_gain(features, gradients, fisher)
    other = opening_gain(features @ f + 7, gradients @ g, fisher @ g)
    assert other == pytest.approx(gain)


def test_a_run_gets_its_row(tmp_path, monkeypatch):
    monkeypatch.setattr(price_of_a_latent, "IMAGES", 500)
    params = options.params_of({"objective": "H", "steps": 10})
    model = train.build(params, tfvae.data.load("dsprites"))
    model.optimizer.build(model.trainable_variables)
    run = Run(tmp_path)
    run.open(params.to_json(), resume=False)
    run.save_model(model)
    row = price_of_a_latent.row(str(tmp_path))
    assert f"{tmp_path}: step 0, beta 100: gain " in row
