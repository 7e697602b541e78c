import pytest

from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import new
from tfvae import callbacks
from tfvae.training.checkpoints import Checkpoints


@pytest.mark.parametrize(
    ("every", "start_step", "saved"),
    [(5, 0, [5, 10]), (4, 6, [8, 12, 16]), (7, 6, [7, 14]), (50, 6, [])],
)
def test_checkpoints_are_saved_at_multiples(every, start_step, saved, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    fit(new(), callbacks.Checkpoint(checkpoints, every, start_step))
    assert checkpoints.paths() == [
        tmp_path / f"step-{step:09d}.keras" for step in reversed(saved)
    ]


def test_a_checkpoint_holds_the_steps_it_is_named_after(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    fit(
        new(steps_per_execution=2),
        callbacks.Checkpoint(checkpoints, every=3),
        steps=4,
        epochs=2,
    )
    restored, step = checkpoints.restore()
    assert step == restored.optimizer.iterations == 6
