"""What happens to music on its way to a listener, as functions of mono samples [N] at RATE_HZ."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path

import av
import numpy as np
import soxr
from scipy.signal import butter, fftconvolve, sosfilt

from moodprint.audio.decode import decode
from moodprint.clip import FloatArray

RATE_HZ = 44_100
_ORDER = 6
_ROOM_S, _EARLY_S = 0.8, 0.01
_SILENT = 1e-4

Change = Callable[[FloatArray], FloatArray]


def mp3(samples: FloatArray, kbit_s: int) -> FloatArray:
    """Through LAME and back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coded.mp3"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libmp3lame", rate=RATE_HZ, layout="mono")
            stream.bit_rate = 1000 * kbit_s
            frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
            frame.sample_rate = RATE_HZ
            fifo = av.AudioFifo()
            fifo.write(frame)
            while (piece := fifo.read(1152, partial=True)) is not None:
                container.mux(stream.encode(piece))
            container.mux(stream.encode(None))
        return decode(path, mono=True).mono


def band(samples: FloatArray, low_hz: float | None, high_hz: float) -> FloatArray:
    """What is left between two frequencies, or below one."""
    edges, kind = ((low_hz, high_hz), "bandpass") if low_hz else (high_hz, "lowpass")
    return sosfilt(butter(_ORDER, edges, kind, fs=RATE_HZ, output="sos"), samples).astype(
        np.float32
    )


def gain(samples: FloatArray, gain_db: float) -> FloatArray:
    """Louder or softer, clipped at full scale as files are."""
    return np.clip(samples * np.float32(10 ** (gain_db / 20)), -1, 1)


def speed(samples: FloatArray, factor: float) -> FloatArray:
    """Faster or slower as a tape is: tempo and pitch together."""
    return soxr.resample(samples, factor * RATE_HZ, RATE_HZ)


def reverb(samples: FloatArray) -> FloatArray:
    """A room of 0.8 s: as much of it as of the direct sound, at the level of before."""
    wet = fftconvolve(samples, _room())[: len(samples)]
    both = samples + wet * (_rms(samples) / max(_rms(wet), 1e-9))
    return (both * (_rms(samples) / max(_rms(both), 1e-9))).astype(np.float32)


def spoken_over(samples: FloatArray, speech: FloatArray, speech_db: float) -> FloatArray:
    """With a voice over it that is so many dB louder than the music, while it speaks."""
    voice = np.resize(speech, len(samples))
    loud = _rms(voice[np.abs(voice) > _SILENT * 10]) if len(voice) else 0.0
    voice = voice * (_rms(samples) / max(loud, 1e-9) * 10 ** (speech_db / 20))
    both = samples + voice
    return (both / max(1.0, float(np.abs(both).max()))).astype(np.float32)


def changes(speech: FloatArray | None) -> Mapping[str, Change]:
    """The conditions by name; those with speech where there is some."""
    found: dict[str, Change] = {
        "mp3, 64 kbit/s": partial(mp3, kbit_s=64),
        "telephone, 300 to 3,400 Hz": partial(band, low_hz=300.0, high_hz=3400.0),
        "below 4 kHz": partial(band, low_hz=None, high_hz=4000.0),
        "3 dB louder": partial(gain, gain_db=3.0),
        "3 dB softer": partial(gain, gain_db=-3.0),
        "5 % faster": partial(speed, factor=1.05),
        "5 % slower": partial(speed, factor=0.95),
        "in a room of 0.8 s": reverb,
    }
    if speech is not None:
        for level in (0.0, 6.0):
            name = f"speech over it, {level:+.0f} dB" if level else "speech over it, as loud"
            found[name] = partial(spoken_over, speech=speech, speech_db=level)
    return found


@lru_cache(maxsize=1)
def _room() -> FloatArray:
    """Noise that falls by 60 dB in 0.8 s, after 10 ms; always the same."""
    time_s = np.arange(round(_ROOM_S * RATE_HZ)) / RATE_HZ
    noise = np.random.default_rng(0).normal(size=len(time_s)) * 10 ** (-3 * time_s / _ROOM_S)
    return np.concatenate([np.zeros(round(_EARLY_S * RATE_HZ)), noise])


def _rms(samples: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
