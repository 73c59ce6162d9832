"""How far melspecgrams lie from those wanted: in magnitude, and in phase where it is heard."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from moodprint.generation.note_generator.architecture import Normalizer
from moodprint.generation.note_generator.mel import phase_reach

FORESEEN = 4
"""Phases count from this many frames before their partial sounds: its first ones set it off."""

_AUDIBLE_DB = 60.0
"""What lies further below the loudest point of a note counts as unheard."""
_QUIET_WEIGHT = 0.025
"""A fortieth: silence between partials must be learned, too, but peaks are few and come first."""
_LOUD_POWER = 4
"""Magnitudes count by this power of their level; with lower ones the many points between partials
outweigh the few at them, and peaks are flattened."""
_BALANCE = 4.0
"""What brings the magnitudes' part to the order of that of the phases."""


class ReconstructionLoss:
    """The two parts of the loss, for one normaliser of melspecgrams."""

    def __init__(self, normalizer: Normalizer, phase_weight: float, device: torch.device) -> None:
        self._audible = _AUDIBLE_DB / 10 * math.log(10) * normalizer.magnitude_a
        turn = torch.from_numpy(phase_reach()).float() * normalizer.phase_a
        self._turn = turn.to(device)
        self._phase_weight = phase_weight

    def __call__(self, output: Tensor, wanted: Tensor, loudest: Tensor) -> tuple[Tensor, Tensor]:
        """The parts for ``output`` [B, 2, T, F] and ``wanted``, which may have frames more.

        Both are mean absolute errors. They count in full at the loudest point of the note
        (``loudest`` [B]), and less down to 60 dB below, where phases no longer count at all, and
        magnitudes by a fortieth. A phase is as near by the other way around the circle, whose half
        is ``mel.phase_reach``.
        """
        frames = output.shape[2]
        audible = 1 + (wanted[:, 0] - loudest[:, None, None]) / self._audible
        audible = audible.clamp(0, 1)
        weight = _QUIET_WEIGHT + audible[:, :frames] ** _LOUD_POWER
        magnitude = (output[:, 0] - wanted[:, 0, :frames]).abs() * weight
        off = (output[:, 1] - wanted[:, 1, :frames]) / self._turn
        off = (off - 2 * (off / 2).round()).abs() * self._turn
        phase = off * _soon(audible, frames).square()
        return _BALANCE * magnitude.mean(), self._phase_weight * phase.mean()


def _soon(audible: Tensor, frames: int) -> Tensor:
    """The most that is audible [B, frames, F] within the next few frames of [B, T, F]."""
    ahead = functional.pad(audible, (0, 0, 0, max(0, frames + FORESEEN - audible.shape[1])))
    return functional.max_pool2d(ahead, (FORESEEN + 1, 1), stride=1)[:, :frames]
