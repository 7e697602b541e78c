import os
import warnings

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

import tfvae
from tests.fuzzing import REPEATABLE
from tests.fuzzing import assert_one_message
from tests.fuzzing import damaged
from tests.pictures import picture
from tfvae.data import picture_folder

NAMES = ["a.png", "b/a.png", "b/c/Z.PNG", "c.jpg"]
SQUARES = np.random.default_rng(1).integers(0, 256, [3, 32, 32, 3], np.uint8)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path):
    """Four pictures, the last a JPEG, in an order that is not theirs."""
    directory = tmp_path / "pictures"
    for name, square in zip(NAMES[2::-1], SQUARES[::-1], strict=True):
        write(directory / name, picture(square))
    write(directory / NAMES[3], picture(kind="JPEG"))
    write(directory / "notes.txt", b"no picture")
    write(directory / ".hidden.png", b"no picture")
    write(directory / ".hidden" / "e.png", b"no picture")
    return directory


def write(path, content: bytes):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def load(folder, **options):
    return tfvae.data.load(
        "folder", dir=str(folder), **{"image_size": 32, **options}
    )


def never(*arguments):
    raise AssertionError("decoded again")


def test_pictures_of_all_sub_folders_in_the_order_of_their_names(folder):
    dataset = load(folder)
    assert (dataset.size, dataset.image_shape) == (4, (32, 32, 3))
    np.testing.assert_array_equal(dataset.images([0, 1, 2]), SQUARES)
    np.testing.assert_array_equal(dataset.images([2, 0]), SQUARES[[2, 0]])
    assert dataset.factor_names is None


def test_size_and_channels(folder):
    dataset = load(folder, image_size=48, channels=1)
    assert dataset.image_shape == (48, 48, 1)
    assert dataset.images([3]).shape == (1, 48, 48, 1)


def test_batches_go_on_as_if_never_stopped(folder):
    whole = [*load(folder).batches(3, seed=0).take(4)]
    [fourth] = load(folder).batches(3, seed=0, start_step=3).take(1)
    np.testing.assert_array_equal(fourth, whole[3])
    epoch = np.concatenate(whole)[:4].reshape(4, -1)
    every = load(folder).images(np.arange(4)).reshape(4, -1) / np.float32(255)
    assert sorted(epoch.tolist()) == sorted(every.tolist())


def test_pictures_are_decoded_once(folder, monkeypatch):
    first = load(folder)
    monkeypatch.setattr(picture_folder, "decode", never)
    again = load(folder)
    indices = np.arange(4)
    np.testing.assert_array_equal(again.images(indices), first.images(indices))
    assert again.fingerprint == first.fingerprint


@pytest.mark.parametrize("chunk", [1, 3, 4])
def test_chunks_are_joined(folder, monkeypatch, chunk):
    whole = load(folder, channels=1)
    os.utime(folder / "a.png", ns=(0, 0))  # else nothing is decoded again
    monkeypatch.setattr(picture_folder, "CHUNK", chunk)
    dataset = load(folder, channels=1)
    np.testing.assert_array_equal(
        dataset.images(np.arange(4)), whole.images(np.arange(4))
    )
    assert dataset.fingerprint == whole.fingerprint


def test_a_changed_folder_is_read_again_and_has_another_fingerprint(folder):
    before = load(folder)
    write(folder / "a.png", picture(255 - SQUARES[0]))
    os.utime(folder / "a.png", ns=(0, 0))
    after = load(folder)
    np.testing.assert_array_equal(after.images([0])[0], 255 - SQUARES[0])
    assert after.fingerprint != before.fingerprint
    (folder / "c.jpg").unlink()
    assert load(folder).size == 3


def test_a_copy_of_a_folder_has_the_same_fingerprint(folder):
    before = load(folder).fingerprint
    for name in NAMES:
        os.utime(folder / name, ns=(0, 0))
    assert load(folder).fingerprint == before
    (folder / "a.png").rename(folder / "d.png")  # another order
    assert load(folder).fingerprint != before


def test_what_vanishes_in_mid_run_does_not_disturb_it(folder, cache):
    dataset = load(folder)
    whole = [*dataset.batches(3, seed=0).take(3)]
    batches = iter(dataset.batches(3, seed=0))
    next(batches)
    for path in [*(folder / name for name in NAMES), *cache.glob("*.npy")]:
        path.unlink()
    np.testing.assert_array_equal(next(batches), whole[1])
    np.testing.assert_array_equal(dataset.images([0]), SQUARES[:1])


