"""`python -m tfvae sweep STUDY`."""

import builtins
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

from tests.studies import places
from tfvae.commands import commands
from tfvae.commands import exits

STUDY = """
fixed: {steps: 3}
grid: [{seed: [0, 1]}]
metrics: mig
"""


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The current directory, with a `train.py` and a study of two runs."""
    here = places.make(tmp_path)
    (here / "small.yaml").write_text(STUDY)
    monkeypatch.chdir(here)
    return here


def sweep(*arguments: str) -> Result:
    return CliRunner().invoke(
        commands(), ["sweep", *arguments], standalone_mode=False
    )


def test_the_runs_and_the_table_are_under_the_name_of_the_study(here):
    result = sweep("small.yaml", "--jobs", "2")
    assert result.return_value == 0
    assert {path.name for path in (here / "runs" / "small").iterdir()} == {
        "runs",
        "table.csv",
        "table.parquet",
    }
    assert "2 runs: 2 waiting" in result.output
    last = result.output.splitlines()[-1]
    assert last == "wrote runs/small/table.csv and table.parquet"


def test_what_failed_is_listed_with_its_log(here):
    study = STUDY.replace(
        "{seed: [0, 1]}", "{seed: [0, 1]}, {fails: true, seed: 2}"
    )
    (here / "small.yaml").write_text(study)
    result = sweep("small.yaml", "--to", "there")
    assert result.return_value == 1
    log = "there/runs/fails-True_seed-2.log"
    assert result.stderr == f"failed: fails-True_seed-2, see {log}\n"
    assert (here / log).exists()


def test_stopped_it_says_how_to_go_on(here):
    study = STUDY.replace("steps: 3", "steps: 30, pace: 0.1")
    (here / "small.yaml").write_text(study)
    places.signal_when((here / "trace").exists, signal.SIGINT)
    result = sweep("small.yaml")
    assert result.return_value == exits.INTERRUPTED
    assert result.output.endswith("give the same command again.\n")
    assert result.stderr == ""


@pytest.mark.parametrize("missing", ["yaml", "pyarrow"])
def test_what_is_not_installed_is_named(missing, here, monkeypatch):
    imported = builtins.__import__

    def without(name, *arguments, **keywords):
        if name.split(".")[0] == missing:
            raise ModuleNotFoundError(name=missing)
        return imported(name, *arguments, **keywords)

    for module in [name for name in sys.modules if "tfvae.studies" in name]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr("tfvae.studies")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ValueError, match=r"pip install 'tfvae\[study\]'"):
        raise sweep("small.yaml").exception


def test_a_study_that_is_not_there_is_told(here):
    assert isinstance(sweep("none.yaml").exception, FileNotFoundError)
