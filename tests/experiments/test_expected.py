import numpy as np

from experiments.expected import Row
from experiments.expected import near
from experiments.expected import table


def test_a_number_holds_up_to_the_tolerance():
    assert near("C", 6.5, 8.0, 1.5) == Row("C", "6.5 +- 1.5", "8.0", True)
    assert not near("C", 6.5, 8.01, 1.5).holds
    assert not near("C", 6.5, 4.99, 1.5).holds


def test_what_was_never_seen_does_not_hold():
    assert near("C", 14, np.inf, 1.5).seen == "inf"
    assert not near("C", 14, np.inf, 1.5).holds
    assert not near("C", 14, np.nan, 1.5).holds


def test_the_table_says_which_rows_hold():
    rows = [Row("order", "x, y", "x, y", True), near("KL", 3, 4, 0.5)]
    assert table(rows).splitlines() == [
        "| quantity | expected | seen | |",
        "|---|---|---|---|",
        "| order | x, y | x, y | as expected |",
        "| KL | 3 +- 0.5 | 4.0 | differs |",
    ]
