import numpy as np
import pytest

from tfvae.figures import position_tuning

# factors: shape, posY, posX; no image at x = 7, y = 4
FACTORS = np.array([[0, 1, 5], [1, 1, 5], [0, 1, 7], [1, 4, 5], [0, 9, 7]])
NAMES = ["shape", "posY", "posX"]
CODES = np.array([[0.0, 1, 9], [0, 3, 9], [0.5, -4, 9], [0, 0.5, 9], [1, 1, 9]])
KL = np.array([0.5, 2.614, 0.01])
ACTIVE = np.array([True, True, False])
OF_Z1 = [[2, -4], [0.5, np.nan], [1, 1]]  # rows y = 1, 4, 9
OF_Z1[2][0] = np.nan


def draw(**options):
    return position_tuning(CODES, FACTORS, NAMES, KL, ACTIVE, **options)


def maps(drawn):
    *axes, bar = drawn.axes
    assert bar.get_ylabel() == "mean code"
    return axes


def test_a_cell_is_the_mean_code_of_its_position_or_blank():
    axes = maps(draw())
    [mesh] = axes[0].collections
    np.testing.assert_array_equal(mesh.get_array().filled(np.nan), OF_Z1)
    assert mesh.get_array().mask.tolist() == np.isnan(OF_Z1).tolist()


def test_cells_lie_about_their_positions_with_y_down():
    axes = maps(draw())[0]
    corners = axes.collections[0].get_coordinates()
    np.testing.assert_array_equal(corners[0, :, 0], [4, 6, 8])
    np.testing.assert_array_equal(corners[:, 0, 1], [-0.5, 2.5, 6.5, 11.5])
    top, bottom = axes.get_ylim()[::-1]
    assert top < bottom


def test_one_scale_symmetric_about_zero():
    for axes in maps(draw()):
        assert axes.collections[0].get_clim() == (-4, 4)


def test_latents_are_active_and_by_kl():
    drawn = draw()
    titles = [axes.get_title() for axes in maps(drawn)]
    assert titles == ["z1  2.61 nats", "z0  0.50 nats"]
    assert "1 inactive latent left out" in drawn.get_suptitle()
    assert (drawn.get_supxlabel(), drawn.get_supylabel()) == ("posX", "posY")


def test_other_factors_can_be_the_position():
    drawn = draw(x="shape", y="posX")
    [mesh] = maps(drawn)[0].collections
    assert mesh.get_array().tolist() == [[1, 1.75], [-1.5, None]]
    assert drawn.get_supxlabel() == "shape"


def test_a_factor_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no factor 'across'.*shape, posY"):
        draw(x="across")


def test_without_an_active_latent_there_is_nothing_to_draw():
    with pytest.raises(ValueError, match="No latent is active"):
        position_tuning(CODES, FACTORS, NAMES, KL, np.zeros(3, bool))
