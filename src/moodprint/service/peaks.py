"""The waveform of a file as a player draws it: the loudest sample of each short stretch."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from moodprint.audio.decode import AudioStream

_PER_S = 200
"""5 ms: finer than a screen shows of a clip of 5 s."""

_MOST = 100_000
"""Of an hour 28 a second: 2,000 pixels show no more of 70 s."""


def peaks_of(path: str) -> bytes:
    """JSON: ``rate_hz``, and ``peaks``, whole numbers from 0 (silence) to 255 (full scale), the
    loudest sample of each 1 / ``rate_hz`` seconds of what the channels hold on average.

    Raises what decoding raises.
    """
    source = AudioStream(path, mono=True)
    rate_hz = source.sample_rate_hz
    step = max(1, rate_hz // _PER_S)
    found, rest = [], np.zeros(0, np.float32)
    for block in source:
        samples = np.concatenate([rest, np.abs(block)])
        whole = len(samples) // step * step
        found.append(samples[:whole].reshape(-1, step).max(axis=1))
        rest = samples[whole:]
    if len(rest):
        found.append(rest.max(keepdims=True))
    peaks, factor = _thinned(np.concatenate([np.zeros(0, np.float32), *found]))
    scaled = np.minimum(np.round(peaks * 255), 255).astype(int)
    return json.dumps({"rate_hz": rate_hz / step / factor, "peaks": scaled.tolist()}).encode()


def _thinned(peaks: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
    factor = -(-len(peaks) // _MOST) or 1
    padded = np.pad(peaks, (0, -len(peaks) % factor))
    return padded.reshape(-1, factor).max(axis=1) if len(padded) else padded, factor
