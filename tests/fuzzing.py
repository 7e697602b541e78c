"""Damaged content of files, for whatever reads files."""

from hypothesis import settings
from hypothesis import strategies as st

# the same examples everywhere, whatever the machine's speed
REPEATABLE = settings(deadline=None, max_examples=150, derandomize=True)


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """`content` cut short, with bytes changed, or with a part replaced."""
    place = st.integers(0, len(content))
    cut = st.tuples(place, place, st.binary(max_size=40))
    changes = st.lists(
        st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)),
        max_size=4,
    )
    return st.one_of(
        place.map(lambda end: content[:end]),
        changes.map(lambda changes: changed(content, changes)),
        cut.map(
            lambda cut: (
                content[: min(cut[:2])] + cut[2] + content[max(cut[:2]) :]
            )
        ),
    )


def changed(content: bytes, changes) -> bytes:
    """`content` with bytes at some places replaced."""
    result = bytearray(content)
    for place, byte in changes:
        result[place] = byte
    return bytes(result)


def assert_one_message(error: Exception, *names: str) -> None:
    """What went wrong is one line that names the file."""
    message = str(error)
    assert "\n" not in message
    assert all(name in message for name in names), message
