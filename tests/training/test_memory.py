import pytest
import tensorflow as tf

from tfvae.training.memory import naming_the_batch


@pytest.mark.parametrize(
    "error",
    [
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating"),
        MemoryError("Unable to allocate 8 GiB"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_full_memory_names_the_batch_and_what_to_try(error):
    with pytest.raises(ValueError) as raised:
        with naming_the_batch(4096, (64, 64, 3)):
            raise error
    message = str(raised.value)
    for part in (
        "smaller --batch-size",
        "--precision mixed_bfloat16",
        "batch_size=4096, image_shape=(64, 64, 3)",
    ):
        assert part in message
    assert raised.value.__cause__ is error


def test_other_errors_stay_as_they_are():
    with pytest.raises(tf.errors.UnavailableError):
        with naming_the_batch(8, (64, 64, 1)):
            raise tf.errors.UnavailableError(None, None, "gone")
