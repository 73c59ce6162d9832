"""Stands in for a trained note generator: each note is a tone of its pitch, its colour the latent's
first value. Quick, and exactly in tune."""

from __future__ import annotations

import numpy as np
from cards import generator_card

from moodprint.generation.note_generator.card import GeneratorCard


class ToneGenerator:
    def __init__(self, decay_s: float = np.inf) -> None:
        self.card = GeneratorCard.from_dict({**generator_card(), "files": {}})
        self.asked: list[tuple[float, int]] = []
        self._decay_s = decay_s

    def beginnings(self, latent, pitch_midi, samples) -> list[np.ndarray]:
        notes = list(zip(latent, pitch_midi, samples, strict=True))
        self.asked += [(float(z[0]), int(p)) for z, p, _ in notes]
        return [self._tone(z, p)[:n] for z, p, n in notes]

    def _tone(self, latent: np.ndarray, pitch: int) -> np.ndarray:
        time_s = np.arange(64_000) / 16_000
        phase = 2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time_s
        colour = 0.2 * np.tanh(latent[0])
        tone = np.sin(phase) + colour * np.sin(2 * phase)
        return (0.5 * tone * np.exp(-time_s / self._decay_s)).astype(np.float32)
