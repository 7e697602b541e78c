import keras
import numpy as np
import pytest
import tensorflow as tf
from matplotlib.figure import Figure
from tensorboard.backend.event_processing import event_accumulator

from tests.training.callbacks.fitting import DATASET
from tests.training.callbacks.fitting import IMAGES
from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import new
from tfvae import callbacks


def names_in(directory) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_every_figure_has_a_file_for_each_step_that_is_due(tmp_path):
    writer = callbacks.FigureWriter(DATASET, tmp_path / "figures", every=5)
    fit(new(), writer)
    assert names_in(tmp_path / "figures") == [
        "reconstructions-000000005.png",
        "reconstructions-000000010.png",
        "traversals-000000005.png",
        "traversals-000000010.png",
    ]


def test_a_figure_shows_the_model_as_it_stands(tmp_path):
    """Drawn after the first epoch and the second, and by hand after both."""
    shown = []

    def reconstructions(images, reconstructed):
        shown.append((images, reconstructed))
        return Figure()

    writer = callbacks.FigureWriter(IMAGES, tmp_path, ["reconstructions"])
    writer.figures["reconstructions"] = reconstructions
    model = new()
    fit(model, writer, steps=2, epochs=2)
    (images, first), (again, second) = shown
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(second, model.reconstruct(images))
    assert not np.array_equal(first, second)


def test_tensorboard_has_the_files(tmp_path):
    writer = callbacks.FigureWriter(
        DATASET, tmp_path, ["traversals"], every=2, events=tmp_path / "events"
    )
    fit(new(), writer, steps=4)
    events = event_accumulator.EventAccumulator(str(tmp_path / "events"))
    stored = events.Reload().Tensors("traversals")
    assert [event.step for event in stored] == [2, 4]
    for event in stored:
        png = tf.make_ndarray(event.tensor_proto)[2]
        file = tmp_path / f"traversals-{event.step:09d}.png"
        written = keras.utils.img_to_array(keras.utils.load_img(file))
        np.testing.assert_array_equal(tf.io.decode_png(png), written)


def test_drawing_changes_nothing_about_training(tmp_path):
    weights = []
    for own in ([], [callbacks.FigureWriter(DATASET, tmp_path, every=1)]):
        model = new()
        fit(model, *own, steps=3)
        weights.append([v.numpy() for v in model.variables])
    for one, two in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_figure_that_cannot_be_drawn_is_left_out_and_named(tmp_path):
    def nothing(images):
        raise ValueError("No latent is active.")

    told = []
    writer = callbacks.FigureWriter(
        DATASET, tmp_path, every=2, warn=told.append
    )
    writer.figures["traversals"] = nothing
    fit(new(), writer, steps=4)
    assert told == [
        "No figure traversals at step 2: No latent is active.",
        "No figure traversals at step 4: No latent is active.",
    ]
    assert names_in(tmp_path) == [
        "reconstructions-000000002.png",
        "reconstructions-000000004.png",
    ]


def test_images_of_another_shape_show_before_training(tmp_path):
    writer = callbacks.FigureWriter(np.zeros([4, 64, 64], bool), tmp_path)
    with pytest.raises(ValueError, match=r"is for images \(32, 32, 1\)"):
        fit(new(), writer)


def test_a_wrong_name_shows_before_training(tmp_path):
    with pytest.raises(ValueError, match="Did you mean 'traversals'"):
        callbacks.FigureWriter(DATASET, tmp_path, ["traversal"])
