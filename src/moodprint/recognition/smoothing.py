"""Smoothing over time that keeps real changes."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray

_LIKENESS = 0.8
"""Distance of two segments' logits (root mean square over classes) at which they count 0.6 of what
equal ones do. Of the shipped network's segments 5 s apart in one track 96 % are nearer than this,
of segments of two tracks 15 % (70 tracks of 4Q and of games)."""

_ITSELF = 1e-6
"""The least weight of a segment in its own mean: where nothing near holds music, it stays."""


def smoothed(
    logits: FloatArray, weights: FloatArray, starts_s: FloatArray, reach_s: float
) -> FloatArray:
    """A bilateral filter (Tomasi and Manduchi, ICCV 1998) over segments.

    Each of S segments becomes the mean of its neighbours, weighted by nearness in time (a
    Gaussian of ``reach_s``), by likeness of what they say, and by ``weights`` [S], the music in
    them. Two moods side by side stay apart, since unlike neighbours hardly count; a single
    wavering segment is drawn to those around it.

    ``logits`` [S, K], ``starts_s`` [S]; gives [S, K]. A reach of 0 changes nothing.
    """
    if reach_s <= 0 or len(logits) < 2:
        return logits
    hop_s = float(np.diff(starts_s).max())
    reach = max(1, int(2 * reach_s / hop_s))
    total = np.zeros_like(logits)
    norm = np.zeros((len(logits), 1), np.float32)
    for shift in range(-reach, reach + 1):
        near = np.exp(-0.5 * (shift * hop_s / reach_s) ** 2)
        here = slice(max(0, -shift), min(len(logits), len(logits) - shift))
        there = slice(max(0, shift), min(len(logits), len(logits) + shift))
        if here.start >= here.stop:
            continue
        unlike = np.mean((logits[here] - logits[there]) ** 2, axis=1, keepdims=True)
        alike = np.exp(-0.5 * unlike / _LIKENESS**2)
        weight = (near * alike * weights[there, None] + (shift == 0) * _ITSELF).astype(np.float32)
        total[here] += weight * logits[there]
        norm[here] += weight
    return total / norm
