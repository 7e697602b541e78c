import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tfvae.data import cache

SHAPE = (10, 2, 3)
ROWS = np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)
KEY = {"name": "mine", "version": "1.0.0"}


@pytest.fixture(autouse=True)
def directory(tmp_path, monkeypatch):
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path))
    return tmp_path


def blocks():
    """In another order than they are kept in."""
    for indices in (np.arange(6, 10), np.array([5, 0, 3]), [1, 2, 4]):
        yield indices, ROWS[indices]


def never():
    raise AssertionError("made again")


@pytest.mark.parametrize(
    "indices",
    [
        [3, 0, 3],
        np.array([9]),
        slice(2, 8, 3),
        -1,
        np.arange(0),
        [],
        np.array([7, 2], np.uint8),
        [[1, 2], [3, -4]],
    ],
    ids=str,
)
def test_rows_are_indexed_as_an_array(indices):
    rows = cache.cached(KEY, SHAPE, blocks)
    assert (len(rows), rows.shape, rows.dtype) == (10, SHAPE, np.uint8)
    taken = rows[indices]
    np.testing.assert_array_equal(taken, ROWS[indices])
    assert taken.dtype == np.uint8


def test_what_is_kept_is_not_made_again():
    cache.cached(KEY, SHAPE, blocks)
    np.testing.assert_array_equal(cache.cached(KEY, SHAPE, never)[:], ROWS)


@pytest.mark.parametrize(
    "key, shape", [({**KEY, "version": "2.0.0"}, SHAPE), (KEY, (10, 3, 2))]
)
def test_other_settings_are_kept_apart(key, shape):
    cache.cached(KEY, SHAPE, blocks)
    other = 255 - ROWS.reshape(shape)
    made = cache.cached(key, shape, lambda: [(np.arange(10), other)])
    np.testing.assert_array_equal(made[:], other)
    np.testing.assert_array_equal(cache.cached(KEY, SHAPE, never)[:], ROWS)


@pytest.mark.parametrize("index", [10, -11])
def test_an_index_out_of_range_is_refused(index):
    with pytest.raises(IndexError, match="There are 10 rows"):
        cache.cached(KEY, SHAPE, blocks)[[0, index]]


@pytest.mark.parametrize("index", [[True, False], [0.5], "a"])
def test_other_indices_are_refused(index):
    with pytest.raises(IndexError, match="by integers"):
        cache.cached(KEY, SHAPE, blocks)[index]


@pytest.mark.parametrize(
    "wrong, message",
    [
        ([(np.arange(9), ROWS[:9])], "Received: 9, .* missing is image 9"),
        ([([0, 1], ROWS[:2]), ([1], ROWS[:1])], "image 1 again"),
        ([([10], ROWS[:1])], "image 10 again, or out of range"),
        ([([-1], ROWS[:1])], "image -1 again, or out of range"),
        ([([0], ROWS[:1, :1])], r"Received: shape=\(1, 3\)"),
        ([([0], ROWS[:1] / 255)], "dtype=float64"),
    ],
)
def test_wrong_images_are_refused_and_nothing_is_kept(
    wrong, message, directory
):
    with pytest.raises(ValueError, match=message):
        cache.cached(KEY, SHAPE, lambda: wrong)
    assert not list(directory.glob("*.npy"))
    np.testing.assert_array_equal(cache.cached(KEY, SHAPE, blocks)[:], ROWS)
    assert not list(directory.glob("*.partial"))


def test_a_file_cut_short_is_made_again(directory):
    cache.cached(KEY, SHAPE, blocks)
    [path] = directory.iterdir()
    os.truncate(path, path.stat().st_size - 1)
    np.testing.assert_array_equal(cache.cached(KEY, SHAPE, blocks)[:], ROWS)


def test_a_file_cut_short_while_in_use_is_an_error_and_no_crash(directory):
    rows = cache.cached(KEY, SHAPE, blocks)
    [path] = directory.iterdir()
    os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(ValueError, match="become shorter"):
        rows[[9]]


def test_a_file_written_to_while_in_use_is_an_error(directory):
    cache.cached(KEY, SHAPE, blocks)
    [path] = directory.iterdir()
    os.utime(path, ns=(0, 0))  # long ago
    rows = cache.Rows(path)
    np.testing.assert_array_equal(rows[:], ROWS)
    with open(path, "r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"x")
    with pytest.raises(ValueError, match="written to while it was in use"):
        rows[[0]]


def test_a_file_replaced_and_deleted_is_read_on(directory):
    rows = cache.cached(KEY, SHAPE, blocks)
    [path] = directory.iterdir()
    (directory / "other").write_bytes(b"other")
    os.replace(directory / "other", path)
    np.testing.assert_array_equal(rows[:], ROWS)
    path.unlink()
    np.testing.assert_array_equal(rows[:], ROWS)


@pytest.mark.parametrize("place", [0, 8, 12, 40, 100])
def test_a_file_with_a_damaged_header_is_made_again(directory, place):
    cache.cached(KEY, SHAPE, blocks)
    [path] = directory.iterdir()
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)
    np.testing.assert_array_equal(cache.cached(KEY, SHAPE, blocks)[:], ROWS)


def test_too_small_a_disk_is_said_before_anything_is_written(directory):
    with pytest.raises(OSError, match="need 1000000.0 GB on disk"):
        cache.cached(KEY, (10**15, 1), never)
    assert not list(directory.glob("*.npy"))


def test_of_several_that_need_the_file_one_writes_it():
    """Each opens the file for itself, as another process would."""
    began = []

    def slowly():
        began.append(True)
        for indices, rows in blocks():
            time.sleep(0.1)
            yield indices, rows

    with ThreadPoolExecutor(2) as pool:
        taken = [
            pool.submit(lambda: cache.cached(KEY, SHAPE, slowly)[:])
            for _ in range(2)
        ]
        for rows in taken:
            np.testing.assert_array_equal(rows.result(), ROWS)
    assert len(began) == 1
