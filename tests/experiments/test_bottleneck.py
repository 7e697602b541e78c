import numpy as np
import pytest
from click.testing import CliRunner

from experiments import bottleneck

NATS = np.array([1.0, 2.0, 3.0, 4.0])


def test_the_full_schedule_is_the_papers():
    c = bottleneck.capacity(bottleneck.FULL)
    steps = 0, 20_000, 30_000, 120_000, bottleneck.FULL, 10 * bottleneck.FULL
    seen = [float(c(step)) for step in steps]
    assert seen == pytest.approx([0.5, 0.5, 1.25, 8.0, 25.0, 25.0], abs=1e-4)


def test_a_short_schedule_is_the_same_compressed():
    short = bottleneck.capacity(bottleneck.FULL // 10)
    full = bottleneck.capacity(bottleneck.FULL)
    for step in (1000, 2500, 20_000):
        assert float(short(step)) == pytest.approx(
            float(full(10 * step)), abs=1e-3
        )


def test_factors_are_there_from_when_their_kl_stays():
    kl = [
        # always, never, late, after a false start, gone at the end
        [0.2, 0.0, 0.0, 0.3, 0.0],
        [0.3, 0.1, 0.0, 0.0, 0.5],
        [0.4, 0.1, 0.0, 0.2, 0.5],
        [0.5, 0.0, 0.2, 0.3, 0.1],
    ]
    columns = {f"kl/{k}": path for k, path in enumerate(np.transpose(kl))}
    history = {"step": np.arange(4), "capacity": NATS, **columns}
    seen = bottleneck.emergence(history)
    assert [*seen.items()] == [("shape", 1), ("posX", 3), ("orientation", 4)]


def test_the_value_at_a_rate_is_that_of_the_first_row_there():
    values = np.array([10.0, 20.0, 30.0, 40.0])
    assert bottleneck.at_rate(NATS, values, 2.0) == 20
    assert bottleneck.at_rate(NATS, values, 2.5) == 30
    assert np.isnan(bottleneck.at_rate(NATS, values, 4.5))


def history(on: dict[str, float]) -> dict[str, np.ndarray]:
    """C from 0 to 25; each factor has 5.2 nats from a given C on."""
    c = np.linspace(0, 25, 251)
    columns = {"capacity": c, "kl": c, "nll": 500 - 19 * c, "step": 10 * c}
    for factor, name in enumerate(bottleneck.NAMES):
        columns[f"kl/{factor}"] = 5.2 * (c > on[name] - 0.05)
    return columns


AS_IN_THE_PAPER = {
    "posX": 0.0,
    "posY": 0.5,
    "scale": 6.6,
    "shape": 8.2,
    "orientation": 14.0,
}


def test_a_run_like_the_papers_holds_but_for_the_last_kl_of_shape():
    rows = bottleneck.compare(history(AS_IN_THE_PAPER))
    assert [row.quantity for row in rows if not row.holds] == [
        "KL of shape at the end, nats"  # 5.2, not 3.0
    ]
    seen = {row.quantity: row.seen for row in rows}
    assert seen["order of the factors"] == (
        "posX, posY, scale, shape, orientation"
    )
    assert seen["shape is on at C, nats"] == "8.2"
    # 500 - 19 * 23.8 = 47.8
    assert seen["log-likelihood at 23.8 nats"] == "-47.8"


@pytest.mark.parametrize(
    "moved",
    [{"shape": 5.0}, {"scale": 0.2, "posY": 6.6}, {"orientation": np.inf}],
)
def test_another_order_differs(moved):
    order, *_ = bottleneck.compare(history(AS_IN_THE_PAPER | moved))
    assert not order.holds


def test_x_and_y_may_come_in_either_order():
    columns = history(AS_IN_THE_PAPER | {"posX": 0.6})
    assert bottleneck.compare(columns)[0].holds


def test_the_lines_of_the_figure_are_the_factors_and_their_mean():
    columns = history(AS_IN_THE_PAPER)
    kl = np.stack([columns[f"kl/{factor}"] for factor in range(5)])
    left, right = bottleneck.utilisation(columns).axes
    # what comes before C rises is not drawn over the log-likelihood
    rising = columns["capacity"] > 0.55
    for axes, across, paths in (
        (left, columns["capacity"], kl),
        (right, -columns["nll"][rising], kl[:, rising]),
    ):
        lines = {line.get_label(): line for line in axes.lines}
        assert [*lines] == [*bottleneck.NAMES, "mean"]
        for line, nats in zip(
            lines.values(), [*paths, paths.mean(axis=0)], strict=True
        ):
            np.testing.assert_array_equal(line.get_xdata(), across)
            np.testing.assert_allclose(line.get_ydata(), nats)


def test_a_tiny_run_from_the_command_line(tmp_path):
    directory = tmp_path / "run"
    arguments = ["--steps", "20", "--batch-size", "2", "--run-dir", directory]
    result = CliRunner().invoke(
        bottleneck.main, [str(a) for a in arguments], catch_exceptions=False
    )
    assert "| order of the factors | x and y, scale" in result.output
    columns = bottleneck.Run(directory).history()
    np.testing.assert_array_equal(columns["step"], np.arange(1, 21))
    total = sum(columns[f"kl/{factor}"] for factor in range(5))
    np.testing.assert_allclose(total, columns["kl"], rtol=1e-4)
    rows = np.load(directory / "reconstructions.npz")["rows"]
    assert rows.shape == (5, 10, 64, 64, 1)
    assert set(np.unique(rows[0])) == {0, 1}  # the images themselves
    for name in ("utilisation", "reconstructions"):
        assert (directory / "figures" / f"{name}.png").stat().st_size > 10_000
    again = CliRunner().invoke(
        bottleneck.main, ["--draw-only", "--run-dir", str(directory)]
    )
    assert result.output.endswith(again.output)
    assert again.output.startswith("| quantity")
