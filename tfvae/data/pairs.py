"""Pairs of images that differ in few factors."""

import numpy as np

from tfvae.data.base import Dataset
from tfvae.data.pipeline import batch_indices


class Pairs(Dataset):
    """A data set whose batches are pairs, for weak supervision.

    Locatello et al. (2020), sec. 3: images 2i and 2i + 1 of a batch share all
    factors but some, drawn anew for every pair, whose values are drawn anew.
    The first images of the pairs follow the order of the data set. All else is
    that of the data set.

    Args:
        dataset: with a full grid of factors.
        changed: how many factors are drawn anew.

    Raises:
        ValueError: without a grid, or if there are not so many factors.

    >>> from tfvae import data
    >>> pairs = Pairs(data.load("dsprites"), changed=1)
    >>> indices = pairs.batch_indices(4, seed=0, step=0)
    >>> factors = pairs.factors(indices)
    >>> bool(((factors[::2] != factors[1::2]).sum(1) <= 1).all())
    True
    """

    def __init__(self, dataset: Dataset, changed: int):
        if dataset.grid is None:
            raise ValueError(
                "Pairs are made of ground-truth factors that form a full grid. "
                f"Received: dataset={dataset!r}"
            )
        if not 1 <= changed <= len(dataset.grid.sizes):
            raise ValueError(
                f"Argument `changed` must be from 1 to "
                f"{len(dataset.grid.sizes)}, the number of factors. "
                f"Received: changed={changed}"
            )
        self.dataset = dataset
        self.changed = changed
        self.image_shape = dataset.image_shape
        self.max_value = dataset.max_value
        self.grid = dataset.grid

    @property
    def stored(self):
        return self.dataset.stored

    def decode(self, stored):
        return self.dataset.decode(stored)

    def batch_indices(self, batch_size, seed, step):
        """Which images the batch of a step holds, pair after pair.

        Raises:
            ValueError: if the batch size is odd.
        """
        if batch_size % 2:
            raise ValueError(
                "Pairs need an even batch size. "
                f"Received: batch_size={batch_size}"
            )
        first = batch_indices(self.size, batch_size // 2, seed, step)
        factors = self.grid.factors(first)
        rng = np.random.default_rng([seed, step, self.changed])
        ranks = rng.random(factors.shape).argsort(axis=1)
        drawn = rng.integers(0, self.grid.sizes, factors.shape)
        changed = np.where(ranks < self.changed, drawn, factors)
        return np.stack([first, self.grid.indices(changed)], 1).ravel()
