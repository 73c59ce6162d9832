"""Decoded frames of a track, and frames of any format brought to one.

A frame's samples are read only where they lie in one or two planes. PyAV's planes of a frame with
more channels than FFmpeg's eight pointers end in memory that is not theirs; such frames are packed
into one plane by FFmpeg's own resampler first.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import av
import numpy as np
from av.container import InputContainer

from moodprint.clip import FloatArray

_MOST_FRUITLESS_PACKETS = 5_000
"""A track of which so many packets in a row give no frame cannot be decoded. At 20 ms each that is
100 s."""

_MOST_DAMAGED_PACKETS = 10_000
"""After so many the rest is given up: what follows is noise, not a recording."""

_CHANGED_AFTER_PACKETS = 50
"""So many damaged ones in a row, a second, are rather packets of another codec."""

_MOST_SAFE_PLANES = 2

CHANGING = {"mpegts", "mpeg"}
"""Containers of broadcasts, in which a track may go on in another codec or under another number."""

_FULL_SCALE = {"u8": 128.0, "s16": 32768.0, "s32": 2147483648.0}
_READ_HERE = {*_FULL_SCALE, "flt", "dbl"}
"""Formats of samples, packed or planar, that PyAV gives as arrays; not 64-bit integers."""


class DecodedFrames:
    """The frames of a track in their order. Damaged packets are left out and counted.

    Where ``may_change``, many damaged packets nearly in a row end the frames; a decoder may take
    a packet of another codec for its own. ``read_to`` is the byte behind the last packet before
    those, and ``damaged_before`` counts the damaged ones before it.
    """

    def __init__(self, container: InputContainer, audio: av.AudioStream) -> None:
        self._container, self._audio = container, audio
        self._frames = self._decoded()
        self._next: av.AudioFrame | None = None
        self.may_change = container.format.name in CHANGING
        self.damaged = self.damaged_before = self.read_to = self._failed = 0

    def peek(self) -> av.AudioFrame | None:
        """The next frame, which stays the next; None after the last."""
        if self._next is None:
            self._next = next(self._frames, None)
        return self._next

    def restart(self) -> None:
        """Forget what was looked at ahead: the container was moved to another place."""
        self._next, self._frames = None, self._decoded()

    def __iter__(self) -> Iterator[av.AudioFrame]:
        while (frame := self.peek()) is not None:
            self._next = None
            yield frame

    def _decoded(self) -> Iterator[av.AudioFrame]:
        fruitless = 0
        for packet in self._packets():
            try:
                frames = packet.decode()
            except av.error.EOFError:
                return
            except (av.FFmpegError, OSError, ValueError):
                self.damaged, self._failed = self.damaged + 1, self._failed + 1
                frames = []
            fruitless = 0 if frames else fruitless + 1
            if frames:
                self._decoded_from(packet)
            if self.may_change and self._failed > _CHANGED_AFTER_PACKETS:
                return
            if fruitless > _MOST_FRUITLESS_PACKETS or self.damaged > _MOST_DAMAGED_PACKETS:
                return
            for frame in map(_safe, frames):
                if frame.samples and frame.sample_rate:
                    yield frame

    def _decoded_from(self, packet: av.Packet[av.AudioStream]) -> None:
        self._failed = max(0, self._failed - 1)
        if not self._failed:
            self.damaged_before = self.damaged
            self.read_to = (packet.pos or self.read_to) + packet.size

    def _packets(self) -> Iterator[av.Packet[av.AudioStream]]:
        packets = self._container.demux(self._audio)
        while self.damaged <= _MOST_DAMAGED_PACKETS:
            try:
                yield next(packets)
            except (StopIteration, av.error.EOFError):
                return
            except IndexError:  # PyAV lost count of the streams of a broken broadcast
                return
            except (av.FFmpegError, OSError):  # the demuxer may find on behind the damage
                self.damaged += 1
                packets = self._container.demux(self._audio)


def _safe(frame: av.AudioFrame) -> av.AudioFrame:
    """The frame, with a layout that is never freed where it lists its channels one by one.

    The list is the frame's, which frees it. PyAV's layout would free it once more and end the
    process: CAF and QuickTime files with channels in an order of their own did that.
    """
    if "(" in frame.layout.name:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(frame.layout))
    return frame


class UniformFrames:
    """Frames of any format as float32 [C, n], all at one rate and number of channels.

    Format, rate and channels may change from frame to frame, as in joined files and broadcasts:
    each run of equal frames gets a resampler of its own. Layouts that FFmpeg knows are mixed by
    its matrices (ITU-R BS.775); of others every channel gets the mean.
    """

    def __init__(self, sample_rate_hz: int, layout: av.AudioLayout) -> None:
        self._rate_hz, self._layout = sample_rate_hz, layout
        self._channels: int = layout.nb_channels
        self._format: tuple[object, ...] | None = None
        self._resampler: av.AudioResampler | None = None

    def push(self, frame: av.AudioFrame) -> Iterator[FloatArray]:
        """What the frame gives; a change of rate holds back some samples until the next one."""
        form = (frame.format.name, frame.layout.name, frame.layout.nb_channels, frame.sample_rate)
        if form != self._format:
            yield from self.finish()
            self._format, self._resampler = form, self._resampler_for(frame)
        if self._resampler is None:
            yield _samples(frame)
            return
        for packed in map(_safe, self._resampler.resample(frame)):
            yield self._fitted(_samples(packed))

    def finish(self) -> Iterator[FloatArray]:
        """What the resampler still holds back."""
        resampler, self._resampler, self._format = self._resampler, None, None
        if resampler is not None:
            for packed in map(_safe, resampler.resample(None)):
                yield self._fitted(_samples(packed))

    def _resampler_for(self, frame: av.AudioFrame) -> av.AudioResampler | None:
        same_rate = frame.sample_rate == self._rate_hz
        same_channels = frame.layout.nb_channels == self._channels
        planes = frame.layout.nb_channels if frame.format.is_planar else 1
        known = frame.format.name.removesuffix("p") in _READ_HERE
        if same_rate and same_channels and known and planes <= _MOST_SAFE_PLANES:
            return None
        keep = same_channels or _unnamed(frame.layout) or _unnamed(self._layout)
        layout = frame.layout if keep else self._layout
        return av.AudioResampler(format="flt", layout=_copied(layout), rate=self._rate_hz)

    def _fitted(self, samples: FloatArray) -> FloatArray:
        """[c, n] as [C, n], where the layouts could not be mixed."""
        if len(samples) == self._channels:
            return samples
        return np.repeat(samples.mean(axis=0, keepdims=True), self._channels, axis=0)


def _copied(layout: av.AudioLayout) -> av.AudioLayout | str:
    """The layout for a resampler; a list by its name, so that each has one of its own."""
    return layout.name if "(" in layout.name else layout


def _unnamed(layout: av.AudioLayout) -> bool:
    """Whether the layout only counts its channels, so that nobody knows where they belong."""
    return layout.name.endswith("channels")


def _samples(frame: av.AudioFrame) -> FloatArray:
    """The samples of a frame with few enough planes as float32 [C, n] in [-1, 1]."""
    raw = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, frame.layout.nb_channels).T
    kind = frame.format.name.removesuffix("p")
    if kind == "u8":
        return (raw.astype(np.float32) - 128.0) / 128.0
    if kind in _FULL_SCALE:
        return raw.astype(np.float32) / np.float32(_FULL_SCALE[kind])
    return raw.astype(np.float32)
