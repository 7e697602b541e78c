import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from tfvae.data import factor_table

NAMES = ["a.png", "b/c.png", "d.png"]
TABLE = """shape,file,size
square,d.png,7
heart,a.png,0
square,b/c.png,12
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "factors.csv"


def read(path, content, **options):
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode()
    )
    return factor_table.read(str(path), NAMES, **options)


def test_rows_go_to_their_images_and_texts_are_numbered(path):
    names, factors = read(path, TABLE)
    assert names == ("shape", "size")
    assert factors.dtype == np.int64
    # heart is 0 and square is 1; integers stay
    assert factors.tolist() == [[0, 0], [1, 12], [1, 7]]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + TABLE,
        TABLE.replace("\n", "\r\n"),
        TABLE.replace(",", " , "),
        TABLE.replace("square", '"square"') + "\n\n",
        TABLE.encode(),
    ],
    ids=["byte order mark", "CRLF", "spaces", "quotes", "plain"],
)
def test_a_spreadsheet_may_have_written_it(path, content):
    names, factors = read(path, content)
    assert names == ("shape", "size")
    assert factors.tolist() == [[0, 0], [1, 12], [1, 7]]


def test_texts_are_sorted_as_texts_and_may_look_like_numbers(path):
    table = "file,kind\na.png,b10\nb/c.png,b9\nd.png,3\n"
    assert read(path, table)[1].tolist() == [[1], [2], [0]]


def test_an_image_that_was_left_out_may_have_a_row(path):
    table = TABLE + "oval,damaged.png,1\n"
    _, factors = read(path, table, left_out=["damaged.png"])
    assert factors.tolist() == [[0, 0], [1, 12], [1, 7]]


@pytest.mark.parametrize(
    "content, message",
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        ("shape,size\n", "Line 1: the columns must be `file` and factors"),
        ("file\na.png\n", "Line 1: the columns must be `file` and factors"),
        ("file,file,x\n", "Line 1: the columns must be `file` and factors"),
        ("file,\n", "Line 1: the columns must be `file` and factors"),
        ("file,x,x\n", "Line 1: each column must come once"),
        (TABLE + "a.png\n", "Line 5: 3 cells expected, not 1"),
        (TABLE + "oval,e.png,1\n", "Line 5: there is no image 'e.png'"),
        (TABLE + "oval,a.png,1\n", "Line 5: a second row of 'a.png'"),
        ("file,x\na.png,1\n", r"none has 'b/c.png' \(2 in all\)"),
        (TABLE.replace(",0", ",nan"), "Line 3: `size` .* not nan"),
        (TABLE.replace(",0", ",inf"), "Line 3: `size` .* not inf"),
        (TABLE.replace(",0", ",0.5"), "Line 3: `size` .* not 0.5"),
        (TABLE.replace(",12", ",-1"), "Line 4: `size` .* not -1"),
        (TABLE.replace(",7", "," + "9" * 5000), "Line 2: `size` .* not 999"),
        (TABLE.replace("heart", ""), "Line 3: `shape` is empty"),
        (TABLE.replace(",0", ","), "Line 3: `size` is empty"),
        (TABLE + '"oval', "must be a CSV in UTF-8"),
        (b"\xff\xfe" + TABLE.encode("utf-16-le"), "must be a CSV in UTF-8"),
        ("file,x\n" + "y" * 200_000, "must be a CSV in UTF-8"),
    ],
    ids=range(21),
)
def test_every_mistake_is_named(path, content, message):
    with pytest.raises(ValueError, match=message) as error:
        read(path, content)
    assert "factors.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(path):
    with pytest.raises(ValueError, match="No such file.*factors.csv"):
        factor_table.read(str(path), NAMES)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    content=st.one_of(
        st.binary(max_size=80),
        st.text("file,x\n\r\"'0-.a png\0\ufeff", max_size=80).map(str.encode),
        st.lists(
            st.tuples(st.integers(0, len(TABLE) - 1), st.integers(0, 255)),
            max_size=3,
        ).map(lambda changes: changed(TABLE.encode(), changes)),
    )
)
def test_whatever_the_bytes_it_is_a_table_or_a_value_error(
    content, tmp_path_factory
):
    path = tmp_path_factory.getbasetemp() / "fuzzed.csv"
    try:
        names, factors = read(path, content)
    except ValueError as error:
        assert "fuzzed.csv" in str(error)
    else:
        assert factors.shape == (3, len(names))
        assert factors.min() >= 0


def changed(content: bytes, changes) -> bytes:
    """`content` with bytes at some places replaced."""
    damaged = bytearray(content)
    for place, byte in changes:
        damaged[place] = byte
    return bytes(damaged)
