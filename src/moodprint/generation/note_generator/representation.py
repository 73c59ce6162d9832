"""What the networks hear and play: mel spectra of log magnitude and instantaneous frequency.

Source: Engel et al., GANSynth: Adversarial Neural Audio Synthesis (ICLR 2019), the variant
"IF-Mel + H", in the exact form that Magenta's checkpoints were trained on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.note_generator.mel import MEL_BANDS, linear_from_mel, mel_from_linear
from moodprint.generation.note_generator.stft import (
    FRONT_PADDING,
    HOP,
    ComplexArray,
    DoubleArray,
    inverse_stft,
    stft,
)

_FLOOR = 1e-6
"""Added to magnitudes and powers before a logarithm or a root, as in GANSynth."""
_FEWEST_FRAMES = FRONT_PADDING // HOP - 2


def melspecgram_from_waveform(waveform: npt.ArrayLike) -> FloatArray:
    """Notes [B, N] at 16 kHz as the networks see them: [B, T, F, 2], T = 128 for N = 64,000.

    Channel 0 is the natural logarithm of the power in each mel band, at least log(1e-6).
    Channel 1 is the phase's step from frame to frame in units of pi, in [-1, 1] from the second
    frame on; the first frame holds the phase itself.

    Raises:
        OptionError: the waveform is not [B, N] with N above zero, or holds values not finite.
    """
    samples = np.asarray(waveform)
    if samples.ndim != 2 or samples.shape[1] == 0:
        raise OptionError(f"a waveform has the shape [B, N] with N > 0, not {samples.shape}")
    if not np.isfinite(samples).all():
        raise OptionError("the waveform holds values that are not finite")
    return melspecgram_from_spectra(stft(samples))


def melspecgram_from_spectra(spectra: ComplexArray) -> FloatArray:
    """The same of the spectra [B, T, F] that ``stft`` gives."""
    power = (np.abs(spectra) + _FLOOR) ** 2
    log_power = np.log(_apply(power, mel_from_linear()) + _FLOOR)
    steps = _apply(_phase_steps(np.angle(spectra)), mel_from_linear())
    return np.stack([log_power, _wrapped_steps(steps) / np.pi], axis=-1).astype(np.float32)


def waveform_from_melspecgram(melspecgram: npt.ArrayLike) -> FloatArray:
    """The notes [B, N] at 16 kHz, not limited to [-1, 1], behind [B, T, F, 2]: N = 512 (T - 3).

    Raises:
        OptionError: the shape is not [B, T, 1024, 2] with T of 4 or more.
    """
    mel = np.asarray(melspecgram, np.float64)
    if mel.ndim != 4 or mel.shape[2:] != (MEL_BANDS, 2) or mel.shape[1] < _FEWEST_FRAMES:
        raise OptionError(
            f"a melspecgram has the shape [B, T, {MEL_BANDS}, 2] with T of {_FEWEST_FRAMES} "
            f"or more, not {mel.shape}"
        )
    power = _apply(np.exp(mel[..., 0]), linear_from_mel())
    phase = np.cumsum(_apply(mel[..., 1] * np.pi, linear_from_mel()), axis=1)
    spectra = np.sqrt(power + _FLOOR) * np.exp(1j * phase)
    return inverse_stft(spectra).astype(np.float32)


def _phase_steps(phase: DoubleArray) -> DoubleArray:
    """The first frame's phase, then steps from frame to frame, of phases [B, T, F]."""
    return _wrapped_steps(np.diff(phase, axis=1, prepend=0.0))


def _wrapped_steps(steps: DoubleArray) -> DoubleArray:
    """Steps brought into [-pi, pi] by whole turns, but for the first: unwrapping, differenced.

    The mel form mixes unwrapped phases and unwraps the mixture; as mixing is linear, mixing the
    steps is the same, and no large sum of phases loses digits.
    """
    wrapped = np.mod(steps + np.pi, 2 * np.pi) - np.pi
    wrapped[(wrapped == -np.pi) & (steps > 0)] = np.pi
    small = np.abs(steps) < np.pi
    wrapped[small] = steps[small]
    wrapped[:, 0] = steps[:, 0]
    return wrapped


def _apply(spectra: DoubleArray, matrix: csr_array) -> DoubleArray:
    """``spectra @ matrix`` over the last axis; the matrix is sparse, 200 times less work."""
    flat = spectra.reshape(-1, spectra.shape[-1])
    return (matrix.T @ flat.T).T.reshape(*spectra.shape[:-1], -1)
