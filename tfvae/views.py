"""What figures are drawn from: arrays of a model, each made once."""

from collections.abc import Mapping
from functools import cached_property

import keras
import numpy as np

from tfvae import metrics
from tfvae.data import Dataset
from tfvae.evaluation import ACTIVE
from tfvae.metrics import encoding
from tfvae.metrics import information
from tfvae.metrics.sources import split


class Views:
    """Arrays by the names of the arguments that figures have.

    Images are drawn from the data set without repetition; the first ones are
    shown, all are encoded.

    Args:
        model: a `tfvae.VAE`.
        dataset: a `tfvae.data.Dataset`.
        history: columns of the run's history, by name, if there is one.
        sample: S, how many images are encoded.
        seed: of the draw of images and of every sample.
        limit: traversals go from -limit to limit; None for the 1% to the 99%
            quantile of the aggregate posterior of each latent.

    Raises:
        ValueError: if `limit` is not above 0; from an attribute, if the data
            set or the run lacks what it needs.
    """

    SHOWN = 8  # images of a row
    SEEDS = 3  # images that traversals start from
    COLUMNS = 9  # steps of a traversal
    DRAWN = 32  # images decoded from the prior
    PAIRS = 4  # interpolations
    TAIL = 0.01  # of the aggregate posterior, beyond each end of a traversal

    def __init__(
        self,
        model: keras.Model,
        dataset: Dataset,
        history: Mapping[str, np.ndarray] | None = None,
        sample: int = 10_000,
        seed: int = 0,
        limit: float | None = None,
    ):
        if limit is not None and not limit > 0:
            raise ValueError(f"`limit` must be above 0. Received: {limit=}")
        self._model, self._dataset, self._history = model, dataset, history
        self._seed, self._limit = seed, limit
        order = np.random.default_rng(seed).permutation(dataset.size)
        self._indices = order[:sample]

    # === Images ===

    @cached_property
    def images(self) -> np.ndarray:
        """Images of the data set, `[N, H, W, C]` in [0, 1]."""
        return self._floats(self._indices[: self.SHOWN])

    @cached_property
    def reconstructed(self) -> np.ndarray:
        """The same images through the posterior mean, `[N, H, W, C]`."""
        return self._model.reconstruct(self.images).numpy()

    @cached_property
    def prior_samples(self) -> np.ndarray:
        """Images decoded from the prior, `[M, H, W, C]`."""
        return self._model.sample(self.DRAWN, self._seed).numpy()

    # === Posteriors ===

    @cached_property
    def _posteriors(self) -> tuple[np.ndarray, np.ndarray]:
        return encoding.encode(self._model, self._dataset, self._indices)

    @property
    def codes(self) -> np.ndarray:
        """Posterior means, `[S, D]`."""
        return self._posteriors[0]

    @cached_property
    def stddevs(self) -> np.ndarray:
        """Posterior standard deviations, `[S, D]`."""
        return np.exp(self._posteriors[1] / 2)

    @cached_property
    def latent_kl(self) -> np.ndarray:
        """Mean KL of each latent, `[D]`, nats."""
        means, log_vars = self._posteriors
        terms = np.square(means) + np.exp(log_vars) - log_vars - 1
        return terms.mean(axis=0) / 2

    @property
    def active(self) -> np.ndarray:
        """Which latents are active, bool `[D]`."""
        return self.latent_kl > ACTIVE

    # === Ground truth ===

    @cached_property
    def _truth(self) -> tuple[np.ndarray, list[str]]:
        factors = self._dataset.factors(self._indices)
        train, _ = split(len(factors), len(factors))
        varied = np.ptp(factors[train], axis=0) > 0
        names = np.array(self._dataset.factor_names)[varied]
        return factors[:, varied], names.tolist()

    @property
    def factors(self) -> np.ndarray:
        """Values of the factors that vary, `[S, K]`."""
        factors, names = self._truth
        if not names:
            raise ValueError("No factor varies.")
        return factors

    @property
    def factor_names(self) -> list[str]:
        """Their names, K."""
        return self._truth[1]

    @cached_property
    def shares(self) -> np.ndarray:
        """What share of each factor's entropy a latent knows, `[D, K]`."""
        return information.shares_known(self.codes, self.factors)

    @cached_property
    def importance(self) -> np.ndarray:
        """How much each latent helps to predict a factor, `[D, K]`."""
        train, test = split(len(self.codes), len(self.codes))
        return metrics.dci(
            self.codes[train],
            self.factors[train],
            self.codes[test],
            self.factors[test],
            seed=self._seed,
        )["importances"]

    @cached_property
    def meanings(self) -> list[str]:
        """What each latent encodes most, D texts; "" for an inactive one."""
        if self._dataset.factor_names is None or not self._truth[1]:
            return [""] * len(self.active)
        return [
            f"{row.max():.0%} of {self.factor_names[row.argmax()]}"
            if active
            else ""
            for active, row in zip(self.active, self.shares, strict=True)
        ]

    # === Ways through the latents and the factors ===

    @cached_property
    def values(self) -> np.ndarray:
        """Where each latent moves, `[D, T]`."""
        if self._limit is None:
            ends = np.quantile(self._z, [self.TAIL, 1 - self.TAIL], axis=0)
        else:
            limits = [-self._limit], [self._limit]
            ends = np.tile(limits, self._model.latent_dim)
        return np.linspace(*ends, self.COLUMNS, axis=1)

    @property
    def _z(self) -> np.ndarray:
        """A sample of each posterior, `[S, D]`.

        Together they are one of the aggregate posterior, which codes are not:
        those of a latent that is off lie near 0 while its z is N(0, 1).
        """
        rng = np.random.default_rng([self._seed, 1])
        return rng.normal(self.codes, self.stddevs)

    @cached_property
    def traversed(self) -> np.ndarray:
        """Images while one latent moves, `[I, D, T, H, W, C]`."""
        start = self._model.encode(self.images[: self.SEEDS])[0].numpy()
        latents, steps = self.values.shape
        z = np.tile(start[:, None, None], [1, latents, steps, 1])
        for latent in range(latents):
            z[:, latent, :, latent] = self.values[latent]
        return self._decode(z)

    @cached_property
    def factor_images(self) -> np.ndarray:
        """Real images while one factor moves, `[K, T, H, W, C]`."""
        sizes = self._dataset.factor_sizes
        if sizes is None:
            raise ValueError("There is no full grid of ground truth.")
        middle = np.array(sizes) // 2
        names = self._dataset.factor_names
        rows = []
        for factor in map(names.index, self.factor_names):
            way = np.tile(middle, [self.COLUMNS, 1])
            last = sizes[factor] - 1
            way[:, factor] = np.linspace(0, last, self.COLUMNS).round()
            rows.append(self._dataset.images_of(way))
        return self._dataset.floats(np.stack(rows))

    @cached_property
    def factor_reconstructed(self) -> np.ndarray:
        """The same images through the posterior mean, `[K, T, H, W, C]`."""
        flat = self.factor_images.reshape(-1, *self.images.shape[1:])
        reconstructed = self._model.reconstruct(flat).numpy()
        return reconstructed.reshape(self.factor_images.shape)

    @cached_property
    def interpolation_ends(self) -> np.ndarray:
        """Pairs of images, `[P, 2, H, W, C]`."""
        images = self._floats(self._indices[: 2 * self.PAIRS])
        if len(images) < 2:
            raise ValueError("There is no pair of images.")
        pairs = len(images) // 2
        return images[: 2 * pairs].reshape(pairs, 2, *images.shape[1:])

    @cached_property
    def interpolated(self) -> np.ndarray:
        """Images decoded on the straight way between the posterior means of
        each pair, `[P, T, H, W, C]`."""
        ends = self.interpolation_ends
        flat = ends.reshape(-1, *ends.shape[2:])
        codes = self._model.encode(flat)[0].numpy()
        codes = codes.reshape(len(ends), 2, -1)
        way = np.linspace(codes[:, 0], codes[:, 1], self.COLUMNS, axis=1)
        return self._decode(way)

    # === Training ===

    @property
    def history(self) -> Mapping[str, np.ndarray]:
        """Columns of the run's history by name, one row each 100 steps."""
        if not self._history:
            raise ValueError("There is no history of the training.")
        return self._history

    @property
    def schedules(self) -> list[str]:
        """Which columns of the history are schedules of the objective."""
        return list(self._model.objective.schedules(0))

    def _floats(self, indices) -> np.ndarray:
        return self._dataset.floats(self._dataset.images(indices))

    def _decode(self, z: np.ndarray) -> np.ndarray:
        """Latents `[..., D]` to images `[..., H, W, C]`."""
        flat = self._model.decode(z.reshape(-1, z.shape[-1])).numpy()
        return flat.reshape(*z.shape[:-1], *flat.shape[1:])
