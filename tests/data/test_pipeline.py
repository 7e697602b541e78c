import numpy as np
import pytest
import tensorflow as tf

from tfvae.data import from_arrays
from tfvae.data import pipeline

SIZE = 10


@pytest.fixture
def dataset():
    """Ten images, each of which shows its own index."""
    index = np.arange(SIZE, dtype=np.uint8)
    return from_arrays(np.tile(index[:, None, None, None], (1, 2, 3, 1)))


def shown(batches, steps):
    """The indices that the first batches show, `[steps, batch_size]`."""
    pixels = [batch[:, 0, 0, 0] for batch in batches.take(steps)]
    return np.rint(np.stack(pixels) * 255).astype(int)


def sequence(batch_size, seed, images):
    """The first indices in the order of the batches, `[images]`."""
    steps = range(-(-images // batch_size))
    batches = [
        pipeline.batch_indices(SIZE, batch_size, seed, step) for step in steps
    ]
    return np.concatenate(batches)[:images]


@pytest.mark.parametrize("batch_size", [1, 4, 10, 25])
@pytest.mark.parametrize("start_step", [0, 1, 7])
def test_a_later_start_skips_the_steps_before(dataset, batch_size, start_step):
    late = dataset.batches(batch_size, seed=3, start_step=start_step)
    whole = dataset.batches(batch_size, seed=3)
    np.testing.assert_array_equal(
        shown(late, 4), shown(whole.skip(start_step), 4)
    )


@pytest.mark.parametrize("batch_size", [1, 3, 4, 10, 25])
def test_every_epoch_is_a_permutation(batch_size):
    epochs = sequence(batch_size, seed=0, images=5 * SIZE).reshape(5, SIZE)
    np.testing.assert_array_equal(np.sort(epochs), [np.arange(SIZE)] * 5)


@pytest.mark.parametrize("batch_size", [3, 4, 25])
def test_the_order_does_not_depend_on_the_batch_size(batch_size):
    np.testing.assert_array_equal(
        sequence(batch_size, seed=0, images=50),
        sequence(1, seed=0, images=50),
    )


@pytest.mark.parametrize("size", [1, 255, 256, 70_000])
def test_the_type_of_an_order_is_narrow_and_changes_nothing(size):
    order = pipeline.epoch_order(size, seed=3, epoch=2)
    wide = np.random.default_rng([3, 2]).permutation(size)
    np.testing.assert_array_equal(order, wide)
    assert order.dtype.itemsize <= 4
    assert pipeline.batch_indices(size, 4, seed=3, step=9).dtype == np.int64


def test_epochs_and_seeds_have_orders_of_their_own():
    orders = [
        pipeline.epoch_order(100, seed, epoch).tolist()
        for seed in (0, 1, 2)
        for epoch in (0, 1, 2)
    ]
    assert len({tuple(order) for order in orders}) == 9


@pytest.mark.parametrize("step", [0, 1, 2, 1000])
def test_a_batch_is_the_images_of_its_indices(dataset, step):
    [batch] = dataset.batches(4, seed=5, start_step=step).take(1)
    indices = pipeline.batch_indices(SIZE, 4, seed=5, step=step)
    np.testing.assert_array_equal(
        batch, np.float32(dataset.images(indices)) / np.float32(255)
    )


def test_batches_have_static_shapes(dataset):
    spec = dataset.batches(4, seed=0).element_spec
    assert spec == tf.TensorSpec([4, 2, 3, 1], tf.float32)


def test_the_end_of_fit_does_not_wait_for_a_tuner(dataset):
    assert dataset.batches(4, seed=0).options().autotune.enabled is False


def test_black_is_0_and_white_is_1():
    images = np.uint8([0, 255]).reshape(2, 1, 1, 1)
    [batch] = from_arrays(images).batches(2, seed=0).take(1)
    assert sorted(batch.numpy().ravel()) == [0.0, 1.0]


@pytest.mark.parametrize("batch_size", [0, -1])
def test_batch_size_must_be_positive(dataset, batch_size):
    with pytest.raises(ValueError, match=f"`batch_size`.*{batch_size}"):
        dataset.batches(batch_size, seed=0)


def test_seed_must_not_be_negative(dataset):
    with pytest.raises(ValueError, match="`seed`.*-1"):
        dataset.batches(4, seed=-1)


@pytest.mark.parametrize("hosts, here", [(2, 1), (4, 1), (2, 2)])
def test_hosts_read_every_batch_once_between_them(hosts, here):
    """And each its own rows, in the order of the replicas."""
    images = np.arange(24, dtype=np.uint8).reshape(-1, 1, 1, 1)
    dataset = from_arrays(np.tile(images, [1, 2, 2, 1]))
    whole = dataset.batches(8, seed=3, start_step=2).take(4)
    shares = [
        dataset.batches(
            8, 3, 2, range(host * here, (host + 1) * here), hosts * here
        ).take(4 * here)
        for host in range(hosts)
    ]
    by_host = [np.stack(list(share.as_numpy_iterator())) for share in shares]
    for step, batch in enumerate(whole.as_numpy_iterator()):
        parts = [
            part for host in by_host for part in host[step * here :][:here]
        ]
        np.testing.assert_array_equal(np.concatenate(parts), batch)
