"""Factors of images from a CSV file."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

INTEGER = re.compile(r"[0-9]{1,18}")  # fits in int64


def read(
    path: str, names: Sequence[str], left_out: Sequence[str] = ()
) -> tuple[tuple[str, ...], np.ndarray]:
    """The factors of images, in the order of the images.

    The column `file` names the image, each other column is a factor: integers
    >= 0 as they are, or texts, numbered in sorted order.

    Args:
        path: the CSV file, UTF-8, its first line the names of the columns.
        names: of the images; each must have a row.
        left_out: names that may have a row, which is passed over.

    Returns:
        (names of the factors, int64 `[N, K]`).

    Raises:
        ValueError: on any mistake in the file.
    """
    header, rows = _table(path)
    if header.count("file") != 1 or len(header) < 2 or "" in header:
        raise _mistake(
            path, 1, f"the columns must be `file` and factors, not {header}"
        )
    if len(set(header)) < len(header):
        raise _mistake(path, 1, f"each column must come once, not {header}")
    by_image = _by_image(path, header.index("file"), rows)
    known = {*names, *left_out}
    unknown = [name for name in by_image if name not in known]
    if unknown:
        line, _ = by_image[unknown[0]]
        raise _mistake(path, line, f"there is no image {unknown[0]!r}")
    missing = [name for name in names if name not in by_image]
    if missing:
        raise ValueError(
            "Every image must have a row; none has "
            f"{missing[0]!r} ({len(missing)} in all). Received: path={path!r}"
        )
    chosen = [by_image[name] for name in names]
    columns = [k for k, name in enumerate(header) if name != "file"]
    factors = [_numbers(path, header[k], chosen, k) for k in columns]
    return tuple(header[k] for k in columns), np.stack(factors, axis=1)


Row = tuple[int, list[str]]  # its line in the file, and its cells


def _table(path: str) -> tuple[list[str], list[Row]]:
    if not Path(path).is_file():
        raise ValueError(f"No such file. Received: path={path!r}")
    try:
        with open(path, newline="", encoding="utf-8-sig") as lines:
            reader = csv.reader(lines, strict=True)
            rows = [
                (reader.line_num, [cell.strip() for cell in row])
                for row in reader
                if row
            ]
    except (csv.Error, OSError, UnicodeDecodeError) as error:
        raise ValueError(
            "The file must be a CSV in UTF-8. "
            f"Received: path={path!r} ({error})"
        ) from error
    if not rows:
        raise ValueError(f"The file is empty. Received: path={path!r}")
    (_, header), *rest = rows
    for line, cells in rest:
        if len(cells) != len(header):
            raise _mistake(
                path, line, f"{len(header)} cells expected, not {len(cells)}"
            )
    return header, rest


def _by_image(path: str, column: int, rows: list[Row]) -> dict[str, Row]:
    by_image: dict[str, Row] = {}
    for line, cells in rows:
        name = cells[column]
        if name in by_image:
            raise _mistake(path, line, f"a second row of {name!r}")
        by_image[name] = line, cells
    return by_image


def _numbers(path: str, name: str, rows: list[Row], column: int) -> np.ndarray:
    """A factor's values, int64 `[N]`."""
    cells = [row[column] for _, row in rows]
    if all(INTEGER.fullmatch(cell) for cell in cells):
        return np.array([int(cell) for cell in cells], np.int64)
    if "" in cells:
        line, _ = rows[cells.index("")]
        raise _mistake(path, line, f"`{name}` is empty")
    if all(map(_is_number, cells)):
        [(line, cell), *_] = [
            (line, cell)
            for (line, _), cell in zip(rows, cells, strict=True)
            if not INTEGER.fullmatch(cell)
        ]
        raise _mistake(
            path, line, f"`{name}` must be integers >= 0 or texts, not {cell}"
        )
    return np.unique(cells, return_inverse=True)[1].astype(np.int64)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _mistake(path: str, line: int, what: str) -> ValueError:
    return ValueError(f"Line {line}: {what}. Received: path={path!r}")
