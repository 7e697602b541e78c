import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from PIL import Image

from tests.pictures import PIXELS
from tests.pictures import picture
from tfvae.data.pictures import LARGEST
from tfvae.data.pictures import decode

SQUARE = PIXELS[:, 2:8]  # the largest in the centre
GREY = SQUARE[..., 0]
ORIENTATION = 0x0112  # the number of the EXIF tag
HALF_SEEN = np.dstack([SQUARE, np.full([6, 6], 128)]).astype(np.uint8)


def palette(**options) -> bytes:
    """Four colours, the first of them transparent if `transparency=0`."""
    indexed = Image.fromarray(np.arange(36, dtype=np.uint8).reshape(6, 6) % 4)
    indexed.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7])
    return picture(indexed, **options)


def test_a_picture_of_the_right_size_stays_as_it_is():
    image = decode(picture(SQUARE), 6, 3)
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, SQUARE)


def test_the_centre_is_kept():
    np.testing.assert_array_equal(decode(picture(), 6, 3), SQUARE)
    upright = picture(np.ascontiguousarray(PIXELS.transpose(1, 0, 2)))
    np.testing.assert_array_equal(
        decode(upright, 6, 3), SQUARE.transpose(1, 0, 2)
    )


def test_shrinking_averages_all_pixels():
    stripes = np.zeros([64, 64, 3], np.uint8)
    stripes[:, ::2] = 255
    inner = decode(picture(stripes), 8, 3)[:, 1:-1]
    assert abs(inner.astype(int) - 128).max() <= 2


def test_a_small_picture_is_enlarged():
    image = decode(picture(np.full([1, 3], 77, np.uint8)), 32, 1)
    np.testing.assert_array_equal(image, np.full([32, 32, 1], 77))


@pytest.mark.parametrize("side", [64, 128, 256, 512])
def test_a_large_jpeg_is_as_one_that_is_decoded_whole(side):
    coarse = np.random.default_rng(0).integers(0, 256, [32, 32], np.uint8)
    large = np.kron(coarse, np.ones([side // 32] * 2, np.uint8))
    image = decode(picture(large, "JPEG", quality=95), 32, 1)
    expected = Image.fromarray(large).resize((32, 32), Image.BILINEAR)
    likeness = np.corrcoef(image.ravel(), np.asarray(expected).ravel())[0, 1]
    assert likeness > 0.98


@pytest.mark.parametrize(
    "orientation, upright",
    [
        (1, SQUARE),
        (2, SQUARE[:, ::-1]),
        (3, SQUARE[::-1, ::-1]),
        (4, SQUARE[::-1]),
        (5, SQUARE.transpose(1, 0, 2)),
        (6, np.rot90(SQUARE, -1)),
        (7, SQUARE.transpose(1, 0, 2)[::-1, ::-1]),
        (8, np.rot90(SQUARE, 1)),
    ],
)
def test_it_is_turned_as_exif_says(orientation, upright):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    np.testing.assert_array_equal(decode(picture(exif=exif), 6, 3), upright)


@pytest.mark.parametrize(
    "content, expected",
    [
        (picture(GREY), np.dstack([GREY] * 3)),
        (picture(GREY > 127), np.dstack([np.uint8(GREY > 127) * 255] * 3)),
        (
            picture(GREY.astype(np.uint16) * 256 + 99),
            np.dstack([GREY] * 3),
        ),
        (
            picture(GREY.astype(np.uint16) * 256 + 99, "TIFF"),
            np.dstack([GREY] * 3),
        ),
        (
            picture(GREY.astype(np.int32) * 256 + 99, "TIFF"),
            np.dstack([GREY] * 3),
        ),
        (picture(HALF_SEEN), np.rint(SQUARE * (128 / 255))),
        (picture(Image.fromarray(255 - SQUARE).convert("CMYK"), "TIFF"), None),
        (
            palette(),
            np.uint8([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 8, 7]])[
                np.arange(36).reshape(6, 6) % 4
            ],
        ),
        (
            palette(transparency=0),
            np.uint8([[0, 0, 0], [0, 255, 0], [0, 0, 255], [9, 8, 7]])[
                np.arange(36).reshape(6, 6) % 4
            ],
        ),
    ],
    ids=[
        "grey",
        "one bit",
        "16 bits",
        "16 bits TIFF",
        "32 bits with 16",
        "RGBA",
        "CMYK",
        "palette",
        "palette with a transparent colour",
    ],
)
def test_every_kind_of_pixel_becomes_rgb(content, expected):
    if expected is None:
        expected = 255 - SQUARE
    image = decode(content, 6, 3).astype(int)
    assert abs(image - expected).max() <= 1


def test_one_channel_is_luma():
    expected = SQUARE @ [0.299, 0.587, 0.114]
    image = decode(picture(SQUARE), 6, 1)
    assert image.shape == (6, 6, 1)
    assert abs(image[..., 0] - expected).max() <= 1


def test_of_several_frames_the_first_is_taken():
    frames = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    content = picture(frames[0], "TIFF", save_all=True, append_images=frames)
    np.testing.assert_array_equal(decode(content, 6, 1)[..., 0], GREY)


def png_of(width: int, height: int) -> bytes:
    """A small PNG that claims to be of some size."""

    def chunk(kind, body):
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + check.to_bytes(4)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "It is none of BMP, .* Received: 0 bytes"),
        (b"hello", "Received: 5 bytes beginning with b'hell'"),
        (picture(kind="PCX"), "It is none of BMP"),
        (picture()[:-40], "truncated"),
        (picture(kind="JPEG")[:-60], "truncated"),
        (png_of(LARGEST, 1), None),
        (png_of(9434, 9434), "at most 89000000 pixels. Received: 9434x9434"),
        (png_of(10**5, 10**5), "decompression bomb"),
        (png_of(0, 4), None),
        (picture(np.float32(SQUARE[..., 0]), "TIFF"), "floating-point"),
        (picture(np.int32(GREY) * 2**20, "TIFF"), "must have 8 or 16 bits"),
        (picture(-np.int32(GREY), "TIFF"), "must have 8 or 16 bits"),
    ],
    ids=str,
)
def test_what_is_no_sound_picture_is_refused(content, message):
    with pytest.raises(ValueError, match=message) as error:
        decode(content, 6, 3)
    assert "\n" not in str(error.value)


CONTENTS = [
    picture(),
    palette(transparency=0),
    picture(kind="JPEG"),
    picture(kind="GIF"),
    picture(kind="WEBP"),
    picture(kind="TIFF", compression="tiff_lzw"),
    picture(kind="BMP"),
    picture(kind="PPM"),
]


@settings(deadline=None, max_examples=300, derandomize=True)
@given(
    content=st.sampled_from(CONTENTS),
    end=st.integers(0, 600),
    changes=st.lists(
        st.tuples(st.integers(0, 599), st.integers(0, 255)), max_size=8
    ),
)
def test_whatever_the_bytes_it_is_an_image_or_a_value_error(
    content, end, changes
):
    damaged = bytearray(content[:end])
    for place, byte in changes:
        if place < len(damaged):
            damaged[place] = byte
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = decode(bytes(damaged), 8, 3)
        except ValueError as error:
            assert str(error)
        else:
            assert (image.shape, image.dtype) == ((8, 8, 3), np.uint8)
