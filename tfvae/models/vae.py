"""The variational autoencoder: one pass, any objective."""

from typing import Any

import keras
import tensorflow as tf

from tfvae import networks
from tfvae import objectives
from tfvae import registry
from tfvae import replicas
from tfvae import variational
from tfvae.likelihoods import LIKELIHOODS
from tfvae.models.recent import Recent
from tfvae.variational import Forward


@keras.saving.register_keras_serializable("tfvae")
class VAE(keras.Model):
    """A variational autoencoder that minimises one of the objectives.

    Compile it with an optimizer alone: the loss is the objective's. All terms
    are in nats per image.

    Args:
        image_shape: (H, W, C); H and W from 32 to 256.
        latent_dim: D, the number of latents.
        network: name of a network, or a `Network`.
        likelihood: name of a likelihood, or a `Likelihood`.
        objective: name of an objective, or an `Objective`.
        seed: of every sample drawn in training; for the weights, call
            `keras.utils.set_random_seed` first.

    Raises:
        ValueError: on an unknown name, a shape or a size out of range.

    Example:

    >>> model = VAE((64, 64, 1), network="burgess2018", objective="B")
    >>> model.compile(optimizer="adam")
    >>> images = np.zeros([4, 64, 64, 1], "float32")
    >>> history = model.fit(images, verbose=0)
    >>> mean, log_var = model.encode(images)
    >>> mean.shape, model.decode(mean).shape
    (TensorShape([4, 10]), TensorShape([4, 64, 64, 1]))
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        latent_dim: int = 10,
        network: str | networks.Network = "burgess2018",
        likelihood: Any = "bernoulli",
        objective: str | objectives.Objective = "H",
        seed: int = 0,
        **kwargs,
    ):
        image_shape = tuple(image_shape)
        _check_shapes(image_shape, latent_dim)
        super().__init__(**kwargs)
        self.image_shape = image_shape
        self.latent_dim = latent_dim
        self.network = networks.get(network)
        self.likelihood = LIKELIHOODS.get(likelihood)
        self.objective = objectives.get(objective)
        self.seed = seed
        self._build_networks()
        self.term_trackers = {
            name: keras.metrics.Mean(name=name) for name in self.objective.terms
        }
        self.recent = Recent(len(self.objective.terms) + latent_dim)
        self.companion = self.objective.companion(latent_dim)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def _build_networks(self) -> None:
        shapes = self.image_shape, self.latent_dim
        policy = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.dtype_policy)
        try:
            self.encoder = self.network.encoder(*shapes)
            self.decoder = self.network.decoder(*shapes)
        finally:
            keras.config.set_dtype_policy(policy)
        self.log_scale = None
        if self.likelihood.learns_scale:
            self.log_scale = self.add_weight(
                shape=(),
                initializer="zeros",
                name="log_scale",
                dtype="float32",
                autocast=False,
            )

    # === The pass ===

    def encode(self, x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Mean and log variance of q(z|x).

        Args:
            x: images, `[B, H, W, C]` in [0, 1].

        Returns:
            Two float32 tensors `[B, D]`.
        """
        mean, log_var = self.encoder(x)
        return tf.cast(mean, tf.float32), tf.cast(log_var, tf.float32)

    def decode(self, z: tf.Tensor) -> tf.Tensor:
        """The mean image of p(x|z), in [0, 1].

        Args:
            z: latents, `[B, D]`.

        Returns:
            `[B, H, W, C]`, float32.
        """
        return self.likelihood_given(z).mean()

    def likelihood_given(self, z: tf.Tensor):
        """p(x|z), a tfp distribution of event shape `[H, W, C]`.

        Args:
            z: latents, `[B, D]`.
        """
        outputs = tf.cast(self.decoder(z), tf.float32)
        return self.likelihood(outputs, self.log_scale)

    def infer(
        self, x: tf.Tensor, seed: Any = None, training: bool = False
    ) -> Forward:
        """The whole pass: x, a sample z, q(z|x), p(z) and p(x|z).

        Args:
            x: images, `[B, H, W, C]` in [0, 1].
            seed: two integers that determine the sample; None takes the next
                of the model's own.
            training: whether the posterior is that of the objective, where it
                has one of its own.
        """
        if seed is None:
            seed = self.seed_generator.next()
        x = tf.cast(x, tf.float32)
        mean, log_var = self.encode(x)
        if training:
            mean, log_var = self.objective.adapted(mean, log_var)
        posterior = variational.posterior(mean, log_var)
        noise = replicas.noise(
            tf.shape(x)[0], self.latent_dim, tf.cast(seed, tf.int32)
        )
        z = posterior.mean() + posterior.stddev() * noise
        prior = variational.prior(self.latent_dim)
        return Forward(
            x,
            z,
            posterior,
            prior,
            self.likelihood_given(z),
            self.decode,
            self.companion,
        )

    def call(self, x: tf.Tensor, training: bool = False) -> tf.Tensor:
        """The reconstruction from the posterior mean, `[B, H, W, C]`."""
        return self.decode(self.encode(x)[0])

    def reconstruct(self, x: tf.Tensor) -> tf.Tensor:
        """Images through the posterior mean and back, `[B, H, W, C]`."""
        return self(x)

    def sample(self, n: int, seed: int) -> tf.Tensor:
        """`n` images decoded from draws of the prior, `[n, H, W, C]`."""
        seed = tf.stack([tf.cast(seed, tf.int32), 0])
        return self.decode(replicas.noise(n, self.latent_dim, seed))

    # === Training ===

    def train_step(self, data):
        """One step; Keras calls it in `fit`."""
        images, others = self._shared(_images(data))
        step = tf.convert_to_tensor(self.optimizer.iterations)
        # the noise is a function of (seed, step): a resumed run sees the same
        seed = tf.stack([self.seed, tf.cast(step, tf.int32)])
        with tf.GradientTape() as tape:
            forward = self.infer(images, seed, training=True)
            terms = self.objective(forward, step)
            loss = replicas.part_of_mean(_per_image(terms["loss"], forward))
            loss = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(
            zip(gradients, self.trainable_variables, strict=True)
        )
        if self.companion is not None:
            self._teach(forward, others, step, seed)
        self._remember(terms, forward)
        return self._track(terms)

    def test_step(self, data):
        """The terms of one batch; Keras calls it in `evaluate`."""
        forward = self.infer(_images(data))
        terms = self.objective(forward, self.optimizer.iterations)
        return self._track(terms)

    def _shared(self, images):
        """What the model is trained on, and what its companion is."""
        if self.companion is None or not self.companion.second_batch:
            return images, None
        return replicas.halves(images)

    def _teach(self, forward, others, step, seed):
        own = tf.random.experimental.stateless_fold_in(seed, 1)
        second = (
            None if others is None else self.infer(others, own, training=True)
        )
        chance = tf.random.experimental.stateless_fold_in(seed, 2)
        self.companion.learn(forward, second, step, chance)

    @property
    def trainable_variables(self):
        """Those of the model; a companion trains its own."""
        beside = self.companion.variables if self.companion else []
        own = {id(variable) for variable in beside}
        every = super().trainable_variables
        return [variable for variable in every if id(variable) not in own]

    def _track(self, terms):
        for name, tracker in self.term_trackers.items():
            tracker.update_state(terms[name])
        return {
            name: replicas.in_keras_logs(tracker.result())
            for name, tracker in self.term_trackers.items()
        }

    def _remember(self, terms, forward):
        columns = [_per_image(value, forward) for value in terms.values()]
        self.recent.update_state(
            tf.concat([tf.stack(columns, 1), forward.latent_kl()], 1)
        )

    def take_recent(self, reader: Any) -> dict[str, float]:
        """Means over the training steps since this reader's last call.

        Args:
            reader: whoever calls, such as a callback: each has windows of its
                own, whatever the others and the epochs do.

        Returns:
            Every schedule where it stands, every term by its name, and the KL
            of latent j as "kl/j", in nats.
        """
        schedules = self.objective.schedules(self.optimizer.iterations)
        names = [
            *self.objective.terms,
            *(f"kl/{latent}" for latent in range(self.latent_dim)),
        ]
        means = self.recent.take(reader).tolist()
        return {
            **{k: float(v) for k, v in schedules.items() if k not in names},
            **dict(zip(names, means, strict=True)),
        }

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The trackers that Keras resets at the start of every epoch."""
        return list(self.term_trackers.values())

    # === Config ===

    def get_config(self) -> dict[str, Any]:
        """All that `from_config` needs."""
        return {
            **super().get_config(),
            "image_shape": list(self.image_shape),
            "latent_dim": self.latent_dim,
            "network": registry.config(self.network),
            "likelihood": registry.config(self.likelihood),
            "objective": registry.config(self.objective),
            "seed": self.seed,
        }


def _per_image(term: tf.Tensor, forward: Forward) -> tf.Tensor:
    """A term `[B]` or `[]` as `[B]`."""
    return tf.broadcast_to(term, tf.shape(forward.x)[:1])


def _images(data) -> tf.Tensor:
    images, _, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
    if sample_weight is not None:
        raise ValueError(
            "Sample weights are not supported: every image counts the same. "
            f"Received: sample_weight={sample_weight}"
        )
    if not images.dtype.is_floating:
        raise ValueError(
            "Images must be floats in [0, 1]; divide uint8 images by 255. "
            f"Received: dtype={images.dtype.name}"
        )
    return images


def _check_shapes(image_shape: tuple[int, ...], latent_dim: int) -> None:
    if len(image_shape) != 3 or image_shape[-1] < 1:
        raise ValueError(
            "Argument `image_shape` must be (height, width, channels). "
            f"Received: image_shape={image_shape}"
        )
    if not all(32 <= side <= 256 for side in image_shape[:2]):
        raise ValueError(
            "Height and width must be from 32 to 256 pixels; resize the "
            f"images. Received: image_shape={image_shape}"
        )
    if latent_dim < 1:
        raise ValueError(
            f"Argument `latent_dim` must be > 0. "
            f"Received: latent_dim={latent_dim}"
        )
