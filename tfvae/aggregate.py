"""Estimates of the aggregate posterior q(z) = 1/N sum_n q(z|x_n).

Every estimator is a weighted sum over the posteriors at hand,

    log q(z_i)   = logsumexp_j [log W_ij + sum_d log q(z_id|x_j)]
    log q(z_id)  = logsumexp_j [log W_ij +       log q(z_id|x_j)]

and differs in the weights alone; Chen et al. (2018), eq. 5 and appendix C.

The densities of all pairs are `[B, J, D]`, for B samples here and J images in
the global batch. Where one such tensor is over `PAIRS_BUDGET`, the rows are
taken in blocks.
"""

import math

import tensorflow as tf
import tensorflow_probability as tfp

from tfvae import replicas
from tfvae.registry import unknown_name
from tfvae.variational import Forward

PAIRS_BUDGET = 256 * 2**20  # bytes of one tensor; a gradient holds about six


def weighted_log_weights(batch_size: int, dataset_size: int) -> tf.Tensor:
    """Minibatch-weighted sampling (MWS): 1 / (N B) everywhere, eq. 5.

    Biased: identical posteriors give a total correlation of (D - 1) log N.

    Returns:
        `[batch_size, batch_size]`, rows i the samples, columns j the images.
    """
    weight = -_log(batch_size) - math.log(dataset_size)
    return tf.fill([batch_size, batch_size], weight)


def stratified_log_weights(batch_size: int, dataset_size: int) -> tf.Tensor:
    """Minibatch-stratified sampling (MSS), appendix C.1.

    With M = B - 1 others in the batch: 1/N for the image that z_i came from
    (the diagonal), (N - M) / (N M) for one fixed other (its right neighbour),
    1/M for the rest. Rows sum to 1, and the expected estimate of q(z_i) over
    random batches is q(z_i) itself.

    Args:
        batch_size: images in the global batch, at least 2.
        dataset_size: N, images in the data set.

    Returns:
        `[batch_size, batch_size]`, rows i the samples, columns j the images.

    >>> [row_sum] = set(
    ...     tf.reduce_logsumexp(stratified_log_weights(4, 100), 1)
    ...     .numpy().round(5).tolist())
    >>> row_sum
    0.0
    """
    others = tf.cast(batch_size - 1, tf.float32)
    size = tf.cast(dataset_size, tf.float32)
    own = tf.eye(batch_size)
    neighbour = tf.roll(own, shift=1, axis=1)
    rest = 1.0 - own - neighbour
    weights = (
        own / size
        + neighbour * (size - others) / (size * others)
        + rest / others
    )
    return tf.math.log(weights)


def exact_log_weights(batch_size: int, dataset_size: int) -> tf.Tensor:
    """1/N everywhere: exact, when the batch is the whole data set."""
    return tf.fill([batch_size, batch_size], -math.log(dataset_size))


LOG_WEIGHTS = {
    "MWS": weighted_log_weights,
    "MSS": stratified_log_weights,
    "exact": exact_log_weights,
}


def check_estimator(estimator: str) -> None:
    """Raise `ValueError` unless `estimator` is one of `LOG_WEIGHTS`."""
    if estimator not in LOG_WEIGHTS:
        raise unknown_name("estimator", estimator, LOG_WEIGHTS)


def check_batch_size(
    estimator: str, batch_size: int, dataset_size: int
) -> None:
    """Raise `ValueError` where the weights of MSS do not exist."""
    if estimator == "MSS" and not 2 <= batch_size <= dataset_size:
        raise ValueError(
            "MSS needs batches of at least 2 images and at most the data set. "
            f"Received: batch_size={batch_size}, dataset_size={dataset_size}"
        )


def log_aggregate_posterior(
    forward: Forward, estimator: str, dataset_size: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """log q(z) and log prod_d q(z_d) at this replica's samples.

    The posteriors averaged over are those of the **global** batch.

    Args:
        forward: the pass; `z` is `[B, D]`.
        estimator: a key of `LOG_WEIGHTS`.
        dataset_size: N, images in the data set.

    Returns:
        Two tensors `[B]`, nats.
    """
    mean = replicas.gather(forward.posterior.mean())
    stddev = replicas.gather(forward.posterior.stddev())
    local_size = tf.shape(forward.z)[0]
    first, global_size = replicas.share(local_size)
    log_weights = LOG_WEIGHTS[estimator](global_size, dataset_size)
    log_weights = log_weights[first : first + local_size]  # [B, J]
    estimates = _estimates if _within_budget(forward.z) else _in_blocks
    return estimates(forward.z, log_weights, mean, stddev)


def log_density_matrix(
    z: tf.Tensor, mean: tf.Tensor, stddev: tf.Tensor
) -> tf.Tensor:
    """log q(z_id|x_jd) for all pairs.

    Args:
        z: samples, `[B, D]`.
        mean: posterior means, `[J, D]`.
        stddev: posterior standard deviations, `[J, D]`.

    Returns:
        `[B, J, D]`, nats.
    """
    posteriors = tfp.distributions.Normal(mean, stddev)
    return posteriors.log_prob(z[:, tf.newaxis])


def _estimates(z, log_weights, mean, stddev) -> tuple[tf.Tensor, tf.Tensor]:
    """log q(z) and log prod_d q(z_d), `[B]`, of all pairs at once."""
    log_density = log_density_matrix(z, mean, stddev)  # [B, J, D]
    joint = log_weights + tf.reduce_sum(log_density, 2)
    each = log_weights[:, :, tf.newaxis] + log_density
    log_qz = tf.reduce_logsumexp(joint, 1)
    log_prod_qz = tf.reduce_sum(tf.reduce_logsumexp(each, 1), 1)
    return log_qz, log_prod_qz


def _within_budget(z: tf.Tensor) -> bool:
    """Whether all pairs are sure to be, before a graph is run."""
    local_size, latent_dim = z.shape
    if local_size is None:
        return False
    global_size = local_size * replicas.count()
    return 4 * local_size * global_size * latent_dim <= PAIRS_BUDGET


def _in_blocks(z, log_weights, mean, stddev) -> tuple[tf.Tensor, tf.Tensor]:
    """`_estimates` of as many rows at a time as are within the budget.

    The gradient computes each block again: its pairs are not kept.
    """
    size = tf.shape(z)[0]
    rows = tf.clip_by_value(PAIRS_BUDGET // (4 * tf.size(mean)), 1, size)
    blocks = tf.maximum(-(-size // rows), 1)  # one for a share of no images

    def cut(values: tf.Tensor) -> tf.Tensor:
        padded = tf.pad(values, [[0, blocks * rows - size], [0, 0]])
        return tf.reshape(padded, [blocks, rows, tf.shape(values)[1]])

    of_block = tf.recompute_grad(_estimates)
    estimates = tf.map_fn(
        lambda block: tf.stack(of_block(*block, mean, stddev)),
        (cut(z), cut(log_weights)),
        parallel_iterations=1,
        fn_output_signature=tf.float32,
    )  # [blocks, 2, rows]
    log_qz, log_prod_qz = tf.unstack(estimates, num=2, axis=1)
    return tf.reshape(log_qz, [-1])[:size], tf.reshape(log_prod_qz, [-1])[:size]


def _log(value) -> tf.Tensor:
    return tf.math.log(tf.cast(value, tf.float32))
