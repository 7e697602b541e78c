"""What the examples of a builder hold."""

import tensorflow_datasets as tfds

from tfvae.data.factors import FactorGrid


def of_grid(
    image_shape: tuple[int, int, int], grid: FactorGrid
) -> tfds.features.FeaturesDict:
    """An image, and a class label for each factor."""
    labels = {
        name: tfds.features.ClassLabel(num_classes=size)
        for name, size in zip(grid.names, grid.sizes, strict=True)
    }
    image = tfds.features.Image(shape=image_shape)
    return tfds.features.FeaturesDict({"image": image, **labels})
