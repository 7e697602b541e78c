"""FactorVAE: the total correlation, told by a discriminator."""

from dataclasses import dataclass

import keras
import tensorflow as tf

from tfvae import replicas
from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.objectives.companion import Companion
from tfvae.schedules import Constant
from tfvae.schedules import Schedule

OWN, PERMUTED = 0, 1  # what the two logits stand for


class Discriminator(Companion):
    """Tells draws of q(z) from draws of prod_j q(z_j); Kim & Mnih (2018),
    algorithm 2 and appendix A: six layers of 1,000, leaky ReLU of 0.2.

    Args:
        latent_dim: D.
        learning_rate: of its own Adam, which has beta_1 = 0.5.
    """

    second_batch = True

    def __init__(self, latent_dim: int, learning_rate: float):
        super().__init__()
        self.network = keras.Sequential(
            [
                keras.Input((latent_dim,)),
                *(
                    keras.layers.Dense(
                        1000,
                        lambda x: keras.ops.leaky_relu(x, 0.2),
                        kernel_initializer="he_normal",
                        dtype="float32",
                    )
                    for _ in range(6)
                ),
                keras.layers.Dense(2, dtype="float32"),
            ]
        )
        self.optimizer = keras.optimizers.Adam(learning_rate, beta_1=0.5)
        self.optimizer.build(self.network.trainable_variables)

    def call(self, z: tf.Tensor) -> tf.Tensor:
        """Logits of z being a draw of q(z), and of prod_j q(z_j), `[B, 2]`."""
        return self.network(z)

    def learn(self, forward, second, step, seed):
        """One step of its own optimizer."""
        permuted = permute_dims(second.z, seed)
        with tf.GradientTape() as tape:
            loss = 0.5 * (
                replicas.part_of_mean(self._nll(forward.z, OWN))
                + replicas.part_of_mean(self._nll(permuted, PERMUTED))
            )
        variables = self.network.trainable_variables
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))

    def _nll(self, z, kind: int) -> tf.Tensor:
        return -tf.nn.log_softmax(self(tf.stop_gradient(z)))[:, kind]


@OBJECTIVES.register("factor")
@dataclass(frozen=True)
class Factor(Objective):
    """FactorVAE; Kim & Mnih (2018), eq. 2.

        loss = -E_q[log p(x|z)] + KL(q(z|x) || p(z))
               + gamma KL(q(z) || prod_j q(z_j))

    The last is the mean of log D / (1 - D), D the probability that the
    discriminator gives to z being a draw of q(z). It learns from the draws of
    the model, and from those of other images, each latent permuted: of every
    batch every other image trains the model and the rest the discriminator
    only. `batch_size=128` is the paper's 64 and 64.

    Attributes:
        gamma: price of the total correlation; 1 + gamma in terms of `TC`.
        discriminator_learning_rate: of the discriminator's Adam.

    >>> Factor(gamma=10).terms
    ('loss', 'nll', 'kl', 'tc')
    """

    terms = ("loss", "nll", "kl", "tc")

    gamma: Schedule = Constant(35.0)
    discriminator_learning_rate: float = 1e-4

    def companion(self, latent_dim):
        return Discriminator(latent_dim, self.discriminator_learning_rate)

    def for_dataset(self, size, batch_size=64):
        """Itself; a batch that cannot be shared is refused."""
        if batch_size < 2:
            raise ValueError(
                "FactorVAE shares a batch between the model and the "
                "discriminator; it needs at least 2 images. "
                f"Received: batch_size={batch_size}"
            )
        return self

    def __call__(self, forward, step):
        logits = forward.companion(forward.z)
        nll, kl = forward.nll(), forward.kl()  # [B], as are all below
        tc = logits[:, OWN] - logits[:, PERMUTED]
        loss = nll + kl + self.gamma(step) * tc
        return {"loss": loss, "nll": nll, "kl": kl, "tc": tc}


def permute_dims(z: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Each latent permuted on its own over the images of the global batch.

    Kim & Mnih (2018), algorithm 1.

    Args:
        z: this replica's latents `[B, D]`.
        seed: two integers.

    Returns:
        This replica's share of the permuted latents, `[B, D]`.

    >>> z = tf.constant([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])
    >>> sorted(permute_dims(z, [0, 0])[:, 1].numpy().tolist())
    [10.0, 20.0, 30.0]
    """
    first, _ = replicas.share(tf.shape(z)[0])
    columns = tf.transpose(replicas.gather(z))
    # a fixed algorithm: the default one depends on the device
    keys = tf.random.stateless_uniform(tf.shape(columns), seed, alg="philox")
    permuted = tf.gather(columns, tf.argsort(keys, axis=1), batch_dims=1)
    return tf.transpose(permuted)[first : first + tf.shape(z)[0]]
