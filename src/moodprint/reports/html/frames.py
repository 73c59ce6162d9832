"""Small pictures of a video at the times at which something changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import av.stream
import numpy as np

from moodprint.engine import file_limits, run
from moodprint.errors import MoodprintError
from moodprint.prediction import Timeline
from moodprint.reports.spans import spans

MOST_FRAMES = 240
"""In a page: some 5 kB each, 1.5 MB in base64."""

_MOST_A_FILE = 8
_LATE_S = 1.0
"""Behind a change the picture has changed, too."""
_HEIGHT = 90
_LONGEST_EDGE = 16_384
"""A picture beyond this is no video, and decoding it would take gigabytes."""
_MOST_DECODED = 90
"""From the key frame before a time on: some seconds of most videos. Further key frames apart, the
picture is from somewhat earlier."""


_TIME_BASE = Fraction(1, 25)
"""An encoder wants one; a single picture has no use for it."""


@dataclass(frozen=True)
class Frame:
    """A JPEG of a moment, in seconds."""

    time_s: float
    jpeg: bytes


def frames(videos: Sequence[tuple[Path, Timeline]]) -> list[tuple[Frame, ...]]:
    """For each file its pictures at the changes of its timeline; () where it has none or they
    cannot be read.

    Each is read in a process of its own (see ``engine.file_limits``). The first files win where
    there are more pictures than a page has room for.
    """
    each = max(1, min(_MOST_A_FILE, MOST_FRAMES // max(1, len(videos))))
    wanted = [(path, changes(timeline, each)) for path, timeline in videos[:MOST_FRAMES]]
    outcomes = run(_frames_of, wanted, limits=file_limits(_file_of))
    found = [() if outcome.error is not None else outcome.unwrap() for outcome in outcomes]
    return [*found, *[()] * (len(videos) - len(wanted))]


def changes(timeline: Timeline, most: int) -> tuple[float, ...]:
    """When something new begins, in order; where that is too often, before what lasts longest."""
    stretches = [span for span in spans(timeline.segments) if span.end_s > span.start_s]
    longest = sorted(stretches, key=lambda span: span.start_s - span.end_s)[:most]
    times = (min(span.start_s + _LATE_S, (span.start_s + span.end_s) / 2) for span in longest)
    return tuple(sorted(round(time_s, 3) for time_s in times))


def _file_of(request: tuple[Path, tuple[float, ...]]) -> Path:
    return request[0]


def _frames_of(request: tuple[Path, tuple[float, ...]]) -> tuple[Frame, ...]:
    path, times_s = request
    try:
        return tuple(_read(path, times_s))
    except (MoodprintError, av.FFmpegError, OSError, ValueError, IndexError):
        return ()


def _read(path: Path, times_s: Sequence[float]) -> Iterator[Frame]:
    with av.open(str(path)) as container:
        stream = next(filter(_is_video, container.streams.video), None)
        if stream is None:
            return
        stream.thread_type = "NONE"
        start_s = (container.start_time or 0) / av.time_base
        for time_s in times_s:
            picture = _picture_at(container, stream, start_s + time_s)
            if picture is not None:
                yield Frame(time_s, _jpeg(picture))


def _is_video(stream: Any) -> bool:
    """Whether it moves, and is of a size that can be: a cover is a picture of the whole file."""
    is_cover = bool(stream.disposition & av.stream.Disposition.attached_pic)
    return not is_cover and 0 < max(stream.width, stream.height) <= _LONGEST_EDGE


def _picture_at(container: Any, stream: Any, time_s: float) -> Any:
    """The last picture at or before a time, or the first behind it; None where there is none."""
    container.seek(int(time_s / stream.time_base), stream=stream)
    last = None
    for picture in islice(container.decode(stream), _MOST_DECODED):
        if last is not None and picture.time is not None and picture.time > time_s:
            break
        last = picture
    return last


def _jpeg(picture: Any) -> bytes:
    """A picture 90 pixels high, upright, in its aspect."""
    aspect = picture.width / picture.height
    shape = getattr(picture, "sample_aspect_ratio", None)
    aspect *= float(shape) if shape else 1.0
    width = max(16, min(4 * _HEIGHT, round(_HEIGHT * aspect)))
    quarter_turns = round(getattr(picture, "rotation", 0) / 90) % 4
    height = _HEIGHT
    if quarter_turns % 2:
        width, height = _HEIGHT, max(16, min(4 * _HEIGHT, round(_HEIGHT / aspect)))
    pixels = picture.to_ndarray(width=width, height=height, format="rgb24")
    upright = np.ascontiguousarray(np.rot90(pixels, quarter_turns))
    small = av.VideoFrame.from_ndarray(upright, "rgb24").reformat(format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = small.width, small.height, "yuvj420p"
    encoder.time_base = _TIME_BASE
    encoder.options = {"qmin": "4", "qmax": "8", "flags": "+bitexact"}
    return b"".join(bytes(packet) for packet in [*encoder.encode(small), *encoder.encode(None)])
