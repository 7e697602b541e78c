import numpy as np
import pytest

from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import fit_with_a_nan
from tests.training.callbacks.fitting import new
from tfvae import callbacks
from tfvae.training.checkpoints import Checkpoints


@pytest.mark.parametrize("start_step", [0, 100])
def test_a_nan_stops_training_and_names_the_step_and_the_terms(start_step):
    model = new()
    # the ReLU of some processors makes the encoder's NaN a 0
    text = f"step {start_step + 3}: (kl, )?loss, nll"
    with pytest.raises(callbacks.NotANumber, match=text):
        fit_with_a_nan(model, callbacks.NaNGuard(start_step=start_step), step=3)
    assert model.optimizer.iterations == 3


def test_too_large_a_learning_rate_stops_training():
    model = new()
    model.optimizer.learning_rate.assign(1e30)
    with pytest.raises(callbacks.NotANumber, match="Lower the learning rate"):
        fit(model, callbacks.NaNGuard())
    assert model.optimizer.iterations < 12


def test_a_nan_leaves_the_checkpoint_before_it(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    with pytest.raises(callbacks.NotANumber):
        fit_with_a_nan(
            new(),
            callbacks.NaNGuard(),
            callbacks.Checkpoint(checkpoints, every=1),
            step=3,
        )
    restored, step = checkpoints.restore()
    assert step == 2
    assert all(np.isfinite(v).all() for v in restored.weights)
