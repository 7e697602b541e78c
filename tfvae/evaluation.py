"""What came out of a run: numbers, and a summary in words."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfvae.data import Dataset
from tfvae.metrics import information
from tfvae.metrics import mig

ACTIVE = 0.1  # nats; a latent whose mean KL is above it is active


def measure(
    model: keras.Model, dataset: Dataset, images: int = 10_000, seed: int = 0
) -> dict[str, Any]:
    """Rate, distortion and the KL of each latent; MIG with ground truth.

    Args:
        model: a `tfvae.VAE`.
        dataset: where images are drawn from, without repetition.
        images: how many; at most the whole set.
        seed: of the draw and of the posterior samples.

    Returns:
        JSON-ready: "images", "nll", "kl", "latent_kl", "active" (indices of
        latents); with ground truth that varies also "encodes" by active
        latent and, of two latents or more, "mig" and "gaps" by factor.
    """
    rng = np.random.default_rng(seed)
    indices = rng.permutation(dataset.size)[:images]
    codes, nll, latent_kl = _encode(model, dataset, indices, seed)
    active = np.flatnonzero(latent_kl > ACTIVE)
    result = {
        "images": len(indices),
        "seed": seed,
        "nll": nll,
        "kl": float(latent_kl.sum()),
        "latent_kl": latent_kl.tolist(),
        "active": active.tolist(),
    }
    if dataset.factor_names is not None:
        factors = dataset.factors(indices)
        result |= _disentanglement(codes, factors, dataset, active)
    return result


def _encode(model, dataset, indices, seed, batch_size=500):
    @tf.function(reduce_retracing=True)
    def one_batch(images, batch):
        forward = model.infer(images, seed=tf.stack([seed, batch]))
        return forward.posterior.mean(), forward.nll(), forward.latent_kl()

    batches = []
    for batch, start in enumerate(range(0, len(indices), batch_size)):
        images = dataset.images(indices[start : start + batch_size])
        batches.append(one_batch(dataset.floats(images), tf.constant(batch)))
    codes, nll, latent_kl = (
        np.concatenate(part) for part in zip(*batches, strict=True)
    )
    return codes, float(nll.mean()), latent_kl.mean(axis=0)


def _disentanglement(codes, factors, dataset, active) -> dict[str, Any]:
    varied = np.flatnonzero(factors.min(axis=0) < factors.max(axis=0))
    if not varied.size:
        return {}
    factors = factors[:, varied]
    names = [dataset.factor_names[k] for k in varied]
    share = information.shares_known(codes, factors)
    encodes = {
        str(latent): {
            "factor": names[share[latent].argmax()],
            "share": float(share[latent].max()),
        }
        for latent in active.tolist()
    }
    if codes.shape[1] == 1:  # there is no gap to a second latent
        return {"encodes": encodes}
    scores = mig(codes, factors)
    return {
        "mig": scores["mig"],
        "mig_estimator": "binned, 20 bins, posterior means",
        "gaps": dict(zip(names, scores["gaps"].tolist(), strict=True)),
        "encodes": encodes,
    }


def _meaning(latent: int, measured: dict[str, Any]) -> str:
    encodes = measured.get("encodes", {}).get(str(latent))
    if encodes is None:
        return ""
    return f"{encodes['share']:.0%} of {encodes['factor']}"


def describe(measured: dict[str, Any]) -> str:
    """What was measured, in words."""
    latents = len(measured["latent_kl"])
    lines = [
        f"Over {measured['images']:,} images: KL {measured['kl']:.1f} nats, "
        f"reconstruction {measured['nll']:.1f} nats, "
        f"{len(measured['active'])} of {latents} latents active."
    ]
    if "mig" in measured:
        gaps = ", ".join(f"{k} {v:.2f}" for k, v in measured["gaps"].items())
        lines.append(
            f"MIG {measured['mig']:.3f} ({measured['mig_estimator']}): {gaps}."
        )
    return "\n".join([*lines, *describe_latents(measured)])


def describe_latents(measured: dict[str, Any]) -> list[str]:
    """A line on each active latent, by KL."""
    latent_kl = np.array(measured["latent_kl"])
    lines = []
    for latent in sorted(measured["active"], key=lambda j: -latent_kl[j]):
        line = f"  z{latent}: {latent_kl[latent]:.2f} nats"
        meaning = _meaning(latent, measured)
        lines.append(f"{line}, knows {meaning}" if meaning else line)
    return lines
