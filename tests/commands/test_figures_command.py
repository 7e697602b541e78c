"""`python -m tfvae figures RUN`."""

import re
import shutil

import pytest
from click.testing import CliRunner

from tfvae import figures
from tfvae.commands import commands
from tfvae.commands import figures as command_file


@pytest.fixture
def run(two_runs, tmp_path):
    return shutil.copytree(two_runs[0], tmp_path / "run")


def figures_of(run, *options):
    return CliRunner().invoke(commands(), ["figures", str(run), *options])


def test_every_figure_is_written_or_its_absence_explained(run):
    result = figures_of(run)
    assert result.exception is None
    written = {path.stem for path in (run / "figures").glob("*.png")}
    assert written == set(figures.FIGURES.names()) - {"position_tuning"}
    [line] = re.findall("^no .*$", result.output, re.MULTILINE)
    assert line.startswith("no position_tuning: ")
    assert "posX" in line
    assert (run / "figures" / "traversals.webp").exists()


def test_options_reach_the_figures(run, monkeypatch):
    given = []
    monkeypatch.setattr(command_file, "Views", lambda *a: given.append(a))
    figures_of(run, "--limit", "3", "--sample", "50", "--seed", "7")
    [(_, _, history, sample, seed, limit)] = given
    assert (sample, seed, limit) == (50, 7, 3.0)
    assert history["step"].tolist() == [2, 4, 6, 8, 10]


@pytest.mark.parametrize(
    "kind, first", [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
)
def test_formats(run, kind, first):
    result = figures_of(run, "--figures", "reconstructions", "--format", kind)
    assert result.exception is None
    [path] = (run / "figures").iterdir()
    assert path.name == f"reconstructions.{kind}"
    assert path.read_bytes().startswith(first)


@pytest.mark.parametrize(
    "options, message",
    [
        (["--figures", "traversal"], "Did you mean 'traversals'"),
        (["--figures", "position_tuning"], "Figure position_tuning:"),
        (["--format", "bmp"], "bmp"),
    ],
)
def test_what_cannot_be_drawn(run, options, message):
    result = figures_of(run, *options)
    assert message in f"{result.output}{result.exception}"
    assert not (run / "figures").exists()