@pytest.mark.parametrize("damage", ["written to", "shorter"])
def test_a_cache_that_changes_in_mid_run_ends_it(folder, cache, damage):
    batches = iter(load(folder).batches(3, seed=0))
    next(batches)
    [path] = cache.glob("*.npy")
    if damage == "shorter":
        os.truncate(path, 200)
    else:
        with open(path, "r+b") as file:  # never shorter, not for a moment
            file.write(bytes(path.stat().st_size))
    os.utime(path)  # file systems may count time in ticks
    with pytest.raises(tf.errors.InvalidArgumentError, match=damage):
        for _ in range(9):  # some are read ahead
            next(batches)


# === Damaged and odd files ===


def spoil(folder):
    write(folder / "a.jpg", picture(kind="JPEG")[:-60])  # the first
    write(folder / "empty.gif", b"")


def test_what_cannot_be_used_is_named_and_left_out(folder, monkeypatch):
    spoil(folder)
    message = (
        r"Left out of '.*pictures': 2 of 6 files: "
        r"'a.jpg' \(.*truncated.*\), 'empty.gif' \(It is none of .*\)$"
    )
    with pytest.warns(UserWarning, match=message):
        dataset = load(folder)
    assert dataset.size == 4
    np.testing.assert_array_equal(dataset.images([0, 1, 2]), SQUARES)
    with pytest.warns(UserWarning, match=message):  # from the cache too
        again = load(folder)
    np.testing.assert_array_equal(again.images([2]), SQUARES[2:])


def test_strict_refuses_what_cannot_be_used(folder):
    load(folder, strict=True)
    spoil(folder)
    for _ in range(2):  # from the cache too
        with pytest.raises(ValueError, match="2 of 6 files: 'a.jpg'"):
            load(folder, strict=True)


def test_of_many_files_three_are_named(tmp_path):
    for number in range(5):
        write(tmp_path / "p" / f"{number}.png", b"")
    write(tmp_path / "p" / "good.png", picture())
    with pytest.warns(UserWarning) as caught:
        load(tmp_path / "p")
    [warning] = caught
    assert "5 of 6 files: '0.png'" in str(warning.message)
    assert "'2.png'" in str(warning.message)
    assert "'3.png'" not in str(warning.message)


def test_a_bomb_warns_of_nothing_but_itself(folder, monkeypatch):
    """Pillow's own warnings are ours to tell."""

    def decode(content, size, channels):
        warnings.warn_explicit("odd", UserWarning, "f", 1, module="PIL.Image")
        raise ValueError("too large")

    monkeypatch.setattr(picture_folder, "decode", decode)
    with pytest.raises(ValueError, match="4 of 4 files: 'a.png' .too large"):
        load(folder)


def no_folder(folder):
    folder.rename(folder.parent / "elsewhere")


def empty(folder):
    no_folder(folder)
    write(folder / "notes.txt", b"")


def only_damaged(folder):
    empty(folder)
    write(folder / "a.png", b"")


def broken_link(folder):
    (folder / "link.png").symlink_to(folder / "nowhere.png")


def pipe(folder):
    os.mkfifo(folder / "pipe.png")


