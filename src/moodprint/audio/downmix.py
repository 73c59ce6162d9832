"""Channels mixed to one, also where they cancel out one another."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray

_CANCELLED_SHARE = 0.02
"""Channels that have nothing in common leave a share of 1 / C of their mean power in their mean;
where less than a fiftieth of that is left (17 dB), they were made to cancel out."""

_SILENT_POWER = 1e-10
"""-100 dB: below it nothing tells whether channels cancel out."""


class Downmix:
    """Blocks [C, n] as blocks [1, n]: their mean, or where that cancels out, the loudest channel.

    One inverted channel (a wrongly wired cable, a "stereo widener") leaves nothing in the mean that
    players of one loudspeaker give. ``cancelled`` says whether that was met.
    """

    def __init__(self) -> None:
        self.cancelled = False

    def __call__(self, block: FloatArray) -> FloatArray:
        """[C, n] to [1, n] float32."""
        if block.shape[0] == 1:
            return block
        mean = block.mean(axis=0, dtype=np.float32, keepdims=True)
        if block.shape[1] == 0:
            return mean
        powers = np.einsum("cn,cn->c", block, block, dtype=np.float64) / block.shape[1]
        left = float(np.vdot(mean, mean)) / block.shape[1]
        typical = float(powers.mean())
        if typical < _SILENT_POWER or left >= _CANCELLED_SHARE * typical / len(block):
            return mean
        self.cancelled = True
        loudest = int(powers.argmax())
        return block[loudest : loudest + 1]
