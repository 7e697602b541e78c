import numpy as np
import pytest

from tfvae.figures import kl_paths_compared

FIRST = {
    "step": np.array([100, 200, 300]),
    "kl/0": np.array([0.0, 0.0, 0.05]),
    "kl/1": np.array([0.0, 0.5, 4.0]),
}
SECOND = {
    "step": np.array([100, 1000]),
    "kl/0": np.array([0.3, 2.0]),
    "kl/1": np.array([0.0, 0.2]),
}


@pytest.fixture
def drawn():
    return kl_paths_compared([FIRST, SECOND], ["slow", "fast"])


def test_a_panel_a_run_with_its_paths(drawn):
    assert [axes.get_title() for axes in drawn.axes] == ["slow", "fast"]
    for axes, history in zip(drawn.axes, [FIRST, SECOND], strict=True):
        paths = [line.get_xydata().tolist() for line in axes.lines]
        for latent in range(2):
            expected = np.stack([history["step"], history[f"kl/{latent}"]], 1)
            assert expected.tolist() in paths


def test_latents_are_named_in_the_order_of_their_run(drawn):
    names = [{text.get_text() for text in axes.texts} for axes in drawn.axes]
    assert names == [
        {"z1, 1st", "1 inactive", "mean"},
        {"z0, 1st", "z1, 2nd", "mean"},
    ]


def test_all_panels_have_axes_that_hold_every_run(drawn):
    for axes in drawn.axes:
        np.testing.assert_allclose(axes.get_xlim(), (0, 1050))
        np.testing.assert_allclose(axes.get_ylim(), (0, 4.2))


def test_the_threshold_decides():
    drawn = kl_paths_compared([FIRST, SECOND], ["a", "b"], threshold=3)
    names = [{text.get_text() for text in axes.texts} for axes in drawn.axes]
    assert names == [{"z1, 1st", "1 inactive", "mean"}, {"2 inactive", "mean"}]
    assert "3 nats" in drawn.get_suptitle()


def test_a_history_without_latents_is_refused():
    history = {"step": np.array([1]), "kl": np.array([1.0])}
    with pytest.raises(ValueError, match="no KL of single latents"):
        kl_paths_compared([FIRST, history], ["a", "b"])
