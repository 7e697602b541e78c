"""Encoders and decoders: tensors in, tensors out; one file a family."""

from tfvae.networks.base import NETWORKS
from tfvae.networks.base import Network
from tfvae.registry import import_siblings

import_siblings(__name__, __path__)

get = NETWORKS.get
names = NETWORKS.names

__all__ = ["NETWORKS", "Network", "get", "names"]
