import numpy as np
import pytest

from tfvae.figures import latent_responses

# two latents and one that is off; a factor of two values and one of three
CODES = np.array(
    [[1.0, 5, 0.1], [3, -5, -0.1], [-2, 5, 0.1], [-2, -5, -0.1], [0, 0, 0]]
)
FACTORS = np.array([[0, 2], [0, 4], [3, 2], [3, 4], [3, 7]])
NAMES = ["shape", "posX"]
KL = np.array([0.5, 2.614, 0.01])
ACTIVE = np.array([True, True, False])
MEANS = {  # by row and column of the figure
    (0, 0): [0, 0],
    (0, 1): [5, -5, 0],
    (1, 0): [2, -4 / 3],
    (1, 1): [-0.5, 0.5, 0],
}
STDS = {
    (0, 0): [5, np.sqrt(50 / 3)],
    (0, 1): [0, 0, 0],
    (1, 0): [1, np.sqrt(8) / 3],
    (1, 1): [1.5, 2.5, 0],
}
VALUES = [[0, 3], [2, 4, 7]]


@pytest.fixture
def drawn():
    return latent_responses(CODES, FACTORS, NAMES, KL, ACTIVE)


def cells(drawn):
    """Axes by row and column."""
    return {divmod(n, 2): axes for n, axes in enumerate(drawn.axes)}


def test_each_cell_has_the_mean_code_by_value(drawn):
    assert len(drawn.axes) == 4
    for cell, axes in cells(drawn).items():
        np.testing.assert_array_equal(
            axes.lines[0].get_xdata(), VALUES[cell[1]]
        )
        np.testing.assert_allclose(
            axes.lines[0].get_ydata(), MEANS[cell], atol=1e-12
        )


def test_the_band_is_one_standard_deviation_wide(drawn):
    for cell, axes in cells(drawn).items():
        [band] = axes.collections
        corners = band.get_paths()[0].vertices
        for value, mean, std in zip(
            VALUES[cell[1]], MEANS[cell], STDS[cell], strict=True
        ):
            heights = corners[corners[:, 0] == value, 1]
            assert heights.min() == pytest.approx(mean - std)
            assert heights.max() == pytest.approx(mean + std)


def test_rows_are_latents_by_kl_and_columns_factors(drawn):
    labels = cells(drawn)
    assert labels[0, 0].get_ylabel() == "z1\n2.61 nats"
    assert labels[1, 0].get_ylabel() == "z0\n0.50 nats"
    assert [labels[1, k].get_xlabel() for k in range(2)] == NAMES
    assert "1 inactive latent left out" in drawn.get_suptitle()


def test_cells_of_a_latent_share_their_axis_and_no_other(drawn):
    limits = {cell: axes.get_ylim() for cell, axes in cells(drawn).items()}
    assert limits[0, 0] == limits[0, 1] != limits[1, 0] == limits[1, 1]


def test_without_an_active_latent_there_is_nothing_to_draw():
    with pytest.raises(ValueError, match="No latent is active"):
        latent_responses(CODES, FACTORS, NAMES, KL, np.zeros(3, bool))
