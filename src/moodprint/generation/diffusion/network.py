"""The networks of a music generator, run by ONNX Runtime. No torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import Bundle, open_bundle
from moodprint.clip import FloatArray
from moodprint.engine import available_cores
from moodprint.errors import BundleError
from moodprint.generation.diffusion.card import DECODER, DENOISER, ENCODER, MusicGeneratorCard
from moodprint.models.acceptance import accept


@dataclass(frozen=True)
class Guide:
    """What a window of music is asked for: scaled values [K], and which of them count [K]."""

    values: FloatArray
    known: FloatArray


class MusicNetwork:
    """The denoiser, decoder and encoder of a ``music-generator`` bundle. Each window is computed
    alone, on one core, so the number of ``threads`` (all cores where None) changes no bit of it.

    Latents are [C, T, F] of unit size, T a multiple of 4; spectrograms are [T, bands] in dB.

    Raises:
        BundleError: the bundle is of another kind, or a network does not load.
    """

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        self.card = bundle.card_as(MusicGeneratorCard)
        self.spectrogram = LogMel.from_dict(dict(self.card.spectrogram))
        self._bundle = bundle
        self._denoiser = bundle.session(DENOISER)
        self._decoder = bundle.session(DECODER)
        self._threads = threads or available_cores()

    def velocities(
        self, windows: Sequence[FloatArray], time: float, guides: Sequence[Guide]
    ) -> list[FloatArray]:
        """For each window the velocity [C, T, F] from music (time 0) to noise (time 1)."""
        at = np.array([time], np.float32)

        def velocity(window: FloatArray, guide: Guide) -> FloatArray:
            inputs = {
                "noisy": window[None],
                "time": at,
                "conditions": guide.values[None],
                "known": guide.known[None],
            }
            return self._run(self._denoiser, inputs)

        return self._in_threads(velocity, windows, guides)

    def decoded(self, latents: FloatArray) -> FloatArray:
        """The spectrogram [T * shrink, bands] of latents [C, T, F]."""
        size = self.card.latents
        scaled = latents * np.float32(1 / size.scale)
        picture = self._run(self._decoder, {"latents": scaled[None]})[0]
        half = np.float32(self.card.range_db / 2)
        return (np.clip(picture, -1, 1) + 1) * half + np.float32(self.spectrogram.floor_db)

    def encoded(self, mel_db: FloatArray) -> FloatArray:
        """The latents [C, T, F] of a spectrogram [T * shrink, bands].

        Raises:
            BundleError: the bundle has no encoder.
        """
        if ENCODER not in self.card.files:
            raise BundleError(f"{self._bundle.path}: has no encoder, so it starts from no sound")
        levels = (mel_db - self.spectrogram.floor_db) * np.float32(2 / self.card.range_db) - 1
        picture = np.clip(levels, -1, 1)[None, None].astype(np.float32)
        encoder = self._bundle.session(ENCODER)
        return self._run(encoder, {"pictures": picture}) * np.float32(self.card.latents.scale)

    def _run(self, session: Any, inputs: dict[str, FloatArray]) -> FloatArray:
        return session.run(None, inputs)[0][0]

    def _in_threads(self, make: Callable[..., FloatArray], *items: Any) -> list[FloatArray]:
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(make, *items))


def load_network(bundle: str | Path, *, threads: int | None = None) -> MusicNetwork:
    """The networks of a music generator: of a folder, a zip, or a shipped one by its name.

    Raises:
        OptionError: there is no such bundle.
        BundleError: it is broken, or none of a music generator.
    """
    opened = open_bundle(bundle)
    opened.card_as(MusicGeneratorCard)
    accept(opened)
    return MusicNetwork(opened, threads)


def draw_one_window(card: MusicGeneratorCard, network: MusicNetwork) -> None:
    """Let a network answer once, as ``models.acceptance`` asks.

    Raises:
        BundleError: an answer has another form than music has, or is not of finite numbers.
    """
    size, count = card.latents, len(card.conditions)
    window = np.zeros((size.channels, size.frames, size.bands), np.float32)
    guide = Guide(np.zeros(count, np.float32), np.zeros(count, np.float32))
    [velocity] = network.velocities([window], 0.5, [guide])
    if velocity.shape != window.shape or not np.isfinite(velocity).all():
        raise BundleError(f"the denoiser answers in the shape {velocity.shape}, or no numbers")
    drawn = network.decoded(window)
    if drawn.shape != (size.frames * size.shrink, network.spectrogram.bands):
        raise BundleError(f"the decoder answers in the shape {drawn.shape}")
