import io
import struct
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

import tfvae
from tests.fuzzing import REPEATABLE
from tests.fuzzing import assert_one_message
from tests.fuzzing import damaged
from tfvae.data import archives

IMAGES = np.random.default_rng(0).integers(0, 256, [6, 32, 40, 3], np.uint8)
FACTORS = np.array([[n // 2, n % 2] for n in range(6)])


def test_images_and_factors_come_from_the_file(tmp_path):
    np.savez(tmp_path / "my.npz", images=IMAGES, factors=FACTORS)
    dataset = tfvae.data.load("npz", path=str(tmp_path / "my.npz"))
    np.testing.assert_array_equal(dataset.images([4, 1]), IMAGES[[4, 1]])
    np.testing.assert_array_equal(dataset.factors([4, 1]), FACTORS[[4, 1]])
    assert dataset.image_shape == (32, 40, 3)
    assert dataset.factor_sizes == (3, 2)


def test_factors_are_optional(tmp_path):
    np.savez_compressed(tmp_path / "my.npz", images=IMAGES > 127)
    dataset = tfvae.data.load("npz", path=str(tmp_path / "my.npz"))
    assert dataset.factor_names is None
    assert dataset.size == 6


@pytest.mark.parametrize(
    "arrays",
    [
        {"pictures": IMAGES},
        {"images": np.array([{}], object)},
        {"images": IMAGES.astype(np.int64)},
        {"images": IMAGES, "factors": FACTORS[:2]},
    ],
    ids=["no images", "pickled", "int64", "too few factors"],
)
def test_other_arrays_are_refused(arrays, tmp_path):
    np.savez(tmp_path / "my.npz", **arrays)
    with pytest.raises(ValueError, match="Received"):
        tfvae.data.load("npz", path=str(tmp_path / "my.npz"))


def test_a_damaged_file_is_refused(tmp_path):
    file = tmp_path / "my.npz"
    np.savez_compressed(file, images=IMAGES)
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(ValueError, match="must be an npz"):
        tfvae.data.load("npz", path=str(file))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ValueError, match="No such file.*none.npz"):
        tfvae.data.load("npz", path=str(tmp_path / "none.npz"))


def test_the_fingerprint_is_that_of_the_images(tmp_path):
    def fingerprint(**arrays):
        np.savez_compressed(tmp_path / "my.npz", **arrays)
        path = str(tmp_path / "my.npz")
        return tfvae.data.load("npz", path=path).fingerprint

    before = fingerprint(images=IMAGES)
    assert fingerprint(images=IMAGES, factors=FACTORS) == before
    assert fingerprint(images=np.asfortranarray(IMAGES)) == before
    assert fingerprint(images=IMAGES[::-1]) != before
    assert fingerprint(images=IMAGES.reshape(6, 40, 32, 3)) != before


def test_factors_beyond_int64_are_refused_and_not_wrapped(tmp_path):
    factors = np.full([6, 2], 2**64 - 1, np.uint64)
    np.savez(tmp_path / "my.npz", images=IMAGES, factors=factors)
    with pytest.raises(ValueError, match="my.npz.*that fit in int64"):
        tfvae.data.load("npz", path=str(tmp_path / "my.npz"))


def test_an_array_larger_than_memory_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "my.npz"
    np.savez_compressed(file, images=np.zeros([9, 32, 32], np.uint8))
    monkeypatch.setattr(archives.os, "sysconf", lambda name: 95)
    with pytest.raises(ValueError, match="`images` needs .* GB of memory"):
        tfvae.data.load("npz", path=str(file))


# === Whatever the bytes, it is a data set or one message ===


def npy(shape="(2, 8, 8)", descr="'|u1'", order="False", body=128, version=1):
    """An npy file with a header that may say anything."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}}}"
    return written(text, body, version)


def written(header: str, body: int = 128, version: int = 1) -> bytes:
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    magic = b"\x93NUMPY" + bytes([version, 0])
    return magic + length + header.encode() + bytes(body)


def npz(method=zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, member in members.items():
            archive.writestr(f"{name}.npy", member)
    return content.getvalue()


def pickled() -> bytes:
    content = io.BytesIO()
    np.save(content, np.array([{}], object), allow_pickle=True)
    return content.getvalue()


def assert_data_or_one_message(content: bytes, path):
    path.write_bytes(content)
    try:
        with warnings.catch_warnings():  # NumPy's, of files of Python 2
            warnings.simplefilter("ignore")
            dataset = tfvae.data.load("npz", path=str(path))
    except ValueError as error:
        assert_one_message(error, path.name)
        assert len(str(error)) < 1000
        return False
    images = dataset.images(np.arange(dataset.size))
    assert images.shape == (dataset.size, *dataset.image_shape)
    assert images.dtype == np.uint8
    if dataset.factor_names is not None:
        factors = dataset.factors(np.arange(dataset.size))
        assert factors.shape == (dataset.size, len(dataset.factor_names))
        assert factors.min() >= 0
    return True


@pytest.mark.parametrize(
    "member",
    [
        npy(),
        npy(order="True"),
        npy(version=2),
        npy(descr="'<f4'", body=512),
        npy(descr="'>f8'", body=1024),
        npy(shape="(2L, 8L, 8L)"),
    ],
)
def test_every_kind_of_npy_file_is_read(member, tmp_path):
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        content = npz(method, images=member)
        assert assert_data_or_one_message(content, tmp_path / "my.npz")


@pytest.mark.parametrize(
    "member",
    [
        b"",
        b"no npy",
        npz(images=npy()),
        npy(shape=f"({10**30}, 8, 8)"),
        npy(shape="(1000000000000, 64, 64)"),
        npy(shape="(50000000, 64, 64)"),
        npy(shape="(-2, -8, 8)"),
        npy(shape="(-1, 8, 8)"),
        npy(shape="(2.0, 8, 8)"),
        npy(shape="(0, 8, 8)", body=0),
        npy(shape="()", body=1),
        npy(shape="(2, 64)"),
        npy(body=127),
        npy(body=129),
        npy(descr="'|O'"),
        npy(descr="'|O'", shape="(16, 1, 1)"),
        npy(descr="[('a', '|u1')]"),
        npy(descr="[('a', '|O')]", shape="(16, 1, 1)"),
        npy(descr="('|u1',)"),
        npy(descr="'|V0'", body=0),
        npy(descr="'|S1'"),
        npy(descr="'<M8[ns]'", body=1024),
        npy(descr="'<c8'", body=1024),
        npy(version=3),
        written("{'descr': ("),
        written("if 1:\n  1\n 2\n"),
        written("(" * 5000),
        written("-" * 9000 + "1"),
        written("{" + " " * 20_000 + "}", version=2),
        written("{'" + "a" * 5_000 + "': 1}"),
        pickled(),
    ],
    ids=range(31),
)
def test_every_other_member_is_one_message(member, tmp_path):
    path = tmp_path / "my.npz"
    assert not assert_data_or_one_message(npz(images=member), path)
    assert_data_or_one_message(npz(images=npy(), factors=member), path)


SOUND = npz(images=npy(), factors=npy(shape="(2, 1)", descr="'<i8'", body=16))
LZMA = npz(zipfile.ZIP_LZMA, images=npy())


@REPEATABLE
@given(content=st.one_of(st.binary(max_size=99), damaged(SOUND), damaged(LZMA)))
@example(content=LZMA[:60] + b"\xff" + LZMA[61:])
@example(content=npy())
@example(content=pickled())
def test_whatever_the_bytes_it_is_data_or_one_message(
    content, tmp_path_factory
):
    path = tmp_path_factory.getbasetemp() / "fuzzed.npz"
    assert_data_or_one_message(content, path)


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.sampled_from(["u1", "|O", "<f4", "", "u1,u1", "(9,9)u1", "M8"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=6,
)


@REPEATABLE
@given(shape=VALUES, descr=VALUES, order=VALUES)
@example(shape=(2, 8, 8), descr=("u1",), order=False)
def test_whatever_a_header_says_it_is_data_or_one_message(
    shape, descr, order, tmp_path_factory
):
    path = tmp_path_factory.getbasetemp() / "header.npz"
    member = npy(repr(shape), repr(descr), repr(order))
    assert_data_or_one_message(npz(images=member), path)
    member = npy(repr((2, 8, 8)), repr(descr), "False")
    assert_data_or_one_message(npz(images=member), path)
