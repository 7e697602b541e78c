"""What the builders of published files share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow_datasets as tfds

from tfvae.data.base import Dataset
from tfvae.data.builders.originals import Original


class PublishedBuilder(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """Base class: one published file that becomes one split.

    Attributes:
        dataset: the data set that is made of it.
        homepage: of the publishers.
        originals: the file, alone.
    """

    VERSION = tfds.core.Version("1.0.0")
    dataset: type[Dataset]
    homepage: str
    originals: tuple[Original, ...]

    def example_features(self) -> tfds.features.FeaturesDict:
        """What each example holds."""
        raise NotImplementedError

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.dataset.__doc__,
            features=self.example_features(),
            homepage=self.homepage,
            citation=self.dataset.citation,
        )

    def _split_generators(self, dl_manager):
        path = self.originals[0].fetch(self, dl_manager)
        return {"train": self._generate_examples(path)}

    def _generate_examples(self, path: Path) -> Iterator[tuple[Any, dict]]:
        raise NotImplementedError
