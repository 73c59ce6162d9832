"""How loud a recording is as a whole, as broadcasters and streaming services measure it.

FFmpeg's filter ``ebur128`` does the work: K-weighting and gates as in ITU-R BS.1770-4, the range as
in EBU Tech 3342, peaks between samples by fourfold oversampling. ``programme_level`` is its poor
relation, which brings sounds to one level before a network hears them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from moodprint.audio.resample import StreamResampler
from moodprint.clip import FloatArray

_GATE_LUFS = -70.0
"""The absolute gate of BS.1770: what FFmpeg tells where nothing is louder."""
_SHORTEST_RANGE_S = 3.0
"""A range is one of blocks of 3 s."""
_RATES_HZ = range(8_000, 192_001)
"""Where the filter's coefficients are sound; other rates are brought to 48 kHz."""
_RATE_HZ = 48_000
_LAYOUTS = ("mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1")
"""What so many channels are taken to be, as FFmpeg does: surround counts 1.41 times, bass not."""


@dataclass(frozen=True)
class ProgrammeLoudness:
    """Of a recording, all channels together.

    ``integrated_lufs`` is gated, None where all is quieter than -70 LUFS or shorter than 0.4 s.
    ``range_lu`` tells how far soft and loud passages lie apart, None under 3 s. ``true_peak_dbtp``
    is the highest level between samples, over 0 where a player will clip; None in digital silence
    and where it was not asked for.
    """

    integrated_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None


class ProgrammeMeter:
    """Takes blocks [C, n] of any lengths, in memory that does not grow.

    ``true_peak`` more than doubles the time: 245 times real time for stereo instead of 600.
    """

    def __init__(self, sample_rate_hz: int, channels: int, *, true_peak: bool = True) -> None:
        fits = sample_rate_hz in _RATES_HZ
        self._rate_hz = sample_rate_hz if fits else _RATE_HZ
        self._resampler = (
            None if fits else StreamResampler(sample_rate_hz, self._rate_hz, min(channels, 8))
        )
        self._layout = _LAYOUTS[min(channels, len(_LAYOUTS)) - 1]
        self._samples = 0
        self._measured: dict[str, str] = {}
        self._graph, self._source, self._sink = self._filter(true_peak)

    def push(self, block: FloatArray) -> None:
        """Measure the next samples [C, n], or [n]; of more than eight channels the first eight."""
        block = np.atleast_2d(block)[: len(_LAYOUTS)]
        self._push(block if self._resampler is None else self._resampler.push(block))

    def finish(self) -> ProgrammeLoudness:
        """The loudness of all that was pushed."""
        if self._resampler is not None:
            self._push(self._resampler.finish())
        said = {name.removeprefix("lavfi.r128."): float(v) for name, v in self._measured.items()}
        loud = said.get("I", _GATE_LUFS) > _GATE_LUFS
        ranged = loud and self._samples >= _SHORTEST_RANGE_S * self._rate_hz
        peak = said.get("true_peak", 0.0)
        return ProgrammeLoudness(
            integrated_lufs=said["I"] if loud else None,
            range_lu=said["LRA"] if ranged else None,
            true_peak_dbtp=20 * float(np.log10(peak)) if peak > 0 else None,
        )

    def _filter(self, true_peak: bool) -> tuple[Any, ...]:
        import av.filter  # FFmpeg takes 0.2 s to load

        graph = av.filter.Graph()
        source = graph.add_abuffer(
            sample_rate=self._rate_hz,
            format="flt",
            layout=self._layout,
            time_base=Fraction(1, self._rate_hz),
        )
        meter = graph.add("ebur128", f"metadata=1:peak={'true' if true_peak else 'none'}")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        return graph, source, sink

    def _push(self, block: FloatArray) -> None:
        import av

        if not block.shape[1]:
            return
        # Side by side, not in planes: of those PyAV fills no more than seven.
        packed = np.ascontiguousarray(block.T, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, "flt", self._layout)
        frame.sample_rate, frame.pts = self._rate_hz, self._samples
        self._samples += block.shape[1]
        self._source.push(frame)
        while True:
            try:
                self._measured = self._sink.pull().metadata
            except (av.BlockingIOError, av.EOFError):
                return
