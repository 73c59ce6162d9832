"""Blocks of samples through FFmpeg (PyAV): any container, any codec, the sound of any video."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import av
import numpy as np

from moodprint.audio.byte_view import ByteView
from moodprint.audio.ffmpeg import OpenMedia, open_media, refusal
from moodprint.audio.frames import UniformFrames
from moodprint.audio.ogg_links import ogg_links
from moodprint.audio.stream_clock import Placement
from moodprint.audio.unfilled_headers import header_patches
from moodprint.clip import FloatArray
from moodprint.errors import InputError

_SAFE_SEEK_BACK_S = 1.0
"""Decoders need some packets before they give the right samples; 1 s is more than any asks for."""

_EXACT_TIMES = {"mov", "matroska"}
"""Containers (by the first of FFmpeg's names) with a table of times: exact after a seek. Others
guess from the bit rate, so that a part of them is reached by decoding from the beginning."""

_WITHOUT_TIMES = {"mp3", "aac", "ac3", "eac3", "amr", "dts", "loas"}
"""No containers, but packets in a row: FFmpeg makes up their stamps from the first one's rate."""

_GUESSED_LENGTHS = _WITHOUT_TIMES | {"mpegts", "mpeg"}
"""Containers whose announced length FFmpeg may have guessed from the bit rate."""

_MOST_SEAMS = 2
"""Joined mp3 or aac files have a tag or half a frame at a seam: so few packets are no damage."""

_MOST_CHANGES = 1_000
_LEAST_FOLLOWING_BYTES = 10 * 188
"""Less than some packets of a transport stream hold no sound worth opening."""

_LENGTH_SLACK_S = 1.0
"""Encoders and containers disagree about the last frames: so little is not worth a word."""


class PyAVReader:
    """One open file and one of its audio tracks. ``blocks`` gives float32 [C, n] until the end.

    Time 0 is the start of the container, so that what is heard lines up with what is seen:
    a track that begins later, or pauses, is filled with silence. ``note`` says which of several
    tracks was taken. Rate and channels are those of the first frame; what comes in others later is
    brought to them.

    Raises:
        NotMediaError, NoAudioError: see open_media.
    """

    def __init__(self, path: Path, track: int | None = None) -> None:
        self._path, self._track = path, track
        self._links = _links(path)
        self._patches = header_patches(path)
        self._media = self._opened(self._links[0])
        self._zero_s = self._start_s()
        self.note = self._media.note
        self.sample_rate_hz = self._media.sample_rate_hz
        self.channels = self._media.channels
        self._uniform = UniformFrames(self.sample_rate_hz, self._media.first.layout)

    @property
    def expected_s(self) -> float | None:
        """About how long the sound is, be it a guess; None where the container does not say."""
        return None if len(self._links) > 1 else _seconds(self._media.container.duration)

    def close(self) -> None:
        """Close the file."""
        self._media.close()

    def blocks(
        self, block_s: float, start_s: float, warn: Callable[[str], None]
    ) -> Iterator[FloatArray]:
        """The sound from ``start_s`` on in blocks of about ``block_s`` seconds."""
        size = max(1, round(block_s * self.sample_rate_hz))
        waiting: list[FloatArray] = []
        held = 0
        for piece in self._from(round(start_s * self.sample_rate_hz), warn):
            waiting.append(piece)
            held += piece.shape[1]
            if held >= size:
                yield np.concatenate(waiting, axis=1)
                waiting, held = [], 0
        if held:
            yield np.concatenate(waiting, axis=1)

    def _from(self, first: int, warn: Callable[[str], None]) -> Iterator[FloatArray]:
        """The pieces from sample ``first`` on, of all links."""
        begin = 0
        for number in range(len(self._links)):
            if number and not self._go_to(number, begin, warn):
                continue
            end = begin
            for at, piece in self._placed(max(0, first - begin), warn):
                end = begin + at + piece.shape[1]
                if end > first:
                    yield piece[:, max(0, first - begin - at) :]
            self._compare_length(begin, max(first, end), warn)
            begin = end

    def _go_to(self, number: int, begin: int, warn: Callable[[str], None]) -> bool:
        """Open another link; False, after a word, where it cannot be decoded."""
        self._media.close()
        try:
            self._media = self._opened(self._links[number])
        except InputError:
            warn(f"what follows {begin / self.sample_rate_hz:.1f} s cannot be decoded in part")
            return False
        self._zero_s = self._start_s()
        return True

    def _frames(self) -> Iterator[av.AudioFrame]:
        """Those of a link; in a broadcast also those that follow in another codec or stream."""
        begin = damaged = 0
        for _ in range(_MOST_CHANGES):
            frames = self._media.frames
            yield from frames
            begin += frames.read_to
            following = self._following(begin) if frames.may_change and frames.read_to else None
            damaged += frames.damaged_before if following else frames.damaged
            if following is None:
                break
            self._media.close()
            self._media = following
        self._damaged = damaged

    def _following(self, begin: int) -> OpenMedia | None:
        """The media from a byte on; None where no sound follows there."""
        size = self._path.stat().st_size
        if size - begin < _LEAST_FOLLOWING_BYTES:
            return None
        try:
            return self._opened((begin, size))
        except InputError:
            return None

    def _opened(self, link: tuple[int, int] | None) -> OpenMedia:
        if link is None and not self._patches:
            return open_media(self._path, track=self._track)
        start, end = link or (0, None)
        view = ByteView(self._path, start, end, self._patches)
        return open_media(self._path, track=self._track, file=view)  # type: ignore[arg-type]

    def _placed(self, first: int, warn: Callable[[str], None]) -> Iterator[tuple[int, FloatArray]]:
        """Pieces of samples of a link, and the sample of it at which each begins, in order."""
        rate_hz = self.sample_rate_hz
        placement = Placement(rate_hz, exact=self._kind in _EXACT_TIMES)
        unknown = self._seek(first)
        for frame in self._frames():
            stamp = self._sample_of(frame)
            if unknown:
                placement.begin_at(first if stamp is None else stamp)
                unknown = False
            silence = _silence(self.channels, placement.silence_before(stamp), rate_hz)
            yield from _laid(placement, silence)
            yield from _laid(placement, self._uniform.push(frame))
        yield from _laid(placement, self._uniform.finish())
        for line in placement.warnings():
            warn(line)
        if self._damaged > _MOST_SEAMS:
            warn(f"damaged packets left out: {self._damaged}")

    def _seek(self, first: int) -> bool:
        """Go to a little before a sample, where that can be done; whether the place is unknown
        until the next frame."""
        target_s = first / self.sample_rate_hz - _SAFE_SEEK_BACK_S
        if target_s <= 0 or self._kind not in _EXACT_TIMES:
            return False
        try:
            self._media.container.seek(int((target_s + self._zero_s) * av.time_base))
        except (av.FFmpegError, OSError) as error:
            raise refusal(self._path, error) from error
        self._media.frames.restart()
        return True

    def _sample_of(self, frame: av.AudioFrame) -> int | None:
        if frame.pts is None or frame.time_base is None or self._kind in _WITHOUT_TIMES:
            return None
        return round((float(frame.pts * frame.time_base) - self._zero_s) * self.sample_rate_hz)

    def _compare_length(self, begin: int, end: int, warn: Callable[[str], None]) -> None:
        announced_s, length_s = self._announced_s, (end - begin) / self.sample_rate_hz
        if announced_s is not None and length_s < announced_s - _LENGTH_SLACK_S:
            warn(f"the audio ends at {length_s:.1f} s of an announced {announced_s:.1f} s")

    @property
    def _kind(self) -> str:
        return self._media.container.format.name.split(",")[0]

    def _start_s(self) -> float:
        return _seconds(self._media.container.start_time) or 0.0

    @property
    def _announced_s(self) -> float | None:
        """The length of the track, where it is known and not a guess; that of the container, where
        there is no other track of sound, which may be longer."""
        if self._kind in _GUESSED_LENGTHS or self._patches:
            return None
        container, audio = self._media.container, self._media.audio
        if audio.duration is not None and audio.time_base is not None:
            return float(audio.duration * audio.time_base)
        if len(container.streams.audio) == 1:
            return _seconds(container.duration)
        return _clock_s(audio.metadata.get("DURATION", ""))


def _links(path: Path) -> Sequence[tuple[int, int] | None]:
    """The parts of the file that are containers of their own; [None] for the file as a whole."""
    with path.open("rb") as file:
        chained = file.read(4) == b"OggS"
    links = ogg_links(path) if chained else []
    return links if len(links) > 1 else [None]


def _laid(placement: Placement, pieces: Iterator[FloatArray]) -> Iterator[tuple[int, FloatArray]]:
    """The pieces, each with its place; the next one lies behind it."""
    for piece in pieces:
        yield placement.at, piece
        placement.at += piece.shape[1]


def _seconds(av_time: int | None) -> float | None:
    return None if av_time is None else av_time / av.time_base


def _clock_s(text: str) -> float | None:
    """The seconds of a time such as 00:01:15.023000000, as Matroska's tags have it."""
    parts = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", text)
    if parts is None:
        return None
    return 3600 * int(parts[1]) + 60 * int(parts[2]) + float(parts[3])


def _silence(channels: int, length: int, longest: int) -> Iterator[FloatArray]:
    """Silence of ``length`` samples, in pieces."""
    for begin in range(0, length, longest):
        yield np.zeros((channels, min(longest, length - begin)), np.float32)
