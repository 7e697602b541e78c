import numpy as np
import pytest
from click.testing import CliRunner

from experiments import gaussian_blob
from experiments.gaussian_blob import alignment
from experiments.gaussian_blob import explained

X, Y = np.divmod(np.arange(1024), 32)
POSITIONS = np.stack([X, Y], axis=1)
KL = np.array([0.1, 2.0, 3.0])


def turned(degrees: float) -> np.ndarray:
    """A latent of noise, and two of position turned from the axes."""
    angle = np.radians(degrees)
    noise = np.random.default_rng(0).standard_normal(len(X))
    x, y = X - 15.5, Y - 15.5
    return np.stack(
        [
            noise,
            np.cos(angle) * x + np.sin(angle) * y,
            np.cos(angle) * y - np.sin(angle) * x,
        ],
        axis=1,
    )


def test_what_the_means_explain():
    # means 1 and 5, variance 4; the variance of 0, 2, 4, 6 is 5
    code = np.array([0.0, 2.0, 4.0, 6.0])
    assert explained(code, np.array([0, 0, 1, 1])) == pytest.approx(0.8)
    assert explained(code, np.array([0, 3, 3, 0])) == 0
    assert explained(code, np.array([2, 0, 5, 9])) == pytest.approx(1)


@pytest.mark.parametrize(
    "degrees, expected",
    [(0, 1), (30, 0.75), (45, 0.5), (60, 0.75), (90, 1), (-30, 0.75)],
)
def test_alignment_of_straight_codes(degrees, expected):
    score = alignment(turned(degrees), POSITIONS, KL)
    assert score == pytest.approx(expected)


def test_a_bent_code_along_an_axis_is_aligned():
    codes = np.stack([(X - 15.5) ** 3, np.exp(Y / 10)], axis=1)
    assert alignment(codes, POSITIONS, np.ones(2)) == pytest.approx(1)


def test_what_both_axes_make_together_is_not_aligned():
    codes = np.stack([(X - 15.5) * (Y - 15.5)] * 2, axis=1)
    assert alignment(codes, POSITIONS, np.ones(2)) == pytest.approx(0, abs=1e-9)


def test_blobs_are_where_their_factors_say():
    dataset = gaussian_blob.Blobs()
    images = dataset.images_of([[0, 0], [31, 0], [5, 20]])[..., 0]
    peaks = [np.unravel_index(i.argmax(), i.shape) for i in images]  # row, col
    apart = (63 - 2 * gaussian_blob.MARGIN) / 31  # pixels between positions
    for (row, column), (x, y) in zip(
        peaks, [[0, 0], [31, 0], [5, 20]], strict=True
    ):
        assert abs(column - gaussian_blob.MARGIN - apart * x) < 1
        assert abs(row - gaussian_blob.MARGIN - apart * y) < 1
    first = int(gaussian_blob.MARGIN)
    away = first + int(gaussian_blob.WIDTH)  # a standard deviation
    assert images[0, first, first] == 255
    for pixel in (images[0, first, away], images[0, away, first]):
        assert pixel == round(255 * np.exp(-0.5))


def test_the_table_counts_aligned_seeds():
    scores = {1.0: [0.6, 0.96, 0.7], 150.0: [0.97, 0.99, 0.94]}
    few, most, active = gaussian_blob.compare(scores, active=[2, 2, 3])
    assert (few.seen, few.holds) == ("1 of 3", True)
    assert (most.seen, most.holds) == ("2 of 3", False)
    assert (active.seen, active.holds) == ("2, 2, 3", False)


def test_a_tiny_run_from_the_command_line(tmp_path):
    arguments = ["--seeds", "1", "--steps", "2", "--run-dir", str(tmp_path)]
    result = CliRunner().invoke(
        gaussian_blob.main, arguments, catch_exceptions=False
    )
    assert "beta 150, seed 0: alignment 0." in result.output
    assert "| seeds on the axes at beta 150 | all |" in result.output
