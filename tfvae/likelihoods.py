"""p(x|z): how the decoder's outputs describe an image, pixel by pixel.

Every likelihood takes decoder outputs `[B, H, W, C]` without an activation and
gives a normalised distribution of event shape `[H, W, C]`, whose `log_prob` is
therefore a sum over pixels and channels. Images are in [0, 1].
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import tensorflow as tf
import tensorflow_probability as tfp

from tfvae.registry import Registry

tfd = tfp.distributions

LIKELIHOODS = Registry("likelihood")


@dataclass(frozen=True)
class Likelihood:
    """Base class: subclasses say what one pixel's distribution is.

    Attributes:
        learns_scale: whether the model should train one `log_scale` for it.
    """

    learns_scale: ClassVar[bool] = False

    def __call__(
        self, outputs: tf.Tensor, log_scale: tf.Tensor | None = None
    ) -> tfd.Distribution:
        """p(x|z) of event shape `[H, W, C]`.

        Args:
            outputs: decoder outputs, `[B, H, W, C]`.
            log_scale: the trained scalar, where `learns_scale`.
        """
        return tfd.Independent(self.pixels(outputs, log_scale), 3)

    def pixels(self, outputs, log_scale) -> tfd.Distribution:
        """The distribution of each pixel, batch shape `[B, H, W, C]`."""
        raise NotImplementedError


@LIKELIHOODS.register("bernoulli")
@dataclass(frozen=True)
class Bernoulli(Likelihood):
    """Each pixel a coin; the outputs are logits.

    For grey values in between, `log_prob` is the cross-entropy.

    >>> p = Bernoulli()(tf.zeros([1, 2, 2, 1]))
    >>> round(float(-p.log_prob(tf.ones([1, 2, 2, 1]))[0] / 4), 4)
    0.6931
    """

    def pixels(self, outputs, log_scale):
        return tfd.Bernoulli(logits=outputs, dtype=tf.float32)


@LIKELIHOODS.register("continuous_bernoulli")
@dataclass(frozen=True)
class ContinuousBernoulli(Likelihood):
    """The Bernoulli shape, normalised over [0, 1]; Loaiza-Ganem & Cunningham
    (2019), eq. 7-8. The outputs are logits."""

    def pixels(self, outputs, log_scale):
        return tfd.ContinuousBernoulli(logits=outputs)


@LIKELIHOODS.register("gaussian")
@dataclass(frozen=True)
class Gaussian(Likelihood):
    """Normal with one fixed `sigma`; the mean is the sigmoid of the outputs.

    -log p(x|z) = sum [(x - mean)^2 / (2 sigma^2) + log sigma + log(2 pi) / 2]
    """

    sigma: float = 1.0

    def __post_init__(self):
        _check_scale(sigma=self.sigma)

    def pixels(self, outputs, log_scale):
        return tfd.Normal(tf.sigmoid(outputs), self.sigma)


@LIKELIHOODS.register("sigma_gaussian")
@dataclass(frozen=True)
class SigmaGaussian(Likelihood):
    """Normal with one trained sigma, the sigma-VAE; Rybkin et al. (2021),
    sec. 3.2. The mean is the sigmoid of the outputs."""

    learns_scale: ClassVar[bool] = True

    def pixels(self, outputs, log_scale):
        return tfd.Normal(tf.sigmoid(outputs), tf.exp(log_scale))


@LIKELIHOODS.register("laplace")
@dataclass(frozen=True)
class Laplace(Likelihood):
    """Laplace with one fixed `scale`; the mean is the sigmoid of the outputs.

    -log p(x|z) = sum [|x - mean| / scale + log(2 scale)]
    """

    scale: float = 1.0

    def __post_init__(self):
        _check_scale(scale=self.scale)

    def pixels(self, outputs, log_scale):
        return tfd.Laplace(tf.sigmoid(outputs), self.scale)


def _check_scale(**scale: float) -> None:
    [(name, value)] = scale.items()
    if not 0 < value < math.inf:
        raise ValueError(
            f"Argument `{name}` must be a finite number > 0. "
            f"Received: {name}={value}"
        )
