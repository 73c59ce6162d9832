"""Plays single notes with a trained generator: latents and pitches in, sound out. No torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moodprint.bundle import Bundle, open_bundle
from moodprint.clip import FloatArray
from moodprint.engine import available_cores
from moodprint.errors import BundleError, OptionError
from moodprint.generation.note_generator.architecture import FRAMES
from moodprint.generation.note_generator.card import GRAPH, GeneratorCard
from moodprint.generation.note_generator.representation import waveform_from_melspecgram
from moodprint.generation.note_generator.stft import OVERLAPS, frames_of
from moodprint.models.acceptance import accept

NOTE_SAMPLES = 64_000
"""4 s at 16 kHz, as the notes of NSynth are."""

Pitches = npt.NDArray[np.int64]
_Make = Callable[[FloatArray, Pitches, int], FloatArray]


class Generator:
    """A note generator. Each note is computed alone, on one core, so neither the batch that it
    is in nor the number of ``threads`` (all cores where None) changes a bit of it.

    Raises:
        BundleError: the bundle is of another kind, or its graph does not load.
    """

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        self.card = bundle.card_as(GeneratorCard)
        self._session = bundle.session(GRAPH)
        self._threads = threads or available_cores()

    def melspecgram(self, latent: npt.ArrayLike, pitch_midi: npt.ArrayLike) -> FloatArray:
        """The notes [B, 128, 1024, 2] of latents [B, 256] at MIDI pitches [B].

        Raises:
            OptionError: the shapes do not fit, or a pitch is one that the network has not.
        """
        latents, pitches = self._checked(latent, pitch_midi)
        return np.concatenate(
            self._in_threads(self._note, latents, pitches, [FRAMES] * len(latents))
        )

    def waveform(self, latent: npt.ArrayLike, pitch_midi: npt.ArrayLike) -> FloatArray:
        """The notes as sound [B, 64000] at 16 kHz: as ``melspecgram``, and made audible."""
        lengths = [NOTE_SAMPLES] * len(np.atleast_1d(pitch_midi))
        return np.stack(self.beginnings(latent, pitch_midi, lengths))

    def beginnings(
        self, latent: npt.ArrayLike, pitch_midi: npt.ArrayLike, samples: Sequence[int]
    ) -> list[FloatArray]:
        """The first ``samples`` of each note, 64,000 at most: the fewer, the less work.

        Raises:
            OptionError: as ``melspecgram``, or not one number of samples a note, of 1 to 64,000.
        """
        latents, pitches = self._checked(latent, pitch_midi)
        if len(samples) != len(latents) or min(samples) < 1 or max(samples) > NOTE_SAMPLES:
            raise OptionError(
                f"{len(latents)} notes take as many numbers of samples, of 1 to {NOTE_SAMPLES}"
            )
        return self._in_threads(self._sound, latents, pitches, samples)

    def _sound(self, latent: FloatArray, pitch_midi: Pitches, samples: int) -> FloatArray:
        frames = min(FRAMES, frames_of(samples) + OVERLAPS - 1)
        return waveform_from_melspecgram(self._note(latent, pitch_midi, frames))[0][:samples]

    def _note(self, latent: FloatArray, pitch_midi: Pitches, frames: int) -> FloatArray:
        values = {"latent": latent, "pitch_midi": pitch_midi, "frames": np.array([frames])}
        return self._session.run(["melspecgram"], values)[0]

    def _in_threads(
        self, make: _Make, latents: FloatArray, pitches: Pitches, lengths: Sequence[int]
    ) -> list[FloatArray]:
        singly = [slice(index, index + 1) for index in range(len(latents))]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(
                pool.map(make, (latents[s] for s in singly), (pitches[s] for s in singly), lengths)
            )

    def _checked(
        self, latent: npt.ArrayLike, pitch_midi: npt.ArrayLike
    ) -> tuple[FloatArray, Pitches]:
        latents = np.asarray(latent, np.float32)
        pitches = np.asarray(pitch_midi)
        if latents.ndim != 2 or latents.shape[1] != self.card.latent_size or not len(latents):
            raise OptionError(
                f"latents have the shape [B, {self.card.latent_size}] with B > 0, "
                f"not {latents.shape}"
            )
        if pitches.shape != latents.shape[:1] or not np.issubdtype(pitches.dtype, np.integer):
            raise OptionError(
                f"pitches are {len(latents)} whole numbers, one a latent, "
                f"not {pitches.dtype} {pitches.shape}"
            )
        low, high = self.card.lowest_pitch, self.card.highest_pitch
        if pitches.min() < low or pitches.max() > high:
            raise OptionError(
                f"the generator has the pitches {low} to {high}, not {pitches.min()} "
                f"to {pitches.max()}"
            )
        return latents, pitches.astype(np.int64)


def load_generator(bundle: str | Path, *, threads: int | None = None) -> Generator:
    """The generator in a bundle, ready to play: a folder, a zip, or the name of a shipped one.

    Raises:
        OptionError: there is no such bundle.
        BundleError: it is broken, or not that of a note generator.
    """
    opened = open_bundle(bundle)
    opened.card_as(GeneratorCard)
    accept(opened)
    return Generator(opened, threads)


def play_one_note(card: GeneratorCard, generator: Generator) -> None:
    """Let a generator make one note, as ``models.acceptance`` asks.

    Raises:
        BundleError: it has another form than notes have, or is not of finite numbers.
    """
    note = generator.melspecgram(np.zeros((1, card.latent_size)), [card.lowest_pitch])
    if note.ndim != 4 or note.shape[:2] != (1, FRAMES) or not np.isfinite(note).all():
        raise BundleError(f"the model makes notes of shape {note.shape}, or of no numbers")
