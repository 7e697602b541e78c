"""From a model to a directory that TensorFlow Serving loads."""

from tfvae.serving.saved_model import export_saved_model
from tfvae.serving.saved_model import exported_versions

__all__ = ["export_saved_model", "exported_versions"]
