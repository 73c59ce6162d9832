"""MusiCNN, run by ONNX Runtime over patches of 3 s.

Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging" (ISMIR
2019). `recipes/musicnn` says how its networks came into the bundle ``musicnn``.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from moodprint.audio.mel import SLANEY, mel_edges_hz, triangles
from moodprint.audio.stft import centred, frames, frequencies_hz, hann, powers
from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.errors import unknown_name
from moodprint.models.music_tagger.card import FRAMES, SPECTROGRAM, MusicTaggerCard, weights_file

SAMPLE_RATE_HZ, WINDOW, HOP, BANDS = SPECTROGRAM.values()
PATCH_S = FRAMES * HOP / SAMPLE_RATE_HZ
WIDTH = 200
"""Of the last layer but one."""


class MusicTagger:
    """A network of a ``music-tagger`` bundle on so many threads (0: one a core).

    ``trained_on`` names which: ``MSD`` (Million Song Dataset) or ``MTT`` (MagnaTagATune).

    Raises:
        OptionError: the bundle has no network that was trained on that.
        BundleError: the bundle is of another kind, or its network does not load.
    """

    def __init__(self, bundle: Bundle, threads: int = 1, trained_on: str = "MSD") -> None:
        tags = bundle.card_as(MusicTaggerCard).tags
        if trained_on not in tags:
            raise unknown_name("training set of the music tagger", trained_on, tags)
        self.tags = tags[trained_on]
        self._session = bundle.session(weights_file(trained_on), threads)

    def infer(self, samples: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Samples [N] at 16 kHz to the last layer but one [P, 200] and the logits of tags [P, K] of
        P >= 1 patches; silence, and no samples at all, too."""
        # One by one: faster than in a batch, whose pictures do not stay in the processor's cache.
        answers = [
            self._session.run(["hidden", "tags"], {"patches": patch[None]})
            for patch in patches(log_mel(samples))
        ]
        hidden, tags = (np.concatenate(part) for part in zip(*answers, strict=True))
        return hidden, tags


def log_mel(samples: FloatArray) -> FloatArray:
    """Samples [N] at 16 kHz as log10(10000 mel + 1) [1 + N // 256, 96]."""
    enough = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    framed = frames(centred(enough, WINDOW, "reflect"), WINDOW, HOP)
    power = powers(framed, hann(WINDOW).astype(np.float32), by_scipy=True)
    return np.asarray(np.log10(10_000 * (power @ _mel_filters()) + 1), np.float32)


def patches(mel: FloatArray) -> list[FloatArray]:
    """Frames [T, 96] as patches [187, 96] side by side; the last one ends with the sound, and one
    that is too short is filled with silence."""
    short = FRAMES - len(mel)
    if short > 0:
        return [np.pad(mel, ((0, short), (0, 0)))]
    starts = [*range(0, len(mel) - FRAMES, FRAMES), len(mel) - FRAMES]
    return [mel[start : start + FRAMES] for start in starts]


@lru_cache(maxsize=1)
def _mel_filters() -> FloatArray:
    """Weights [257, 96]: triangles of equal area."""
    edges_hz = mel_edges_hz(SLANEY, 0, SAMPLE_RATE_HZ / 2, BANDS)
    bins_hz = frequencies_hz(WINDOW, SAMPLE_RATE_HZ)
    return triangles(bins_hz, edges_hz, equal_areas=True).astype(np.float32)
