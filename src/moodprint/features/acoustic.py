"""The `acoustic` set: prosody, timbre, harmony and rhythm, hand-made and fast.

Contours at 43 frames a second, each told by eight functionals, and a few numbers of the whole.
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

_CLEAR = 0.2
_CONTOURS = (
    *("energy_db", "zero_crossings", "centroid_hz", "bandwidth_hz", "rolloff_hz", "flatness_db"),
    *("flux", "onset_db", "aperiodicity"),
    *(f"contrast_{band}_db" for band in range(7)),
    *(f"mfcc_{number:02}" for number in range(cepstral.COEFFICIENTS)),
    *(f"chroma_{name}" for name in NOTE_NAMES),
    *(f"tonnetz_{axis}" for axis in harmony.TONAL_AXES),
)
_PITCH = "pitch_semitones"
_WHOLE = (
    *("voiced_share", "low_energy_share", "key_clarity", "majorness"),
    *("tempo_bpm", "pulse_clarity", "onsets_per_s"),
)


@dataclass(frozen=True)
class Acoustic(FeatureSet):
    """Functionals of descriptors over a segment; takes clips at 22,050 Hz.

    ``pitch_semitones`` (from A4) is told from frames with a clear pitch only, and is 0 throughout
    where there is none. All values are finite, for silence and for a clip without samples too.
    """

    name: ClassVar[str] = "acoustic"

    @property
    def sample_rate_hz(self) -> int:
        """22,050."""
        return SAMPLE_RATE_HZ

    @property
    def columns(self) -> tuple[str, ...]:
        """A contour and a functional each, then what is said of the whole."""
        told = (f"{contour}.{how}" for contour, how in product((*_CONTOURS, _PITCH), FUNCTIONALS))
        return (*told, *_WHOLE)

    def extract(self, clip: Clip) -> FloatArray:
        """447 values [D], finite for silence too."""
        frames = Frames.of(clip)
        loudness, log_mel = energy.rms(frames), cepstral.log_mel_db(frames)
        classes, tone = harmony.chroma(frames), pitch(frames)
        onsets = rhythm.onset_strength(log_mel)
        contours = np.column_stack(
            (
                *(decibels(loudness**2, None), energy.zero_crossings(frames)),
                *(spectral.moments(frames), spectral.rolloff_hz(frames)),
                *(decibels(spectral.flatness(frames), None), spectral.flux(frames)),
                *(onsets, tone.aperiodicity, spectral.contrast_db(frames)),
                *(cepstral.mfcc(log_mel), classes, harmony.tonnetz(classes)),
            )
        )
        voiced = (tone.aperiodicity < _CLEAR) & (loudness > 0)
        semitones = 12 * np.log2(tone.hz[voiced] / A4_HZ)
        key, pulse = harmony.key(classes), rhythm.pulse(onsets)
        whole = (
            *(voiced.mean(), (loudness < loudness.mean()).mean(), key.clarity, key.majorness),
            *(pulse.tempo_bpm, pulse.clarity, pulse.onsets_per_s),
        )
        told = (functionals(each, frames.per_second) for each in (contours, semitones[:, None]))
        return np.concatenate([*(part.ravel() for part in told), whole]).astype(np.float32)
