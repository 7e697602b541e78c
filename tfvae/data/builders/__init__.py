"""Builders of TensorFlow Datasets for sets that it does not have."""
