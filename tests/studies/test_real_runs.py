"""A sweep over the real `train.py`, two short runs."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tfvae
from tests.runs import bars

ROOT = Path(__file__).parents[2]
TRAINING = ROOT / "tests" / "training_process.py"  # an empty page at its end
PROGRAM = f"""
import runpy, sys
sys.path[0] = {str(ROOT)!r}
runpy.run_path({str(TRAINING)!r}, None, "__main__")
"""
STUDY = """
fixed:
  dataset: npz
  data_path: bars.npz
  batch_size: 8
  latent_dim: 2
  steps: 10
grid:
  - objective: [H, factor]
    seed: 3
metrics: [mig, active_units]
"""


def test_two_runs_from_a_study_to_a_table(tmp_path):
    images, factors = bars()
    np.savez(tmp_path / "bars.npz", images=images, factors=factors)
    (tmp_path / "train.py").write_text(PROGRAM)
    (tmp_path / "bars.yaml").write_text(STUDY)
    process = subprocess.run(
        [sys.executable, "-m", "tfvae", "sweep", "bars.yaml", "--jobs", "2"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (process.returncode, process.stderr) == (0, ""), process.stdout
    runs = tmp_path / "runs" / "bars" / "runs"
    with open(tmp_path / "runs" / "bars" / "table.csv", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    assert [row["run"] for row in rows] == ["H_seed-3", "factor_seed-3"]
    for row in rows:
        assert row["status"] == "finished"
        _, params = tfvae.load_run(runs / row["run"])
        measured = json.loads((runs / row["run"] / "metrics.json").read_text())
        scores = measured["evaluation"]["metrics"]["mig"]["scores"]
        assert (params["steps"], params["seed"]) == (10, 3)
        assert float(row["mig"]) == pytest.approx(scores["mig"])
        assert float(row["nll"]) == pytest.approx(measured["nll"])
        assert float(row["seconds"]) > 0
