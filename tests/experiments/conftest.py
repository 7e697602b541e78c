"""What an experiment turns on for its runs is off again afterwards."""

import pytest
from tensorflow.python.framework import config


@pytest.fixture(autouse=True)
def _without_determinism():
    """TensorFlow's deterministic operations exclude XLA, which others test."""
    yield
    config.disable_op_determinism()
