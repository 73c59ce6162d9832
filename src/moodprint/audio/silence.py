"""Where a signal is quiet: pauses between songs, silence at the edges.

All functions take a LevelCurve and give times; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from moodprint.audio.level import LOWEST_DB, LevelCurve
from moodprint.audio.noise_floor import BoolArray, find_floor, runs
from moodprint.errors import OptionError

TOP_DB = 40.0
"""The classic rule: quiet is what lies 40 dB or more below the loudest frame."""

CODEC_SMEAR_S = 0.05
"""Lossy encoders smear up to two frames of music into a pause: so much shorter it may be."""

CLICK_S = 0.03
"""Shorter sounds amid quiet are clicks and do not end it."""


@dataclass(frozen=True)
class Span:
    """A stretch of time, in seconds from the start of the file."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Its length."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class QuietRule:
    """What counts as quiet: at or below a level that is given in one of three ways.

    ``top_db``: so far below the loudest frame; ``dbfs``: an absolute level; neither: found from
    the file, see ``noise_floor.find_floor``.

    Raises:
        OptionError: both at once, ``top_db`` not above 0, or ``dbfs`` not below 0.
    """

    top_db: float | None = None
    dbfs: float | None = None

    def __post_init__(self) -> None:
        if self.top_db is not None and self.dbfs is not None:
            raise OptionError("quiet is set by top_db or by dbfs, not by both: leave one out")
        if self.top_db is not None and not self.top_db > 0:
            raise OptionError(f"top_db is a distance in dB above 0, not {self.top_db}")
        if self.dbfs is not None and not self.dbfs < 0:
            raise OptionError(f"dbfs is a level in dB below 0, not {self.dbfs}")


AUTOMATIC = QuietRule()


def sounding(
    curve: LevelCurve, rule: QuietRule = AUTOMATIC, min_pause_s: float = 1.0
) -> tuple[Span, ...]:
    """The parts between the pauses: each from its first frame above the level to its last.

    A pause is a run of at least ``min_pause_s`` (less CODEC_SMEAR_S) at or below the level,
    clicks allowed for; under the automatic rule it must also be steady, as noise is, or surely
    quiet. Silence at the edges belongs to no part, however short it is. A signal that nowhere
    rises above the level, digital silence for one, has no parts.

    Raises:
        OptionError: ``min_pause_s`` is not above 0.
    """
    if not min_pause_s > 0:
        raise OptionError(f"a pause lasts longer than 0 s, not {min_pause_s}")
    pause_frames = _frames(min_pause_s - CODEC_SMEAR_S, curve.hop_s)
    threshold_db, is_pause = _quiet_level(curve, rule, pause_frames)
    starts, ends = runs(_loud(curve, threshold_db))
    if not len(starts):
        return ()
    long = np.flatnonzero(starts[1:] - ends[:-1] >= pause_frames)
    cuts = [cut for cut in long if is_pause(int(ends[cut]), int(starts[cut + 1]))]
    firsts = [starts[0], *(starts[cut + 1] for cut in cuts)]
    lasts = [*(ends[cut] for cut in cuts), ends[-1]]
    return tuple(
        Span(curve.time_s(int(first)), curve.time_s(int(last)))
        for first, last in zip(firsts, lasts, strict=True)
    )


def without_silent_edges(curve: LevelCurve, rule: QuietRule) -> Span | None:
    """From the first frame above the level to the last; None where nothing rises above it."""
    threshold_db, _ = _quiet_level(curve, rule, _frames(1.0, curve.hop_s))
    starts, ends = runs(_loud(curve, threshold_db))
    if not len(starts):
        return None
    return Span(curve.time_s(int(starts[0])), curve.time_s(int(ends[-1])))


def _quiet_level(
    curve: LevelCurve, rule: QuietRule, pause_frames: int
) -> tuple[float, Callable[[int, int], bool]]:
    """The level of quiet, and whether a long run below it, from frame to frame, is a pause."""
    if rule.dbfs is not None:
        return rule.dbfs, _always
    if rule.top_db is not None:
        return curve.loudest_db - rule.top_db, _always
    floor = find_floor(curve, pause_frames)
    return floor.threshold_db, floor.has_pause_within


def _always(start: int, end: int) -> bool:
    return end > start


def _loud(curve: LevelCurve, threshold_db: float) -> BoolArray:
    """[T]: what lies above the level, clicks amid quiet left out."""
    loud = curve.levels_db > max(threshold_db, LOWEST_DB)
    starts, ends = runs(loud)
    if not len(starts):
        return loud
    longest = _frames(CLICK_S, curve.hop_s)
    quiet_before = starts - np.r_[0, ends[:-1]]
    quiet_after = np.r_[starts[1:], len(loud)] - ends
    click = (ends - starts <= longest) & (np.minimum(quiet_before, quiet_after) >= 10 * longest)
    for start, end in zip(starts[click], ends[click], strict=True):
        loud[start:end] = False
    return loud


def _frames(seconds: float, hop_s: float) -> int:
    return max(1, int(seconds / hop_s + 1e-6))
