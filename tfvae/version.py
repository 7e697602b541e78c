"""The version, alone so that it can be read without TensorFlow."""

VERSION = "0.1.0"
