import gc

import numpy as np
import pytest

from tfvae.models.recent import Recent


class Reader:
    """Anybody."""


def test_readers_do_not_take_from_each_other():
    recent, often, seldom = Recent(1), Reader(), Reader()
    for reader in (often, seldom):
        recent.take(reader)
    seen = []
    for value in (1.0, 2.0, 6.0):
        recent.update_state(np.array([[value]], "float32"))
        seen += recent.take(often).tolist()
    assert seen == [1.0, 2.0, 6.0]
    assert recent.take(seldom).tolist() == [3.0]
    assert recent.take(seldom).tolist() == [0.0]


def test_every_image_counts_the_same_however_large_the_batches():
    recent, reader = Recent(2), Reader()
    recent.take(reader)
    recent.update_state(np.array([[0.0, 1.0]], "float32"))
    recent.update_state(np.array([[3.0, 1.0], [3.0, 4.0]], "float32"))
    assert recent.result().numpy().tolist() == [2.0, 2.0]
    assert recent.take(reader).tolist() == [2.0, 2.0]


def test_the_first_look_of_a_reader_begins_its_window():
    recent, late = Recent(1), Reader()
    recent.update_state(np.array([[5.0]], "float32"))
    assert recent.take(late).tolist() == [0.0]
    recent.update_state(np.array([[7.0]], "float32"))
    assert recent.take(late).tolist() == [7.0]


def test_what_is_not_a_number_leaves_with_its_window():
    recent, reader = Recent(1), Reader()
    recent.take(reader)
    recent.update_state(np.array([[np.nan]], "float32"))
    assert np.isnan(recent.take(reader)).all()
    recent.update_state(np.array([[2.0]], "float32"))
    assert recent.take(reader).tolist() == [2.0]


def test_sums_stay_exact_over_many_windows():
    """A reader that never looks sees the mean of all windows."""
    recent, often, never = Recent(1), Reader(), Reader()
    for reader in (often, never):
        recent.take(reader)
    for _ in range(300):
        recent.update_state(np.full([1, 1], 1e6 + 1, "float32"))
        recent.take(often)
    assert recent.take(never)[0] == pytest.approx(1e6 + 1, rel=1e-12)


def test_a_reader_that_is_gone_is_forgotten():
    recent, reader = Recent(1), Reader()
    recent.take(reader)
    assert len(recent._waiting) == 1
    del reader
    gc.collect()
    assert len(recent._waiting) == 0
