import keras
import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing import event_accumulator

from tfvae.training.events import Events


def test_numbers_and_pictures_come_back_with_their_step(tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, [5, 7, 3])
    keras.utils.save_img(tmp_path / "a.png", picture, scale=False)
    events = Events(tmp_path / "events")
    events.scalars({"mig": 0.25, "kl/0": 2.0}, step=3)
    events.png("traversals", tmp_path / "a.png", step=4)
    events.flush()
    stored = event_accumulator.EventAccumulator(str(tmp_path / "events"))
    stored.Reload()
    for name, value in {"mig": 0.25, "kl/0": 2.0}.items():
        [event] = stored.Tensors(name)
        assert (event.step, tf.make_ndarray(event.tensor_proto)) == (3, value)
    [event] = stored.Tensors("traversals")
    width, height, png = tf.make_ndarray(event.tensor_proto)
    assert (event.step, int(width), int(height)) == (4, 7, 5)
    np.testing.assert_array_equal(tf.io.decode_png(png), picture)


def test_without_a_directory_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    events = Events(None)
    events.scalars({"mig": 0.25}, step=3)
    events.flush()
    assert not [*tmp_path.iterdir()]
