"""Names that docstring examples may use."""

import numpy
import pytest
import tensorflow


@pytest.fixture(autouse=True)
def _example_names(doctest_namespace):
    doctest_namespace["np"] = numpy
    doctest_namespace["tf"] = tensorflow