@pytest.mark.parametrize(
    "prepare, message",
    [
        (no_folder, "No such folder. Received: '.*pictures'"),
        (empty, r"must hold images \(.bmp, .*\). Received: dir="),
        (only_damaged, "1 of 1 files: 'a.png'"),
        (broken_link, "must be readable; .*link.png'"),
        (pipe, "It must be a file. Received: '.*pipe.png'"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_folder_that_cannot_be_used_is_refused(folder, prepare, message):
    prepare(folder)
    with pytest.raises(ValueError, match=message) as error:
        load(folder)
    assert "\n" not in str(error.value)


def test_one_picture_is_enough(tmp_path):
    write(tmp_path / "p" / "one.png", picture(SQUARES[0]))
    dataset = load(tmp_path / "p")
    [batch] = dataset.batches(3, seed=0).take(1)
    np.testing.assert_array_equal(batch * 255, np.stack([SQUARES[0]] * 3))


def test_names_may_be_any_bytes(tmp_path):
    folder = tmp_path / "p"
    write(folder / os.fsdecode(b"\xff\n.png"), picture(SQUARES[0]))
    write(folder / "ä.png", b"")
    with pytest.warns(UserWarning, match="1 of 2 files: 'ä.png'"):
        assert load(folder).size == 1


@pytest.mark.parametrize("where", ["a.png", "b"])
def test_what_the_system_does_not_give_is_an_error(folder, where, monkeypatch):
    """A file is not left out because of its rights, nor a folder."""

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(folder / where))

    def scan(path):
        return refuse(path) if path == str(folder / "b") else true_scan(path)

    true_scan = os.scandir
    if where == "b":
        monkeypatch.setattr(os, "scandir", scan)
    else:
        monkeypatch.setattr(picture_folder.Path, "read_bytes", refuse)
    with pytest.raises(ValueError, match=f"^Every .*{where}' .Permission"):
        load(folder)


def test_a_folder_that_changes_while_it_is_read_is_refused(
    folder, monkeypatch, cache
):
    def decode(*arguments):
        write(folder / "new.png", picture())
        return true_decode(*arguments)

    true_decode = picture_folder.decode
    monkeypatch.setattr(picture_folder, "decode", decode)
    with pytest.raises(ValueError, match="changed while it was read"):
        load(folder)
    assert not [*cache.glob("*.npy")]
    monkeypatch.setattr(picture_folder, "decode", true_decode)
    assert load(folder).size == 5


def test_a_file_that_vanishes_while_it_is_read_is_refused(folder, monkeypatch):
    def found(directory):
        return [*true_listing(directory), ("gone.png", 1, 1)]

    true_listing = picture_folder.listing
    monkeypatch.setattr(picture_folder, "listing", found)
    with pytest.raises(ValueError, match="gone.png' .No such file"):
        load(folder)


@pytest.mark.parametrize(
    "options",
    [{"image_size": 0}, {"channels": 2}, {"channels": 4}],
    ids=str,
)
def test_other_settings_are_refused(folder, options):
    [(name, value)] = options.items()
    with pytest.raises(ValueError, match=f"Received: {name}={value}"):
        load(folder, **options)


# === Factors ===


def table(folder, *rows: str) -> str:
    path = folder.parent / "factors.csv"
    path.write_text("\n".join(["file,kind,size", *rows]))
    return str(path)


def test_factors_come_from_a_csv(folder):
    rows = [
        f"{name},{kind},{k}"
        for k, (name, kind) in enumerate(
            zip(NAMES, ["x", "y", "x", "y"], strict=True)
        )
    ]
    dataset = load(folder, factors_csv=table(folder, *reversed(rows)))
    assert dataset.factor_names == ("kind", "size")
    assert dataset.factor_sizes == (2, 4)
    assert dataset.factors([3, 2]).tolist() == [[1, 3], [0, 2]]
    np.testing.assert_array_equal(
        dataset.images_of([[1, 1]]), dataset.images([1])
    )


def test_factors_are_of_the_images_that_are_used(folder):
    spoil(folder)
    rows = [f"{name},x,{k}" for k, name in enumerate(NAMES)]
    csv = table(folder, *rows, "empty.gif,x,9")
    with pytest.warns(UserWarning, match="Left out"):
        dataset = load(folder, factors_csv=csv)
    assert dataset.factors(range(4))[:, 1].tolist() == [0, 1, 2, 3]


def test_a_mistake_in_the_csv_is_named(folder):
    csv = table(folder, "a.png,x,1", "e.png,x,1")
    with pytest.raises(ValueError, match="Line 3: there is no image 'e.png'"):
        load(folder, factors_csv=csv)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A folder that the tests below fill; the cache is elsewhere."""
    return tmp_path_factory.mktemp("hostile") / "pictures"


@REPEATABLE
@given(
    content=st.one_of(
        st.binary(max_size=40),
        damaged(picture()),
        damaged(picture(kind="JPEG")),
    ),
    strict=st.booleans(),
)
@example(content=picture(kind="JPEG")[:-60], strict=True)
@example(content=picture()[:-40], strict=False)
def test_whatever_the_bytes_of_a_picture(content, strict, hostile):
    write(hostile / "good.png", picture(SQUARES[0]))
    write(hostile / "hostile.png", content)
    os.utime(hostile / "hostile.png")  # as large as another, made as fast
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            dataset = load(hostile, strict=strict)
        except ValueError as error:
            assert strict
            assert_one_message(error, "hostile.png")
            return
    assert dataset.size + len(caught) == 2
    assert all("hostile.png" in str(warning.message) for warning in caught)
    np.testing.assert_array_equal(dataset.images([0])[0], SQUARES[0])


FACTORS = b'file,kind,size\ngood.png,"a ""b"" c",3\n'


@REPEATABLE
@given(content=st.one_of(st.binary(max_size=40), damaged(FACTORS)))
@example(content=b"file,kind\ngood.png,\0\n")
@example(content=b"file,kind\ngood.png," + b"9" * 400 + b"\n")
@example(content=b'file,kind\ngood.png,"x\n')
@example(content="file,kind\ngood.png,é\n".encode("latin-1"))
def test_whatever_the_bytes_of_the_factors(content, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "one-picture"
    write(folder / "good.png", picture(SQUARES[0]))
    csv = folder.parent / "hostile.csv"
    csv.write_bytes(content)
    try:
        dataset = load(folder, factors_csv=str(csv))
    except ValueError as error:
        assert_one_message(error, "hostile.csv")
    else:
        assert dataset.factors([0]).shape == (1, len(dataset.factor_names))
        assert dataset.factors([0]).min() >= 0
