"""What `evaluate` can fill a metric's arguments with."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tfvae.metrics import encoding
from tfvae.metrics import posteriors

AGGREGATE_SAMPLES = 1000
ELBO_IMAGES = 10_000
IWAE_IMAGES = 500
IWAE_SAMPLES = 64


@dataclass(frozen=True)
class Table:
    """The encoded images, each once, in random order.

    Attributes:
        codes: posterior means, `[N, D]`.
        log_vars: their log variances, `[N, D]`, or None.
        indices: which images of the data set they are, `[N]`.
        factors: ground truth that varies, `[N, K]`, or None without any.
        factor_names: of the K columns.
        constant_factors: names of the ground truth that does not vary.
    """

    codes: np.ndarray
    log_vars: np.ndarray | None
    indices: np.ndarray
    factors: np.ndarray | None
    factor_names: list[str]
    constant_factors: list[str]


def split(size: int, sample: int) -> tuple[slice, slice]:
    """The training part, at most `sample` rows and two thirds, and the test
    part, half as large."""
    train = min(sample, size * 2 // 3)
    return slice(0, train), slice(train, train + train // 2)


class Sources:
    """Arrays by the names of the arguments that metrics have.

    Args:
        table: the encoded images.
        model: a `tfvae.VAE`, or None.
        dataset: a `tfvae.data.Dataset`.
        sample: images of the training part; the test part has half as many.
        whole: whether `codes`, `factors` and `log_vars` are the whole table
            or its training part.
        seed: of everything random.
        progress: told how far the aggregate posterior is.
    """

    def __init__(
        self, table: Table, model, dataset, sample, whole, seed, progress
    ):
        self._progress = progress
        self._table, self._model, self._dataset = table, model, dataset
        self.seed = seed
        self._train, self._test = split(len(table.codes), sample)
        self._rows = slice(None) if whole else self._train

    @property
    def codes(self) -> np.ndarray:
        """Posterior means, `[N, D]`."""
        return self._table.codes[self._rows]

    @property
    def factors(self) -> np.ndarray:
        """Ground truth, `[N, K]`."""
        return self._truth()[self._rows]

    @property
    def log_vars(self) -> np.ndarray:
        """Log variances, `[N, D]`."""
        if self._table.log_vars is None:
            raise ValueError("It needs log variances. Received: codes alone")
        return self._table.log_vars[self._rows]

    @property
    def train_codes(self) -> np.ndarray:
        """Posterior means of the training part."""
        return self._table.codes[self._train]

    @property
    def train_factors(self) -> np.ndarray:
        """Ground truth of the training part."""
        return self._truth()[self._train]

    @property
    def test_codes(self) -> np.ndarray:
        """Posterior means of the test part."""
        return self._table.codes[self._test]

    @property
    def test_factors(self) -> np.ndarray:
        """Ground truth of the test part."""
        return self._truth()[self._test]

    @property
    def nll(self) -> np.ndarray:
        """-log p(x|z), `[N]`, nats."""
        return self._reconstruction[0]

    @property
    def latent_kl(self) -> np.ndarray:
        """KL of each latent, `[N, D]`, nats."""
        return self._reconstruction[1]

    @property
    def dimensions(self) -> int:
        """Pixels times channels."""
        return math.prod(self._dataset.image_shape)

    @cached_property
    def aggregate(self) -> posteriors.Aggregate:
        """Draws from q(z), q being the mean of all posteriors of the rows."""
        return posteriors.aggregate(
            self.codes,
            self.log_vars,
            AGGREGATE_SAMPLES,
            self.seed,
            self._progress,
        )

    @cached_property
    def log_weights(self) -> np.ndarray:
        """Importance weights, `[N, S]`, nats."""
        return encoding.log_weights(
            self._needed_model(),
            self._dataset,
            self._table.indices[:IWAE_IMAGES],
            IWAE_SAMPLES,
            self.seed,
        )

    @cached_property
    def _reconstruction(self):
        indices = self._table.indices[self._train][:ELBO_IMAGES]
        return encoding.reconstruction(
            self._needed_model(), self._dataset, indices, self.seed
        )

    def _needed_model(self):
        if self._model is None:
            raise ValueError("It needs a model. Received: codes alone")
        return self._model

    def _truth(self) -> np.ndarray:
        if self._table.factors is None:
            raise ValueError("It needs ground truth. Received: images alone")
        if not self._table.factor_names:
            raise ValueError(
                "It needs a factor that varies. Received: all are constant: "
                f"{', '.join(self._table.constant_factors)}"
            )
        return self._table.factors
