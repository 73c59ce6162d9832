import numpy as np
import pytest

from moodprint.generation.note_generator.timbre import (
    WORDS,
    Timbre,
    instrument_timbre,
    note_timbre,
)

TIME_S = np.arange(64_000) / 16_000


def _note(partials: list[int], decay_s: float = np.inf, attack_s: float = 0.001) -> np.ndarray:
    tone = sum(np.sin(2 * np.pi * 261.63 * h * TIME_S) for h in partials)
    return (tone * np.exp(-TIME_S / decay_s) * np.minimum(1, TIME_S / attack_s)).astype(np.float32)


class OctavePlayer:
    """Plays each pitch as that many octaves of partials, softer and later with each."""

    def waveform(self, latent: np.ndarray, pitch_midi: tuple[int, ...]) -> np.ndarray:
        assert len(latent) == len(pitch_midi)
        return np.stack([_tone(pitch, pitch // 12 - 3) for pitch in pitch_midi])


def _tone(pitch: int, partial: int) -> np.ndarray:
    hz = partial * 440 * 2 ** ((pitch - 69) / 12)
    return np.sin(2 * np.pi * hz * TIME_S).astype(np.float32)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (_note([1]), {"dark", "sustained"}),
        (_note([1, 5, 6, 7, 8]), {"bright", "sustained"}),
        (_note([1, 2], decay_s=0.5), {"dark", "plucked"}),
        (_note([1], attack_s=0.5), {"dark", "sustained", "slow"}),
        (_note([3], decay_s=2.5), set()),
    ],
)
def test_words_say_how_a_note_sounds(note: np.ndarray, words: set[str]) -> None:
    assert set(note_timbre(note, 60).words) == words <= set(WORDS)


def test_overtones_count_in_multiples_of_the_note() -> None:
    assert note_timbre(_note([3]), 60).overtones == pytest.approx(3, rel=0.01)


def test_what_is_kept_is_the_level_after_two_seconds() -> None:
    kept = note_timbre(_note([1], decay_s=2.0), 60).kept
    assert kept == pytest.approx(np.exp(-1), rel=0.05)


def test_an_attack_ends_near_the_highest_level() -> None:
    assert note_timbre(_note([1], attack_s=1.0), 60).attack_s == pytest.approx(0.9, abs=0.03)


def test_loudness_does_not_matter() -> None:
    note = _note([1, 2, 3], decay_s=1.0)
    loud, soft = note_timbre(note, 60), note_timbre(note / 100, 60)
    assert (loud.kept, loud.attack_s) == pytest.approx((soft.kept, soft.attack_s), rel=1e-4)
    assert loud.overtones == pytest.approx(soft.overtones, rel=1e-4)


def test_silence_has_no_timbre() -> None:
    assert note_timbre(np.zeros(64_000, np.float32), 60) == Timbre(0, 0, 0)


def test_an_instrument_is_the_mean_of_three_octaves() -> None:
    found = instrument_timbre(OctavePlayer(), np.zeros(256, np.float32))
    assert found.overtones == pytest.approx(2, rel=0.01), "partials 1, 2 and 3 of C3, C4 and C5"
    assert found.kept == pytest.approx(1, abs=0.01)
