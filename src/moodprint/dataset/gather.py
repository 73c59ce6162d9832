"""The samples of all corpora that an experiment takes part with, by number of their label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from moodprint.dataset.config import DatasetConfig
from moodprint.dataset.corpora import read_corpus
from moodprint.dataset.labels import known_labels, label_key, left_out_text
from moodprint.dataset.same_sound import with_duplicates
from moodprint.dataset.samples import Sample, segmented
from moodprint.errors import CorpusError
from moodprint.evaluation.validate import IntArray
from moodprint.outputs import AnyPath

TOY_SONGS = "toy_songs"
"""The folder under an experiment's own in which toy songs are written."""


@dataclass(frozen=True)
class Dataset:
    """Samples, each with one of the ``labels``.

    ``left_out`` counts samples by the label for which they were left out, as it was typed
    ('': no label).
    """

    samples: tuple[Sample, ...]
    labels: tuple[str, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def truth(self) -> IntArray:
        """The class number of each sample [N], in 0..K-1."""
        return truth_of(self.samples, self.labels)


def truth_of(samples: Sequence[Sample], labels: Sequence[str]) -> IntArray:
    """Class numbers [N] of samples whose labels are all among the ``labels``."""
    return np.array([labels.index(each.label) for each in samples], np.int64)


def gather(config: DatasetConfig, out: AnyPath) -> Dataset:
    """Read all corpora; samples with one of the labels are kept, and cut into segments.

    Labels are compared without regard to case and spaces, and spelled as the config does. Samples
    that share sound are named as duplicates across all corpora. Toy songs are written under
    ``out``.

    Raises:
        CorpusError: no sample carries one of the labels; and all that ``read_corpus`` raises.
    """
    toys = Path(out) / TOY_SONGS
    found = [each for corpus in config.corpora for each in read_corpus(corpus, toys)]
    spelling = known_labels(config.labels)
    taken = [each for each in found if label_key(each.label) in spelling]
    samples = [replace(each, label=spelling[label_key(each.label)]) for each in taken]
    left_out = Counter(each.label.strip() for each in found)
    left_out -= Counter(each.label.strip() for each in taken)
    if not samples:
        raise CorpusError(
            f"no sample carries one of the labels {', '.join(config.labels)}: "
            f"{left_out_text(left_out, config.labels)}"
        )
    samples = with_duplicates(samples)
    if config.segment_s is not None:
        samples = segmented(samples, config.segment_s, config.segments_per_track)
    return Dataset(tuple(samples), config.labels, dict(left_out))
