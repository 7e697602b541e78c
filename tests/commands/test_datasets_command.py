"""`python -m tfvae datasets`."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tfvae import data
from tfvae.commands import commands
from tfvae.commands import datasets

ROOT = Path(__file__).parents[2]


def rows() -> dict[str, list[str]]:
    """The cells of the table by the name of the data set."""
    columns = [list(column.cells) for column in datasets.table().columns]
    return {name: cells for name, *cells in zip(*columns, strict=True)}


def test_every_data_set_has_a_row_without_an_empty_cell():
    assert [*rows()] == data.names()
    for cells in rows().values():
        assert all(cells)


def test_what_is_known_of_a_data_set_is_there():
    cls = data.DATASETS["xysquares"]
    assert rows()["xysquares"] == [
        "262,144",
        "64x64x3",
        "x_R 8, y_R 8, x_G 8, y_G 8, x_B 8, y_B 8",
        cls.obtained,
        cls.licence,
        cls.citation,
    ]
    assert rows()["folder"][:3] == ["yours", "yours", "yours"]


def test_images_without_factors():
    class Photographs(data.Dataset):
        count = 1234

    assert datasets.images(Photographs) == "1,234"
    assert datasets.factors(Photographs) == "none"


@pytest.mark.parametrize("columns", ["40", "200"])
def test_nothing_is_cut_off(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    result = CliRunner().invoke(commands(), ["datasets"])
    assert result.exception is None
    printed = "".join(c for c in result.output if c.isalnum())
    assert "…" not in result.output
    assert "noisydsprites" in printed


def test_as_a_user_types_it():
    process = subprocess.run(
        [sys.executable, "-m", "tfvae", "datasets"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (process.returncode, process.stderr) == (0, "")
    for name in data.names():
        assert name in process.stdout
