import numpy as np

from tfvae.figures.groups import mean_and_std


def test_each_group_is_as_numpy_has_it():
    rng = np.random.default_rng(0)
    codes = rng.normal(100, 1, [50, 3])
    groups = rng.permutation(np.repeat([0, 1, 3], [10, 25, 15]))
    mean, std = mean_and_std(codes, groups, 5)
    for group in (0, 1, 3):
        some = codes[groups == group]
        np.testing.assert_allclose(mean[group], some.mean(axis=0))
        np.testing.assert_allclose(std[group], some.std(axis=0))
    assert np.isnan(mean[[2, 4]]).all()
    assert np.isnan(std[[2, 4]]).all()


def test_single_precision_keeps_its_digits():
    codes = np.array([[1000.0], [1000.5]], np.float32)
    mean, std = mean_and_std(codes, np.zeros(2, int), 1)
    assert (mean.item(), std.item()) == (1000.25, 0.25)
