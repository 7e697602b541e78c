"""The table of a study: one row a run."""

import csv
import json
import shutil

import pyarrow.parquet
import pytest

from tfvae.studies.job import Job
from tfvae.studies.table import Table
from tfvae.studies.table import objective_fields
from tfvae.studies.table import scores

EVALUATION = {
    "metrics": {
        "mig": {"scores": {"mig": 0.5}, "intervals": {"mig": [0.4, 0.6]}},
        "dci": {
            "scores": {"disentanglement": 0.2, "train": 0.9},
            "intervals": {},
        },
        "elbo": {"scores": {"elbo": -9.0}, "intervals": {}},
        "sap": {"skipped": "too few images"},
    }
}


LOG = """
[sweep] train.py starts: a
[sweep] train.py ended with 0 after 2.5 s
[sweep] evaluate starts: b
[sweep] evaluate ended with 0 after 9.0 s
"""


@pytest.fixture
def jobs(tmp_path, two_runs) -> list[Job]:
    """A finished run of B, one of VAE that is not measured, one not begun."""
    runs = tmp_path / "runs"
    measured = shutil.copytree(two_runs[0], runs / "B_seed-0")
    shutil.copytree(two_runs[1], runs / "VAE_seed-1")
    file = measured / "metrics.json"
    content = {**json.loads(file.read_text()), "evaluation": EVALUATION}
    file.write_text(json.dumps(content))
    (runs / "B_seed-0.log").write_text(LOG)
    jobs = []
    for name, seed in (("B", 0), ("VAE", 1), ("VAE", 2)):
        options = {"objective": name, "seed": seed, "steps": 10}
        asked = "mig,dci,elbo,sap"
        jobs.append(Job(f"{name}_seed-{seed}", options, runs, asked))
    return jobs


def read(directory) -> list[dict]:
    """The rows, the same in both files."""
    rows = pyarrow.parquet.read_table(directory / "table.parquet").to_pylist()
    with open(directory / "table.csv", newline="") as lines:
        texts = [*csv.DictReader(lines)]
    assert [[*row] for row in rows] == [[*row] for row in texts]
    for row, text in zip(rows, texts, strict=True):
        for name, cell in row.items():
            assert text[name] == "" if cell is None else text[name], name
            if isinstance(cell, float):
                assert float(text[name]) == pytest.approx(cell)
    return rows


def test_a_run_is_a_row(jobs, tmp_path):
    Table(tmp_path, ["objective", "seed"], jobs).write()
    measured, trained, waiting = read(tmp_path)
    summary = jobs[0].run.metrics()
    assert measured == {
        "run": "B_seed-0",
        "objective": "B",
        "seed": 0,
        "gamma": 10.0,
        "capacity": "Linear(start=1.0, stop=5.0, steps=10)",
        "constraint": "batch",
        "dataset": "npz",
        "steps": 10,
        "status": "finished",
        "seconds": 2.5,
        "nll": pytest.approx(summary["nll"]),
        "kl": pytest.approx(summary["kl"]),
        "elbo": pytest.approx(-summary["nll"] - summary["kl"]),
        "active": len(summary["active"]),
        "mig": 0.5,
        "mig_low": 0.4,
        "mig_high": 0.6,
        "dci_disentanglement": 0.2,
        "dci_disentanglement_low": None,
        "dci_disentanglement_high": None,
        "dci_train": 0.9,
        "dci_train_low": None,
        "dci_train_high": None,
        "elbo_elbo": -9.0,
        "elbo_elbo_low": None,
        "elbo_elbo_high": None,
    }
    assert [*measured][:3] == ["run", "objective", "seed"]
    assert (trained["status"], trained["mig"]) == ("waiting", None)
    assert trained["nll"] == pytest.approx(jobs[1].run.metrics()["nll"])
    told = {name: cell for name, cell in waiting.items() if cell is not None}
    assert told == {
        "run": "VAE_seed-2",
        "objective": "VAE",
        "seed": 2,
        "status": "waiting",
    }


def test_only_rows_that_changed_are_read_anew(jobs, tmp_path):
    table = Table(tmp_path, ["objective", "seed"], jobs)
    file = jobs[1].run.metrics_file
    content = {**json.loads(file.read_text()), "evaluation": EVALUATION}
    file.write_text(json.dumps(content))
    table.write(changed=[jobs[0]])
    assert [row["mig"] for row in read(tmp_path)] == [0.5, None, None]
    table.write(changed=[jobs[1]])
    assert [row["mig"] for row in read(tmp_path)] == [0.5, 0.5, None]


def test_what_a_run_did_counts_more_than_what_was_typed(jobs, tmp_path):
    for job in jobs:
        job.options["gamma"] = "1e1"
    Table(tmp_path, ["gamma"], jobs).write()
    gammas = [row["gamma"] for row in read(tmp_path)]
    assert gammas == ["10.0", "1e1", "1e1"]


def test_an_objective_that_is_not_known_yet_has_a_cell():
    assert objective_fields({}) == {"objective": None}


def test_nothing_measured_has_no_columns():
    assert scores({}) == {}
