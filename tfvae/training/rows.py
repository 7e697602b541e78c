"""CSV files with one row a step."""

import csv
from pathlib import Path

from tfvae.training.files import naming
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
    with naming(file), open(file, "a+", newline="") as lines:
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

    Raises:
        ValueError: if the file is damaged otherwise.
    """
    if not file.exists():
        return
    with replacing(file) as temporary:
        temporary.write_text(_until(file, step), encoding="utf-8")


def _until(file: Path, step: int) -> str:
    try:
        text = file.read_text(encoding="utf-8")
        header, *rows = text.splitlines(keepends=True) or [""]
        complete = [row for row in rows if row.endswith("\n")]
        kept = [row for row in complete if int(row.split(",")[0]) <= step]
    except ValueError as error:
        raise ValueError(
            f"The file is damaged; move it away. Received: {file}: {error}"
        ) from error
    return "".join([header, *kept] if kept else [])
