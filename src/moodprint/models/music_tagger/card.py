"""The card of a bundle that holds networks which tag music."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from moodprint.bundle import BundleKind, Card
from moodprint.errors import OptionError
from moodprint.json_fields import Fields

SPECTROGRAM = {"sample_rate_hz": 16_000, "window": 512, "hop": 256, "mel_bands": 96}
FRAMES = 187
"""Frames of a patch, which is what the network takes at once: 3 s."""


def weights_file(trained_on: str) -> str:
    """The file of the network that was trained on a data set: ``msd.onnx`` for ``MSD``."""
    return f"{trained_on.lower()}.onnx"


@dataclass(frozen=True, kw_only=True)
class MusicTaggerCard(Card):
    """``tags`` maps what a network was trained on to the names of its outputs, in their order.

    Raises:
        OptionError: another spectrogram than MusiCNN's, which is written into the code, a network
            that is not among the files, or one without tags.
    """

    kind: ClassVar[BundleKind] = BundleKind.MUSIC_TAGGER

    spectrogram: Mapping[str, int]
    frames_per_patch: int
    tags: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.spectrogram != SPECTROGRAM or self.frames_per_patch != FRAMES:
            raise OptionError(
                f"its networks take {self.frames_per_patch} frames of {dict(self.spectrogram)}, "
                f"not {FRAMES} frames of {SPECTROGRAM}"
            )
        if not self.tags:
            raise OptionError("it names no tags")
        for trained_on, names in self.tags.items():
            if not names:
                raise OptionError(f"it names no tags for {trained_on}")
            if weights_file(trained_on) not in self.files:
                raise OptionError(f"it lists no {weights_file(trained_on)}")

    @classmethod
    def values(cls, fields: Fields) -> dict[str, Any]:
        """Adds the spectrogram, the patch and the tags. Raises ValueError."""
        features, tags = fields.part("features"), fields.part("tags")
        return {
            **super().values(fields),
            "spectrogram": {name: features.whole(name) for name in SPECTROGRAM},
            "frames_per_patch": features.whole("frames_per_patch"),
            "tags": {trained_on: tags.texts(trained_on) for trained_on in tags},
        }
