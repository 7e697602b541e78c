"""What is known of a model, for those who only have its export."""

from typing import Any

import keras

from tfvae import registry
from tfvae.data import Dataset
from tfvae.metrics import encoding
from tfvae.report import page
from tfvae.serving.signatures import LARGEST_PIXEL
from tfvae.training.runs import versions
from tfvae.views import Views


def about(model: keras.Model, dataset: Dataset | None) -> dict[str, Any]:
    """What a model is, how it takes images, and what each latent does.

    Args:
        model: a `tfvae.VAE`.
        dataset: what it was trained on; None leaves the latents unknown.

    Returns:
        JSON-ready: "image_shape", "latent_dim", "network", "likelihood",
        "objective", "weights" (their fingerprint), "versions",
        "preprocessing", and "data", None or what `about_data` says.
    """
    return {
        "image_shape": list(model.image_shape),
        "latent_dim": model.latent_dim,
        "network": registry.config(model.network),
        "likelihood": registry.config(model.likelihood),
        "objective": registry.config(model.objective),
        "weights": encoding.fingerprint(model),
        "versions": versions(),
        "preprocessing": {
            "image": "float32 from 0 to 1",
            "image of encode_uint8": f"divided by {LARGEST_PIXEL}",
            "image_bytes": f"decoded to uint8, divided by {LARGEST_PIXEL}; "
            "the file has the size of the model's images",
        },
        "data": None if dataset is None else about_data(model, dataset),
    }


def about_data(model: keras.Model, dataset: Dataset) -> dict[str, Any]:
    """What the posteriors of a sample of images say of each latent.

    Args:
        model: a `tfvae.VAE`.
        dataset: what it was trained on.

    Returns:
        JSON-ready: "name", "about", "size", "largest_pixel" (what 1.0 is in
        the data set's own uint8 images), "factor_names" (None without ground
        truth), "sample" (how many images), and "latents": for each its number
        as "latent", "active", "kl" (nats), "mean" and "stddev" of the
        posterior means, "posterior_stddev", "range" (the 1% and 99% quantiles
        of the aggregate posterior) and "encodes".
    """
    views = Views(model, dataset)
    names = dataset.factor_names
    columns = {
        "active": views.active,
        "kl": views.latent_kl,
        "mean": views.codes.mean(axis=0),
        "stddev": views.codes.std(axis=0),
        "posterior_stddev": views.stddevs.mean(axis=0),
        "range": views.values[:, [0, -1]],
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return {
        "name": type(dataset).__name__,
        "about": page.caption(type(dataset)),
        "size": dataset.size,
        "largest_pixel": dataset.max_value,
        "factor_names": None if names is None else list(names),
        "sample": len(views.codes),
        "latents": [
            {
                "latent": latent,
                **dict(zip(columns, row, strict=True)),
                "encodes": views.meanings[latent],
            }
            for latent, row in enumerate(rows)
        ],
    }
