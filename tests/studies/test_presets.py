"""The studies that come with the repository."""

from pathlib import Path

import options
from params import PRESETS
from tfvae import data
from tfvae.studies import Study

STUDIES = Path(__file__).parents[2] / "studies"


def test_quick_is_a_few_dozen_runs_that_train_py_understands():
    study = Study.read(STUDIES / "quick.yaml")
    assert len(study.runs) == 27
    for given in study.runs.values():
        assert options.params_of(given).dataset == "dsprites"


def test_locatello2019_is_the_whole_grid():
    study = Study.read(STUDIES / "locatello2019.yaml")
    assert len(study.runs) == 12_600
    values = {
        name: {run[name] for run in study.runs.values()}
        for name in study.varied
    }
    assert values["preset"] == {p for p in PRESETS if "locatello2019" in p}
    assert values["seed"] == {*range(50)}
    assert len(values["dataset"]) == 7
    # the one that tfvae may not have yet
    assert values["dataset"] - {*data.names()} <= {"scream_dsprites"}
