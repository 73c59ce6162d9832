"""The short-time Fourier transform: windows, overlapping frames, spectra, and the way back.

Shapes: samples [..., N] become frames [..., T, window] and spectra [..., T, F] of F = window // 2 +
1 bins from 0 Hz to half the rate. Values keep the precision of the samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.errors import OptionError

DoubleArray = npt.NDArray[np.float64]
_Reals = TypeVar("_Reals", FloatArray, DoubleArray)


def hann(size: int, *, symmetric: bool = False) -> DoubleArray:
    """The Hann window [size].

    Periodic, its shifts by any whole part of ``size`` sum to a constant, which frames that
    overlap need; symmetric, both of its ends are 0, which suits a stretch that stands alone.

    Raises:
        OptionError: fewer than 2 samples.
    """
    if size < 2:
        raise OptionError(f"a window has at least 2 samples, not {size}")
    if symmetric:
        return np.hanning(size)
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def unit_hann(size: int) -> FloatArray:
    """A periodic Hann window [size] under which a sine of full scale peaks at magnitude 1."""
    window = hann(size)
    return (window * 2 / window.sum()).astype(np.float32)


def frequencies_hz(window: int, sample_rate_hz: int) -> DoubleArray:
    """The frequency of each bin [F]."""
    return np.linspace(0, sample_rate_hz / 2, window // 2 + 1)


def centred(
    samples: _Reals,
    window: int,
    mode: Literal["constant", "edge", "reflect"] = "constant",
) -> _Reals:
    """Samples [N] with half a window more at both ends, of zeros unless another mode is named:
    their frame t is centred on sample t * hop."""
    return np.pad(samples, window // 2, mode=mode)


def frames(samples: _Reals, window: int, hop: int) -> _Reals:
    """Samples [..., N] as frames [..., T, window], frame t from sample t * hop on.

    T is 1 + (N - window) // hop; none for fewer samples than a window, and what does not fill
    another frame is left out. A view, not to be written to.
    """
    if samples.shape[-1] < window:
        return np.zeros((*samples.shape[:-1], 0, window), samples.dtype)
    if hop == window:  # without the 40 microseconds that the general way takes to set out
        whole = samples.shape[-1] // window * window
        return samples[..., :whole].reshape(*samples.shape[:-1], -1, window)
    return np.lib.stride_tricks.sliding_window_view(samples, window, axis=-1)[..., ::hop, :]


def spectra(framed: _Reals, window: _Reals, *, by_scipy: bool = False) -> Any:
    """Frames [..., T, window] under a window as complex spectra [..., T, F].

    ``by_scipy`` its transform is asked, which takes a half to a fifth of the time of numpy's on
    many frames in single precision; but it takes 0.25 s to load, longer than ``moodprint
    analyze`` needs for the spectra of a song, so those who are fast at starting do without.
    """
    if by_scipy:
        from scipy.fft import rfft

        return rfft(framed * window, axis=-1)
    return np.fft.rfft(framed * window, axis=-1)


def magnitudes(framed: _Reals, window: _Reals, *, by_scipy: bool = False) -> Any:
    """The magnitudes [..., T, F] of ``spectra``."""
    return np.abs(spectra(framed, window, by_scipy=by_scipy))


def powers(framed: _Reals, window: _Reals, *, by_scipy: bool = False) -> Any:
    """The squared magnitudes [..., T, F] of ``spectra``."""
    spectrum = spectra(framed, window, by_scipy=by_scipy)
    power = spectrum.real**2
    power += spectrum.imag**2
    return power


class FrameStream:
    """Cuts a signal that comes in blocks into overlapping frames; the joints leave no trace.

    ``before`` samples of silence are put in front. Frames come in runs [t, window] of at most
    ``at_once``, few enough that what is made of them stays in the processor's cache, and in
    whole groups of ``group``.
    """

    def __init__(
        self, window: int, hop: int, *, at_once: int = 128, before: int = 0, group: int = 1
    ) -> None:
        if not (0 < hop <= window and group > 0 and at_once > 0 and at_once % group == 0):
            raise OptionError(
                f"frames need 0 < hop <= window and runs of whole groups, not hop {hop}, window "
                f"{window} and {at_once} at once in groups of {group}"
            )
        self._window, self._hop, self._at_once, self._group = window, hop, at_once, group
        self._held = np.zeros(before, np.float32)
        self.count = 0

    def push(self, block: FloatArray) -> Iterator[FloatArray]:
        """The frames that the samples [n] complete: views, to be read before the next push."""
        self._held = np.concatenate([self._held, block])
        there = 1 + (len(self._held) - self._window) // self._hop
        whole = max(0, there) // self._group * self._group
        for first in range(0, whole, self._at_once):
            stop = min(first + self._at_once, whole)
            part = self._held[first * self._hop : (stop - 1) * self._hop + self._window]
            yield frames(part, self._window, self._hop)
        self._held = self._held[whole * self._hop :]
        self.count += whole

    def missing(self, count: int) -> int:
        """How many more samples it takes until ``count`` frames have been given in all."""
        left = count - self.count
        return max(0, (left - 1) * self._hop + self._window - len(self._held)) if left > 0 else 0


def synthesis_window(window: _Reals, hop: int) -> _Reals:
    """What to taper inverse spectra with so that overlapping them gives the samples back: the
    window over the sum of the squares of all that overlap (Griffin and Lim 1984).

    Raises:
        OptionError: the hop is no whole part of the window.
    """
    overlaps = _overlaps(len(window), hop)
    return window / np.tile((window**2).reshape(overlaps, hop).sum(axis=0), overlaps)


def overlapped(framed: _Reals, hop: int) -> _Reals:
    """Frames [..., T, window] added up where they overlap: samples [..., (T - 1) hop + window].

    Raises:
        OptionError: the hop is no whole part of the window.
    """
    *batch, count, window = framed.shape
    overlaps = _overlaps(window, hop)
    blocks = np.zeros((*batch, count + overlaps - 1, hop), framed.dtype)
    for part in range(overlaps):
        blocks[..., part : part + count, :] += framed[..., part * hop : (part + 1) * hop]
    return blocks.reshape(*batch, -1)


def _overlaps(window: int, hop: int) -> int:
    if hop < 1 or window % hop:
        raise OptionError(f"a hop of {hop} is no whole part of a window of {window}")
    return window // hop
