from dataclasses import dataclass

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tfvae import callbacks
from tfvae.objectives.capacity import B

STEPS = 200


@dataclass(frozen=True)
class Averaged(B):
    """The mistake: a reconstruction averaged over the pixels."""

    def __call__(self, forward, step):
        terms = super().__call__(forward, step)
        nll = forward.nll() / 1024
        loss = terms["loss"] - forward.nll() + nll
        return {**terms, "loss": loss, "nll": nll}


def capacity(step):
    """0 for 50 steps, then a nat more in 100."""
    return tf.nn.relu(tf.cast(step, tf.float32) - 50) / 100


@pytest.fixture(scope="module")
def squares():
    """A white square in each of 25 x 25 places."""
    images = np.zeros([625, 32, 32, 1], np.uint8)
    for number, image in enumerate(images):
        row, column = divmod(number, 25)
        image[row : row + 8, column : column + 8] = 255
    return tfvae.data.from_arrays(images)


def trained(objective, squares, *own) -> tfvae.VAE:
    keras.utils.set_random_seed(0)
    model = tfvae.VAE((32, 32, 1), latent_dim=4, objective=objective)
    model.compile(keras.optimizers.Adam(3e-3))
    model.fit(
        squares.batches(8, seed=0),
        steps_per_epoch=STEPS,
        callbacks=list(own),
        shuffle=False,
        verbose=0,
    )
    return model


@pytest.fixture(scope="module")
def averaged(squares):
    """A model that made the mistake, its callback, and what that told."""
    told = []
    watch = callbacks.CollapseWarning(squares, every=50, warn=told.append)
    objective = Averaged(gamma=10.0, capacity=capacity)
    return trained(objective, squares, watch), watch, told


def test_an_averaged_reconstruction_is_named_once(averaged):
    _, watch, [told] = averaged
    assert watch.found.collapsed
    for text in (
        "At step ",
        "nats, of which at most 0.0 are about the image",
        "is an average over the 1,024 pixels: sum it",
        "docs/loss.md",
    ):
        assert text in told


def test_the_warning_is_one_of_python_unless_told_otherwise(averaged, squares):
    watch = callbacks.CollapseWarning(squares)
    watch.set_model(averaged[0])
    with pytest.warns(UserWarning, match="At step 500 the KL is"):
        watch.on_step(500, {"nll": 0.25})


def test_of_a_sum_it_says_that_the_price_of_the_kl_is_too_large(
    averaged, squares
):
    told = []
    watch = callbacks.CollapseWarning(squares, warn=told.append)
    watch.set_model(averaged[0])
    watch.on_step(500, {"nll": 230.0})
    assert "230 nats an image" in told[0]
    assert "gamma or beta is far too large" in told[0]


@pytest.mark.parametrize(
    "objective",
    [
        pytest.param(B(gamma=10.0, capacity=capacity), id="healthy"),
        pytest.param(tfvae.objectives.get("H", beta=1e3), id="KL near 0"),
    ],
)
def test_other_models_give_no_warning(objective, squares):
    """At any moment of their training."""
    watch = callbacks.CollapseWarning(squares, every=10)
    trained(objective, squares, watch)
    assert watch.found is None


def test_images_of_another_shape_show_before_training(averaged):
    watch = callbacks.CollapseWarning(np.zeros([4, 64, 64], bool))
    watch.set_model(averaged[0])
    with pytest.raises(ValueError, match=r"is for images \(32, 32, 1\)"):
        watch.on_epoch_begin(0)


def test_one_picture_for_all_images_proves_nothing(averaged):
    watch = callbacks.CollapseWarning(np.zeros([8, 32, 32, 1], np.uint8))
    watch.set_model(averaged[0])
    watch.on_step(500, {"nll": 0.25})
    assert watch.found is None
