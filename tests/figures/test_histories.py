import numpy as np
import pytest

from tfvae.figures import histories

STEP = {"step": np.array([100, 200])}


def test_latents_are_in_the_order_of_their_numbers():
    columns = {f"kl/{n}": np.array([n, n + 0.5]) for n in (10, *range(10))}
    paths = histories.latent_paths({**STEP, "kl": np.zeros(2), **columns})
    np.testing.assert_array_equal(paths[0], np.arange(11))
    np.testing.assert_array_equal(paths[1], np.arange(11) + 0.5)


def test_a_history_without_rows_or_latents_is_refused():
    for history in ({}, {"step": np.zeros(0), "kl/0": np.zeros(0)}):
        with pytest.raises(ValueError, match="no rows"):
            histories.latent_paths(history)
    with pytest.raises(ValueError, match="no KL of single latents"):
        histories.latent_paths({**STEP, "kl": np.zeros(2)})


@pytest.mark.parametrize(
    "path, row",
    [
        ([0.2, 0.2, 0.2], 0),
        ([0.0, 0.2, 0.2], 1),
        ([0.2, 0.0, 0.2], 2),  # what it had first, it lost
        ([0.2, 0.2, 0.0], 3),
        ([0.1, 0.1, 0.1], 3),  # at the threshold is not above
        ([0.2, 0.2, np.nan], 3),  # nor is what is not a number
    ],
)
def test_emergence_is_the_row_from_which_it_stays(path, row):
    assert histories.emergence(np.array([path]).T, 0.1).tolist() == [row]


def test_changing_rows_count_up_to_the_last_change():
    assert histories.changing_rows(np.array([0, 1, 1, 2, 2, 2])) == 4
    assert histories.changing_rows([1, 2]) == 2
    assert histories.changing_rows([3, 3]) == 0
    assert histories.changing_rows([3]) == histories.changing_rows([]) == 0
