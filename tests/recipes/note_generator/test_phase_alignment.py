import numpy as np
import pytest
from recipes.note_generator.phase_alignment import REFERENCE_FRAME, aligned

from moodprint.generation.note_generator.stft import inverse_stft, stft


def _note(phases: tuple[float, ...], pitch_hz: float = 200.0) -> np.ndarray:
    time_s = np.arange(64_000) / 16_000
    partials = [
        np.cos(2 * np.pi * n * pitch_hz * time_s + phase) for n, phase in enumerate(phases, start=1)
    ]
    return np.sum(partials, axis=0)[None] / len(phases)


def test_notes_that_differ_in_phase_alone_become_one() -> None:
    one, other = (inverse_stft(aligned(stft(_note(p)))) for p in ((0, 0, 0), (1.0, -2.0, 3.0)))
    steady = slice(4_000, 60_000)
    assert np.corrcoef(one[0, steady], other[0, steady])[0, 1] > 0.999
    assert np.corrcoef(_note((0, 0, 0))[0], _note((1.0, -2.0, 3.0))[0])[0, 1] < 0.7


def test_partials_are_at_their_crest_in_the_middle_of_the_reference_frame() -> None:
    sound = inverse_stft(aligned(stft(_note((1.0, 2.0, 3.0)))))[0]
    middle = REFERENCE_FRAME * 512 - 3072 + 1024
    assert abs(int(sound[middle - 40 : middle + 41].argmax()) - 40) <= 1
    assert sound[middle] == pytest.approx(1, abs=0.02)


def test_magnitudes_stay_and_the_sound_is_hardly_changed() -> None:
    spectra = stft(_note((1.0, 2.0, 3.0)))
    turned = aligned(spectra)
    np.testing.assert_allclose(np.abs(turned), np.abs(spectra), atol=1e-9)
    again = np.abs(stft(inverse_stft(turned)[:, :64_000]))[:, 8:-4]
    off = np.linalg.norm(again - np.abs(spectra)[:, 8:-4]) / np.linalg.norm(spectra[:, 8:-4])
    assert off < 0.05


def test_silence_stays_silence() -> None:
    assert not aligned(stft(np.zeros((2, 64_000)))).any()
