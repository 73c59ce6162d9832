"""The level between the noise floor of the pauses and the music, found from the file itself.

A plain compilation has pauses of digital silence or of noise at some level, and no fixed threshold
fits both. But noise is steady where music is not: that tells a pause from a quiet passage, and
from the tail of a last chord. The limits below were set on 184 tracks of game music joined with
pauses of silence, of noise at -60 dBFS, and of both (see benchmarks/splitting.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.audio.level import LevelCurve
from moodprint.clip import FloatArray

_MUSIC_RANGE_DB = 40.0
"""Frames so far below the loudest count as music in its mean level; pauses would lower it."""
_QUIET_DB = 48.0
"""Below the music: above what an encoder smears into digital silence."""
_SURELY_QUIET_DB = 55.0
"""Below the music: a pause, whether it is steady or not."""
_LEAST_DEPTH_DB = 25.0
"""Below the music: what is louder is no pause, for a held note is steady, too."""
_LEAST_DEPTH_AT_BOTTOM_DB = 10.0
"""Below the music, where nothing in the file is softer: noise lies under all of a quiet recording,
and a held note is seldom the softest that there is."""
_BOTTOM_SHARE, _ABOVE_BOTTOM_DB = 0.002, 4.0
"""So many tenths of a pause are softer than the bottom; noise lies no more than this above it."""
_ABOVE_FLOOR_DB = 6.0
"""The threshold above the floor's loudest frames, so that the noise never crosses it."""
_NEAR_DB = 2.0
"""Runs whose levels lie within twice as much are pauses on the same floor."""
_SWING_DB, _DRIFT_DB, _LEVEL_DRIFT_DB = 1.0, 0.3, 2.5
"""How steady noise is: see ``find_floor``."""
_LEAST_SHARE = 0.25
"""Of the surely quiet runs: fewer steady ones than this are chance, not the floor."""

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Floor:
    """At or below ``threshold_db`` lies the floor; stretches as steady as a floor are marked.

    Stretch k of ``steady`` is the ``stretch_blocks`` blocks of ``block_frames`` frames from frame
    k x block_frames on: steady in level, or so quiet that it need not be.
    """

    threshold_db: float
    steady: BoolArray
    block_frames: int
    stretch_blocks: int

    def has_pause_within(self, start: int, end: int) -> bool:
        """Whether a whole steady stretch lies between these frames."""
        first = -(-start // self.block_frames)
        last = end // self.block_frames - self.stretch_blocks
        return bool(self.steady[first : last + 1].any())


def find_floor(curve: LevelCurve, pause_frames: int) -> Floor:
    """The floor of a curve whose pauses last ``pause_frames`` or longer.

    A stretch of most of a pause's length is floor where it lies 55 dB below the music, or at
    least 25 dB below it, or 10 where hardly a frame is softer, and is steady: the treble of its
    tenths swings by no more than 1 dB and drifts by no more than 0.3, and all of it drifts by no
    more than 2.5. (White, pink and brown noise do, plain and through mp3, Opus, AAC and Vorbis at
    64 kbit/s.) The threshold is put
    6 dB above that level which most steady stretches share (but no higher than halfway to the
    music); where none are steady, or few beside the surely quiet, 48 dB below the music.
    """
    music_db = music_level_db(curve.levels_db)
    surely_quiet_db = music_db - _SURELY_QUIET_DB
    block = max(1, pause_frames // 10)
    count = max(2, pause_frames // block - 2)  # so many whole blocks fit in, and smeared edges
    loudest, above_bottom_db, steady = _stretches(curve, block, count)
    quiet = loudest <= surely_quiet_db
    at_bottom = above_bottom_db <= _ABOVE_BOTTOM_DB
    depth_db = np.where(at_bottom, _LEAST_DEPTH_AT_BOTTOM_DB, _LEAST_DEPTH_DB)
    audible = steady & ~quiet & (loudest < music_db - depth_db)
    threshold_db = music_db - _QUIET_DB
    floor_db = _commonest_level(loudest, audible, least_count=_LEAST_SHARE * _count_runs(quiet))
    if floor_db is not None:
        threshold_db = min(floor_db + _ABOVE_FLOOR_DB, (floor_db + music_db) / 2)
    return Floor(threshold_db, audible | quiet, block, count)


def music_level_db(levels: FloatArray) -> float:
    """The mean power of what is no more than 40 dB below the loudest frame."""
    music = levels[levels >= levels.max() - _MUSIC_RANGE_DB].astype(np.float64)
    return float(10 * np.log10(np.mean(10 ** (music / 10))))


def runs(mask: BoolArray) -> tuple[IntArray, IntArray]:
    """Starts and ends (exclusive) of the runs of True."""
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    return edges[::2], edges[1::2]


def _stretches(
    curve: LevelCurve, block: int, count: int
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Of every stretch of blocks the loudest frame, how far in dB its mean level lies above the
    softest blocks of the curve, and whether it is steady."""
    whole = len(curve.levels_db) // block
    if whole < count:
        return np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros(0, bool)
    levels, edges = (
        part[: whole * block].reshape(whole, block) for part in (curve.levels_db, curve.edge_db)
    )
    loudest = _windows(levels.max(axis=1), count).max(axis=1)
    swing, drift = _unrest(edges.mean(axis=1), count)
    means = levels.mean(axis=1)
    above_bottom_db = _windows(means, count).mean(axis=1) - np.quantile(means, _BOTTOM_SHARE)
    _, level_drift = _unrest(means, count)
    steady = (swing <= _SWING_DB) & (drift <= _DRIFT_DB) & (level_drift <= _LEVEL_DRIFT_DB)
    return loudest, above_bottom_db, steady


def _unrest(means: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Of every window: how far its levels lie apart, and its second half from its first."""
    view, half = _windows(means, count), count // 2
    swing = view.max(axis=1) - view.min(axis=1)
    return swing, np.abs(view[:, :half].mean(axis=1) - view[:, -half:].mean(axis=1))


def _windows(values: FloatArray, count: int) -> FloatArray:
    return np.lib.stride_tricks.sliding_window_view(values, count)


def _commonest_level(loudest: FloatArray, steady: BoolArray, least_count: float) -> float | None:
    """The level that the most runs share, the lowest of equals; None where too few do."""
    starts, ends = runs(steady)
    if not len(starts):
        return None
    levels = np.sort([loudest[start:end].min() for start, end in zip(starts, ends, strict=True)])
    count = np.searchsorted(levels, levels + 2 * _NEAR_DB, "right") - np.arange(len(levels))
    first = int(count.argmax())
    if count[first] < least_count:
        return None
    return float(np.median(levels[first : first + count[first]]))


def _count_runs(mask: BoolArray) -> int:
    return len(runs(mask)[0])
