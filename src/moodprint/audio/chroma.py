"""How loud each of the twelve pitch classes is, half second by half second.

This is what the recogniser's network is given. Three others differ because they answer another
question: ``corpus.harmony`` finds the same song at another speed or pitch, which takes quarter
tones; ``features.descriptors.harmony`` gives librosa's values, to compare with those of others;
``recognition.explanation.cues.key`` tells the key, for which overtones are first folded onto the
notes they belong to. All stand on ``audio.stft`` and ``pitch``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from moodprint.audio.stft import frames, frequencies_hz, hann, spectra
from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.pitch import away_from_classes, hz_to_midi


@dataclass(frozen=True)
class Chroma:
    """The parameters of a chromagram of rows side by side, and the transform that they define.

    Row r is one Fourier transform of the ``hop`` samples from r * ``hop`` on (Hann). The square
    roots of its magnitudes between ``lowest_hz`` and ``highest_hz``, which keep a loud voice from
    drowning the chord under it, are summed by pitch class (C is 0, A = 440 Hz), each frequency
    weighted by how near it is to its semitone (a Gaussian of ``spread_semitones``).
    """

    sample_rate_hz: int = 16_000
    hop: int = 8_000
    lowest_hz: float = 100.0
    highest_hz: float = 2_000.0
    spread_semitones: float = 0.25

    def __post_init__(self) -> None:
        if self.hop <= 0 or not 0 < self.lowest_hz < self.highest_hz <= self.sample_rate_hz / 2:
            raise OptionError(
                f"a chromagram needs a hop above 0 and 0 < lowest < highest <= "
                f"{self.sample_rate_hz / 2:g} Hz, not {self.hop}, {self.lowest_hz:g} and "
                f"{self.highest_hz:g}"
            )

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Chroma:
        """The chromagram that a model's card describes."""
        return cls(**fields)

    def of(self, samples: FloatArray) -> FloatArray:
        """Rows [R, 12], float32, R = N // hop of samples [N]; the rest is left out."""
        spectrum = spectra(frames(samples, self.hop, self.hop), self._taper)[:, self._bins]
        return np.sqrt(np.abs(spectrum)) @ self._classes

    @cached_property
    def _taper(self) -> FloatArray:
        return (hann(self.hop) * 2 / self.hop).astype(np.float32)

    @cached_property
    def _bins(self) -> slice:
        width_hz = self.sample_rate_hz / self.hop
        return slice(int(np.ceil(self.lowest_hz / width_hz)), int(self.highest_hz / width_hz) + 1)

    @cached_property
    def _classes(self) -> FloatArray:
        """How much each frequency says of each class [bins, 12]."""
        hz = frequencies_hz(self.hop, self.sample_rate_hz)[self._bins]
        away = away_from_classes(hz_to_midi(hz))
        return np.exp(-0.5 * (away / self.spread_semitones) ** 2).astype(np.float32)
