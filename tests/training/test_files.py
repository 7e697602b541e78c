import errno
import os

import pytest

from tfvae.training.files import replacing
from tfvae.training.files import write_json


def content_of(directory) -> dict[str, str]:
    return {path.name: path.read_text() for path in directory.iterdir()}


def test_the_old_content_stays_until_the_end(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert content_of(tmp_path) == {"file": "new"}


def test_an_exception_leaves_the_old_content_and_no_temporary(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(OSError, match="disk full"):
        with replacing(path) as temporary:
            temporary.write_text("half of the n")
            raise OSError("disk full")
    assert content_of(tmp_path) == {"file": "old"}


def no_hard_links(*paths):
    raise OSError(errno.ENOTSUP, "not supported")


@pytest.mark.parametrize("link", [os.link, no_hard_links])
def test_a_file_that_must_be_new_replaces_none(link, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", link)
    path = tmp_path / "file"
    with replacing(path, new=True) as temporary:
        temporary.write_text("first")
    with pytest.raises(FileExistsError):
        with replacing(path, new=True) as temporary:
            temporary.write_text("second")
    assert content_of(tmp_path) == {"file": "first"}


def test_an_exception_leaves_nothing_where_nothing_was(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        with replacing(tmp_path / "file"):
            raise KeyboardInterrupt
    assert content_of(tmp_path) == {}


def test_missing_directories_are_made(tmp_path):
    with replacing(tmp_path / "a" / "b" / "file") as temporary:
        temporary.write_text("new")
    assert content_of(tmp_path / "a" / "b") == {"file": "new"}


def test_the_temporary_keeps_the_suffix_that_keras_insists_on(tmp_path):
    with replacing(tmp_path / "model.keras") as temporary:
        assert temporary.suffix == ".keras"
        assert temporary.parent == tmp_path
        temporary.touch()


def test_json_is_written_whole_or_not_at_all(tmp_path):
    write_json(tmp_path / "file", {"a": [1, None]})
    with pytest.raises(TypeError, match="not JSON serializable"):
        write_json(tmp_path / "file", {"a": object()})
    assert content_of(tmp_path) == {
        "file": '{\n  "a": [\n    1,\n    null\n  ]\n}\n'
    }
