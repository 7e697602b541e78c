"""Models: Keras models with their own training step."""

from tfvae.models.vae import VAE

__all__ = ["VAE"]
