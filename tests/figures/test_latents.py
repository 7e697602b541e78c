import numpy as np
import pytest
from matplotlib.colors import same_color

from tests.figures.cutting import row_labels
from tfvae.figures.latent_grid import latent_grid
from tfvae.figures.latents import chosen_by_kl
from tfvae.figures.style import INACTIVE

KL = np.array([0.5, 0.0, 4.256, 0.0])
ACTIVE = np.array([True, False, True, False])
MEANINGS = ["", "", "63% of posX", ""]


def test_the_largest_kl_is_first_and_equal_ones_keep_their_order():
    assert chosen_by_kl(KL, ACTIVE, inactive=True).tolist() == [2, 0, 1, 3]
    assert chosen_by_kl(KL, ACTIVE, inactive=False).tolist() == [2, 0]


def test_nothing_active_is_refused():
    with pytest.raises(ValueError, match="No latent is active"):
        chosen_by_kl(KL, np.zeros(4, bool), inactive=False)


def test_rows_say_what_is_known_and_the_inactive_are_grey():
    figure = latent_grid(
        np.zeros([3, 2, 8, 8, 1]),
        "",
        np.array([2, 1, 0]),
        KL,
        ACTIVE,
        MEANINGS,
        row_notes=["a", "b", "c"],
    )
    [axes] = figure.axes
    assert row_labels(figure) == [
        "z2  4.26 nats\n63% of posX",
        "z1  0.00 nats\ninactive",
        "z0  0.50 nats",
    ]
    for texts in (axes.get_yticklabels(), axes.texts):
        grey = [same_color(text.get_color(), INACTIVE) for text in texts]
        assert grey == [False, True, False]
