"""The public pair, against a slow chain that follows the description step by step."""

import numpy as np
import pytest

from moodprint.errors import OptionError
from moodprint.generation.note_generator import melspecgram_from_waveform, waveform_from_melspecgram
from moodprint.generation.note_generator.mel import linear_from_mel, mel_from_linear


def _note(frequency_hz: float, samples: int = 64_000) -> np.ndarray:
    time_s = np.arange(samples) / 16_000
    partials = [np.sin(2 * np.pi * frequency_hz * h * time_s + h) / h for h in range(1, 8)]
    return 0.2 * np.sum(partials, axis=0) * np.exp(-time_s)


def _noise(samples: int) -> np.ndarray:
    return 0.1 * np.random.default_rng(3).normal(size=samples)


def _literal_specgram(waveform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log magnitude and unwrapped phase [T, F]."""
    padded = np.concatenate([np.zeros(3072), waveform])
    frames = 1 + (len(padded) - 2048) // 512
    window = [0.5 - 0.5 * np.cos(2 * np.pi * n / 2048) for n in range(2048)]
    spectra = np.array(
        [np.fft.fft(padded[512 * t : 512 * t + 2048] * window) for t in range(frames)]
    )
    spectra = spectra[:, 1:1025]
    spectra[:, -1] = spectra[:, -1].real
    return np.log(np.abs(spectra) + 1e-6), np.unwrap(np.angle(spectra), axis=0)


def _literal_frequency(phase: np.ndarray) -> np.ndarray:
    unwrapped = np.unwrap(phase, axis=0)
    return np.concatenate([unwrapped[:1], np.diff(unwrapped, axis=0)]) / np.pi


def _literal_melspecgram(waveform: np.ndarray) -> np.ndarray:
    log_magnitude, phase = _literal_specgram(waveform)
    matrix = mel_from_linear().toarray()
    log_power = np.log(np.exp(2 * log_magnitude) @ matrix + 1e-6)
    return np.stack([log_power, _literal_frequency(phase @ matrix)], axis=-1)


def _literal_waveform(melspecgram: np.ndarray) -> np.ndarray:
    matrix = linear_from_mel().toarray()
    log_magnitude = 0.5 * np.log(np.exp(melspecgram[..., 0]) @ matrix + 1e-6)
    mel_phase = np.cumsum(melspecgram[..., 1] * np.pi, axis=0)
    phase = np.cumsum(_literal_frequency(mel_phase @ matrix) * np.pi, axis=0)
    frames = len(melspecgram)
    spectra = np.exp(log_magnitude) * (np.cos(phase) + 1j * np.sin(phase))
    out = np.zeros(512 * (frames - 1) + 2048)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2048) / 2048)
    for t in range(frames):
        spectrum = np.zeros(2048, complex)
        spectrum[1:1025] = spectra[t]
        spectrum[1025:] = np.conj(spectra[t, :1023][::-1])
        out[512 * t : 512 * t + 2048] += np.fft.ifft(spectrum).real * window / 1.5
    return out[3072:]


@pytest.mark.parametrize("waveform", [_note(220.0), _note(1000.0), _noise(8192)])
def test_the_melspecgram_is_the_described_one(waveform: np.ndarray) -> None:
    ours, literal = melspecgram_from_waveform(waveform[None])[0], _literal_melspecgram(waveform)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours[..., 0], literal[..., 0], atol=1e-4)
    turns = (ours[..., 1] - literal[..., 1] + 1) % 2 - 1  # a step of pi is as good as one of -pi
    heard = literal[..., 0] > -10
    assert np.abs(turns)[heard].max() < 1e-3


@pytest.mark.parametrize("waveform", [_note(220.0), _note(1000.0), _noise(8192)])
def test_the_waveform_back_is_the_described_one(waveform: np.ndarray) -> None:
    melspecgram = _literal_melspecgram(waveform)
    back = waveform_from_melspecgram(melspecgram[None])[0]
    np.testing.assert_allclose(back, _literal_waveform(melspecgram), atol=1e-5)


@pytest.mark.parametrize("frequency_hz", [55.0, 220.0, 261.63, 440.0])
def test_a_pure_tone_turns_by_its_frequency(frequency_hz: float) -> None:
    tone = np.sin(2 * np.pi * frequency_hz * np.arange(64_000) / 16_000)
    melspecgram = melspecgram_from_waveform(tone[None])[0, 20:120]
    loudest = melspecgram[..., 0].mean(axis=0).argmax()
    weight = mel_from_linear()[:, [loudest]].sum()
    step = (2 * frequency_hz * 512 / 16_000 + 1) % 2 - 1
    expected = (step * weight + 1) % 2 - 1
    np.testing.assert_allclose(melspecgram[:, loudest, 1], expected, atol=1e-3)


def test_a_note_survives_there_and_back() -> None:
    notes = np.stack([_note(f) for f in (110.0, 440.0, 880.0)])
    back = waveform_from_melspecgram(melspecgram_from_waveform(notes))
    assert back.shape == notes.shape
    for note, again in zip(notes, back, strict=True):
        assert np.corrcoef(note, again)[0, 1] > 0.9


def test_gain_moves_the_magnitude_alone() -> None:
    note = _noise(8192)[None]
    soft, loud = melspecgram_from_waveform(note), melspecgram_from_waveform(10 * note)
    heard = soft[..., 0] > 0
    np.testing.assert_allclose((loud - soft)[heard][:, 0], 2 * np.log(10), atol=1e-3)
    np.testing.assert_allclose((loud - soft)[heard][:, 1], 0, atol=1e-3)


def test_silence_is_the_floor_and_stays_silent() -> None:
    silence = melspecgram_from_waveform(np.zeros((1, 64_000)))
    np.testing.assert_allclose(silence[..., 0], np.log(1e-6), atol=1e-4)
    assert not silence[..., 1].any()
    assert np.abs(waveform_from_melspecgram(silence)).max() < 0.01


def test_notes_of_a_batch_do_not_touch_each_other() -> None:
    notes = np.stack([_note(220.0), _note(440.0)])
    together = melspecgram_from_waveform(notes)
    np.testing.assert_array_equal(together[1:], melspecgram_from_waveform(notes[1:]))


@pytest.mark.parametrize("waveform", [np.zeros(64_000), np.zeros((1, 0)), np.full((1, 9), np.nan)])
def test_what_is_no_waveform_is_refused(waveform: np.ndarray) -> None:
    with pytest.raises(OptionError):
        melspecgram_from_waveform(waveform)


@pytest.mark.parametrize("shape", [(128, 1024, 2), (1, 3, 1024, 2), (1, 128, 512, 2)])
def test_what_is_no_melspecgram_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(OptionError, match="shape"):
        waveform_from_melspecgram(np.zeros(shape))
