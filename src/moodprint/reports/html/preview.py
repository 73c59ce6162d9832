"""The sound of a file made small enough to carry in a page, and the outline of its waveform."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from moodprint.audio.decode import stream
from moodprint.audio.excerpt import Excerpt
from moodprint.clip import FloatArray
from moodprint.engine import file_limits, run
from moodprint.errors import MoodprintError

PAGE_AUDIO_BYTES = 7_500_000
"""What the sounds of a page may hold together: 10 MB as base64, so a page stays under 15 MB."""

_BEST_BPS, _WORST_BPS = 48_000, 10_000
_SAMPLE_RATE_HZ = 24_000
_SPEED = {"compression_level": "2"}
_PEAKS = 900


@dataclass(frozen=True)
class Preview:
    """Mono Opus in WebM, or None where there is no player, and why; peaks in [0, 1]."""

    webm: bytes | None
    peaks: tuple[float, ...] = ()
    note: str = ""


def bit_rates(durations_s: Sequence[float]) -> list[int | None]:
    """A bit rate for each file so that all fit in a page; None for those that no longer do.

    All get the same, 48 kbit/s where there is room and no less than 10; then the first ones win.
    """
    total_s = sum(durations_s)
    fair_bps = 8 * PAGE_AUDIO_BYTES / total_s if total_s > 0 else _BEST_BPS
    rate_bps = int(min(_BEST_BPS, max(_WORST_BPS, fair_bps)))
    left = PAGE_AUDIO_BYTES + 1.0
    rates: list[int | None] = []
    for duration_s in durations_s:
        size = rate_bps * duration_s / 8
        rates.append(rate_bps if size <= left else None)
        left -= size if size <= left else 0
    return rates


def previews(sounds: Sequence[tuple[Excerpt, float]]) -> list[Preview]:
    """The previews of sounds of these lengths in seconds, as large as a page has room for them all.

    Each is read in a process of its own (see ``engine.file_limits``); one that cannot be gives a
    note.
    """
    rates = bit_rates([duration_s for _, duration_s in sounds])
    requests = [(*sound, rate_bps) for sound, rate_bps in zip(sounds, rates, strict=True)]
    outcomes = run(_preview_of, requests, limits=file_limits(_file_of))
    return [
        outcome.unwrap() if outcome.error is None else _without_player(outcome.error)
        for outcome in outcomes
    ]


def _file_of(request: tuple[Excerpt, float, int | None]) -> Path:
    return request[0].path


def _preview_of(request: tuple[Excerpt, float, int | None]) -> Preview:
    return preview(*request)


def _without_player(reason: Exception) -> Preview:
    return Preview(None, note=f"No player: {reason}.")


def preview(sound: Excerpt, duration_s: float, rate_bps: int | None) -> Preview:
    """Read a sound once, to play it and for its waveform; one that cannot be read gives a note.

    ``duration_s`` is its length, or at least about so: the waveform is drawn to that.
    """
    if rate_bps is None:
        return Preview(None, note="No player: the sounds of so many minutes do not fit in a page.")
    try:
        return _encode(sound, duration_s, rate_bps)
    except (MoodprintError, av.FFmpegError, OSError, ValueError) as error:
        return _without_player(error)


def _encode(excerpt: Excerpt, duration_s: float, rate_bps: int) -> Preview:
    data = io.BytesIO()
    outline = _Outline(duration_s)
    sound = stream(
        excerpt.path,
        sample_rate_hz=_SAMPLE_RATE_HZ,
        start_s=excerpt.start_s,
        stop_s=excerpt.end_s,
        options=excerpt.options,
    )
    # Without bitexact, WebM carries random ids, and no two pages would be alike.
    with av.open(data, "w", format="webm", options={"fflags": "+bitexact"}) as container:
        track = container.add_stream("libopus", rate=_SAMPLE_RATE_HZ, options=_SPEED)
        track.layout = "mono"
        track.bit_rate = rate_bps
        for block in sound:
            container.mux(track.encode(_frame(block, outline.samples)))
            outline.push(block)
        container.mux(track.encode(None))
    return Preview(data.getvalue(), outline.peaks())


def _frame(block: FloatArray, at: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(block[np.newaxis]), format="flt", layout="mono"
    )
    frame.sample_rate = _SAMPLE_RATE_HZ
    frame.pts, frame.time_base = at, Fraction(1, _SAMPLE_RATE_HZ)
    return frame


class _Outline:
    """The loudest sample of each of 900 equal stretches, gathered block by block."""

    def __init__(self, duration_s: float) -> None:
        self.samples = 0
        self._stretch = max(1.0, duration_s * _SAMPLE_RATE_HZ / _PEAKS)
        self._peaks = np.zeros(_PEAKS, np.float32)

    def push(self, block: FloatArray) -> None:
        places = (np.arange(self.samples, self.samples + len(block)) / self._stretch).astype(int)
        np.maximum.at(self._peaks, np.minimum(places, _PEAKS - 1), np.abs(block))
        self.samples += len(block)

    def peaks(self) -> tuple[float, ...]:
        """Scaled so that the loudest is 1; all 0 for silence."""
        loudest = float(self._peaks.max())
        scaled = self._peaks / loudest if loudest > 0 else self._peaks
        return tuple(round(float(peak), 2) for peak in scaled)
