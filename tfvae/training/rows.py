"""CSV files with one row a step."""

import csv
from pathlib import Path

from tfvae.training.files import replacing


def append(row: dict[str, float], file: Path) -> None:
    """Add a row, below a header where the file is new or empty.

    Args:
        row: values by the names of their columns; the first is the step.
        file: may not be there yet.

    Raises:
        ValueError: if the file has other columns.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a+", newline="") as lines:
        lines.seek(0)
        header = lines.readline()
        if header and next(csv.reader([header])) != [*row]:
            raise ValueError(
                f"{file} has other columns; give another file. "
                f"Received: {', '.join(row)}"
            )
        writer = csv.DictWriter(lines, row, lineterminator="\n")
        if not header:
            writer.writeheader()
        writer.writerow(row)


def keep_until(file: Path, step: int) -> None:
    """Drop the rows after a step, and half a row that a kill left.

    Args:
        file: may not be there.
        step: the last that is kept.
    """
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    if not lines:
        return
    header, *rows = lines
    complete = [row for row in rows if row.endswith("\n")]
    kept = [row for row in complete if int(row.split(",")[0]) <= step]
    with replacing(file) as temporary:
        temporary.write_text("".join([header, *kept] if kept else []))
