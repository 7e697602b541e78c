"""One row a run: its settings and everything measured."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.csv
import pyarrow.parquet

from tfvae import schedules
from tfvae.studies.job import TRAINING
from tfvae.studies.job import Job
from tfvae.training.files import replacing


class Table:
    """`table.csv` and `table.parquet` of a study, whole at any moment.

    Args:
        directory: where they are written.
        varied: the options that have a column each.
        jobs: the runs that have a row each.
    """

    def __init__(self, directory: Path, varied: Iterable[str], jobs: list[Job]):
        self._directory = directory
        self._varied = [*varied]
        self._rows = {job.name: self._row(job) for job in jobs}

    def write(self, changed: Iterable[Job] = ()) -> None:
        """Write both files.

        Args:
            changed: the runs whose rows are read anew.
        """
        self._rows |= {job.name: self._row(job) for job in changed}
        table = arranged([*self._rows.values()])
        with replacing(self._directory / "table.csv") as temporary:
            pyarrow.csv.write_csv(table, temporary)
        with replacing(self._directory / "table.parquet") as temporary:
            pyarrow.parquet.write_table(table, temporary)

    def _row(self, job: Job) -> list[dict[str, Any]]:
        """The cells of a row by column, in sections that keep their order."""
        params = job.run.params() if job.run.params_file.exists() else {}
        measured = job.run.metrics()
        options = {
            option.replace("-", "_"): job.options.get(option)
            for option in self._varied
        }
        return [
            {"run": job.name, **options},
            objective_fields(params.get("objective", {})),
            {key: params.get(key) for key in ("dataset", "steps", "seed")},
            {"status": job.state, "seconds": job.log.seconds(TRAINING)},
            summary(measured),
            scores(measured.get("evaluation", {})),
        ]


def arranged(rows: list[list[dict[str, Any]]]) -> pyarrow.Table:
    """A table of rows that are in sections.

    The columns of a section stand together. Where two sections have a column
    of one name, it stands in the first and has the last value there is.
    """
    keys = itertools.chain(*itertools.chain(*zip(*rows, strict=True)))
    names = dict.fromkeys(keys)
    merged: list[dict[str, Any]] = []
    for row in rows:
        cells = itertools.chain(*(section.items() for section in row))
        merged.append({k: v for k, v in cells if v is not None})
    return pyarrow.table(
        {name: column([row.get(name) for row in merged]) for name in names}
    )


def column(values: list[Any]) -> pyarrow.Array:
    """Numbers if all are; texts if not.

    >>> column([1, 2.5, None]).to_pylist()
    [1.0, 2.5, None]
    >>> column([4.0, "0:4:100", None]).to_pylist()
    ['4.0', '0:4:100', None]
    """
    try:
        return pyarrow.array(values)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
        return pyarrow.array([v if v is None else str(v) for v in values])


def objective_fields(config: dict[str, Any]) -> dict[str, Any]:
    """The name and the fields of an objective.

    >>> linear = {"name": "Linear", "start": 0.0, "stop": 25.0, "steps": 100}
    >>> objective_fields({"name": "B", "gamma": 10.0, "capacity": linear})
    {'objective': 'B', 'gamma': 10.0, \
'capacity': 'Linear(start=0.0, stop=25.0, steps=100)'}
    """
    cells = {name: _cell(value) for name, value in config.items()}
    return {"objective": cells.pop("name", None), **cells}


def _cell(value: Any) -> Any:
    """A number, or a schedule that moves as a text."""
    if not isinstance(value, dict):
        return value
    schedule = schedules.get(value)
    constant = isinstance(schedule, schedules.Constant)
    return schedule.value if constant else repr(schedule)


def summary(measured: dict[str, Any]) -> dict[str, Any]:
    """What `train.py` measured, nats per image, and its active latents."""
    nll, kl = measured.get("nll"), measured.get("kl")
    return {
        "nll": nll,
        "kl": kl,
        "elbo": None if nll is None else -nll - kl,
        "active": len(measured["active"]) if "active" in measured else None,
    }


def scores(evaluation: dict[str, Any]) -> dict[str, Any]:
    """Every score of every metric, and the ends of its interval."""
    cells = {}
    for metric, measured in evaluation.get("metrics", {}).items():
        for score, value in measured.get("scores", {}).items():
            name = metric if score == metric else f"{metric}_{score}"
            name = "elbo_elbo" if name == "elbo" else name  # not the summary's
            low, high = measured["intervals"].get(score, (None, None))
            cells |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return cells
