"""From noise to latents of music: the path is walked backwards in steps, in windows that overlap.

The network gives the velocity of a straight path between music and noise (Liu et al., "Flow
straight and fast", ICLR 2023). Music longer than a window is one canvas: in each step all windows
that overlap on it are asked, and what they say is averaged (Bar-Tal et al., "MultiDiffusion", ICML
2023), so that neighbours agree and no seam is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from moodprint.clip import FloatArray
from moodprint.engine.progress import Progress, no_progress
from moodprint.generation.diffusion.network import Guide, MusicNetwork

STAGE = "drawing"

GuideAt = Callable[[float], Guide]
"""What is asked for at a place of the music, from 0 (its start) to 1 (its end)."""


@dataclass(frozen=True)
class Sampling:
    """``guidance`` 1 asks for the prompt as music has it, more exaggerates it (Ho and Salimans
    2022). With ``loop`` the end leads into the start. ``start`` is the time to begin at: 1 is pure
    noise, less keeps some of the latents that one starts from."""

    steps: int = 20
    guidance: float = 3.0
    loop: bool = False
    start: float = 1.0


def window_places(count: int, window: int, *, loop: bool) -> list[np.ndarray]:
    """The frames [window] of each window on a canvas of ``count`` frames, at least a window: half
    of each is shared with the next; in a loop, the last one's with the first's."""
    hop = window // 2
    if loop:
        starts = np.linspace(0, count, max(2, -(-count // hop)), endpoint=False).round()
    else:
        starts = np.linspace(0, count - window, 1 + -(-(count - window) // hop)).round()
    return [(int(start) + np.arange(window)) % count for start in starts]


def sampled(
    network: MusicNetwork,
    noisy: FloatArray,
    asked: GuideAt,
    refused: GuideAt,
    sampling: Sampling,
    progress: Progress = no_progress,
) -> FloatArray:
    """Latents [C, T, F] of music from noisy ones at the time ``sampling.start``.

    T is at least a window. The solver is Adams and Bashforth's of two steps: each takes the last
    velocity into account, so that a step asks the network once.
    """
    places = window_places(noisy.shape[1], network.card.latents.frames, loop=sampling.loop)
    middles = [index / max(1, len(places) - 1) for index in range(len(places))]
    guides = [asked(at) for at in middles], [refused(at) for at in middles]
    times = np.linspace(sampling.start, 0, sampling.steps + 1)
    canvas, before = noisy, None
    for number, (time, step) in enumerate(zip(times, -np.diff(times), strict=False)):
        velocity = _velocity(network, canvas, float(time), places, guides, sampling.guidance)
        slope = velocity if before is None else 1.5 * velocity - 0.5 * before
        canvas = (canvas - np.float32(step) * slope).astype(np.float32)
        before = velocity
        progress(STAGE, number + 1, sampling.steps)
    return canvas


def _velocity(
    network: MusicNetwork,
    canvas: FloatArray,
    time: float,
    places: Sequence[np.ndarray],
    guides: tuple[list[Guide], list[Guide]],
    guidance: float,
) -> FloatArray:
    """Of the whole canvas: what is asked for, away from what is refused, averaged over windows."""
    windows = [np.ascontiguousarray(canvas[:, frames]) for frames in places]
    asked, refused = guides
    found = network.velocities([*windows, *windows], time, [*asked, *refused])
    towards, away = found[: len(windows)], found[len(windows) :]
    taper = _taper(len(places[0]))[None, :, None]
    total, weight = np.zeros_like(canvas), np.zeros((1, canvas.shape[1], 1), np.float32)
    for frames, one, other in zip(places, towards, away, strict=True):
        total[:, frames] += taper * (other + np.float32(guidance) * (one - other))
        weight[:, frames] += taper
    return total / weight


def _taper(window: int) -> FloatArray:
    """Weights [window] of a window's frames: its middle knows both of its sides."""
    frames = np.arange(window)
    return (np.minimum(frames + 1, window - frames) / window).astype(np.float32)
