"""The `acoustic` set: prosody, timbre, harmony and rhythm, hand-made and fast.

Contours at 43 frames a second, each summed up by eight functionals, and a few numbers of the whole.
Own implementation; where librosa has the descriptor too, the values are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np

from moodprint.clip import Clip, FloatArray
from moodprint.features.descriptors import cepstral, energy, harmony, rhythm, spectral
from moodprint.features.descriptors.frames import SAMPLE_RATE_HZ, Frames, decibels
from moodprint.features.descriptors.pitch import pitch
from moodprint.features.feature_set import FeatureSet
from moodprint.features.functionals import FUNCTIONALS, functionals
from moodprint.pitch import A4_HZ, NOTE_NAMES

_CLEAR_APERIODICITY = 0.2
"""Frames with less are taken to have one pitch: twice the threshold of YIN itself."""

# fmt: off
_CONTOURS = (
    "energy_db", "zero_crossings", "centroid_hz", "bandwidth_hz", "rolloff_hz", "flatness_db",
    "flux", "onset_db", "aperiodicity",
    *(f"contrast_{band}_db" for band in range(spectral.CONTRAST_BANDS)),
    *(f"mfcc_{number:02}" for number in range(cepstral.COEFFICIENTS)),
    *(f"chroma_{name}" for name in NOTE_NAMES),
    *(f"tonnetz_{axis}" for axis in harmony.TONAL_AXES),
)
_PITCH = "pitch_semitones"
_WHOLE = (
    "voiced_share", "low_energy_share", "key_clarity", "majorness",
    "tempo_bpm", "pulse_clarity", "onsets_per_s",
)
# fmt: on


@dataclass(frozen=True)
class Acoustic(FeatureSet):
    """Functionals of descriptors over a segment; takes clips at 22,050 Hz.

    ``pitch_semitones`` (from A4) is of frames with a clear pitch only, and is 0 throughout where
    there is none. All values are finite, for silence and for a clip without samples too.
    """

    name: ClassVar[str] = "acoustic"

    @property
    def sample_rate_hz(self) -> int:
        """22,050: the rate that librosa's descriptors are defined at."""
        return SAMPLE_RATE_HZ

    @property
    def columns(self) -> tuple[str, ...]:
        """``contour.functional`` for each of both, then what is one number of the whole."""
        pairs = product((*_CONTOURS, _PITCH), FUNCTIONALS)
        return (*(f"{contour}.{functional}" for contour, functional in pairs), *_WHOLE)

    def extract(self, clip: Clip) -> FloatArray:
        """The values [D] in the order of ``columns``."""
        frames = Frames.of(clip)
        loudness, log_mel = energy.rms(frames), cepstral.log_mel_db(frames)
        classes, tone = harmony.chroma(frames), pitch(frames)
        onsets = rhythm.onset_strength(log_mel)
        contours = np.column_stack((
            decibels(loudness**2, None), energy.zero_crossings(frames),
            spectral.moments(frames), spectral.rolloff_hz(frames),
            decibels(spectral.flatness(frames), None), spectral.flux(frames),
            onsets, tone.aperiodicity, spectral.contrast_db(frames),
            cepstral.mfcc(log_mel), classes, harmony.tonnetz(classes),
        ))  # fmt: skip
        voiced = (tone.aperiodicity < _CLEAR_APERIODICITY) & (loudness > 0)
        semitones = 12 * np.log2(tone.hz[voiced] / A4_HZ)
        key, pulse = harmony.key(classes), rhythm.pulse(onsets)
        whole = (
            voiced.mean(), (loudness < loudness.mean()).mean(), key.clarity, key.majorness,
            pulse.tempo_bpm, pulse.clarity, pulse.onsets_per_s,
        )  # fmt: skip
        parts = (functionals(each, frames.per_second) for each in (contours, semitones[:, None]))
        return np.concatenate([*(part.ravel() for part in parts), whole]).astype(np.float32)
