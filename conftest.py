"""Names that docstring examples may use, and the order of the tests."""

import numpy
import pytest
import tensorflow

# minutes each: the process that got one of them last would work on alone
SLOW = (
    "test_everything_registered.py",
    "test_hosts.py",
    "test_train.py",
    "test_saved_model.py",
    "test_signatures.py",
)


def pytest_collection_modifyitems(items):
    """The slowest files first, where processes share the files."""
    items.sort(key=lambda item: item.path.name not in SLOW)


@pytest.fixture(autouse=True)
def _example_names(doctest_namespace):
    doctest_namespace["np"] = numpy
    doctest_namespace["tf"] = tensorflow
