import numpy as np

from tfvae.figures import mutual_information

SHARES = np.array([[0.1, 0.0], [0.9, 0.2], [0.0, 0.6]])
KL = np.array([0.5, 2.614, 1.0])


def test_rows_are_latents_by_kl_and_columns_factors():
    axes, bar = mutual_information(SHARES, ["scale", "posX"], KL).axes
    np.testing.assert_array_equal(
        axes.images[0].get_array(), [[0.9, 0.2], [0.0, 0.6], [0.1, 0.0]]
    )
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == ["z1  2.61 nats", "z2  1.00 nats", "z0  0.50 nats"]
    columns = [label.get_text() for label in axes.get_xticklabels()]
    assert columns == ["scale", "posX"]
    assert bar.get_ylabel() == "I(code; factor) / H(factor)"
