import ast
import sys
from pathlib import Path

import pytest

import tfvae
from tfvae.data import DATASETS
from tfvae.data.tfds_images import TfdsImages

ROOT = Path(__file__).parents[2]
EVERY_SET = pytest.mark.parametrize(
    "name",
    [cls.name for cls in DATASETS.classes() if issubclass(cls, TfdsImages)],
)


@EVERY_SET
def test_what_is_missing_is_named_with_its_address_and_place(name, tmp_path):
    dataset = tfvae.data.load(name, dir=str(tmp_path))
    with pytest.raises(ValueError) as error:
        _ = dataset.stored
    message = str(error.value)
    assert message.startswith(f"{name} is not there yet. Fetch ")
    for file, address in dataset.files(dataset.builder()).items():
        assert f"{file} from {address}" in message
        assert address.startswith("http")
    assert f"put it into {tmp_path / 'downloads' / 'manual'};" in message
    assert "\n" not in message


@EVERY_SET
def test_a_set_that_is_there_in_part_is_an_error(name, tmp_path):
    dataset = tfvae.data.load(name, dir=str(tmp_path))
    place = Path(dataset.builder().data_path)
    place.mkdir(parents=True)
    with pytest.raises(ValueError, match="in part only.*Received: ") as error:
        _ = dataset.stored
    assert str(place) in str(error.value)


@EVERY_SET
def test_every_set_says_where_it_comes_from(name):
    cls = DATASETS[name]
    for text in (cls.obtained, cls.licence, cls.citation):
        assert text and "\n" not in text


@EVERY_SET
def test_the_missing_library_is_named(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ValueError, match=r"pip install 'tfvae\[datasets\]'"):
        tfvae.data.load(name).builder()


def test_the_library_is_imported_only_when_it_is_needed():
    for path in (ROOT / "tfvae" / "data").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module]
            else:
                continue
            for module in modules:
                assert not module.startswith("tensorflow_datasets"), path
                assert not module.startswith("tfvae.data.builders"), path
