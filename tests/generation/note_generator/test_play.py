import logging

import numpy as np
import pytest
from tone_generator import ToneGenerator

from moodprint.errors import InputError, OptionError
from moodprint.generation.midi.score import Score, ScoreNote, Track
from moodprint.generation.note_generator.latents import InstrumentRoute
from moodprint.generation.note_generator.play import STAGE, play

RATE = 16_000
TRACKS = (Track("left"), Track("right"), Track("kit", drums=True))


def _score(*notes: tuple[float, float, int, int, int]) -> Score:
    return Score((), TRACKS).with_notes([ScoreNote(*note) for note in notes])


def _route(seconds: float = 6.0) -> InstrumentRoute:
    return InstrumentRoute(seconds, seed=1)


def _pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 18))
    return 69 + 12 * np.log2(spectrum.argmax() * RATE / (1 << 18) / 440)


def test_each_note_sounds_in_its_place_at_its_pitch() -> None:
    clip = play(_score((0, 0.5, 60, 90, 0), (1, 1.5, 67, 90, 0)), ToneGenerator(), _route())
    assert clip.sample_rate_hz == RATE
    assert clip.duration_s == pytest.approx(1.8, abs=0.02)
    assert _pitch(clip.mono[1_000:8_000]) == pytest.approx(60, abs=0.05)
    assert _pitch(clip.mono[17_000:24_000]) == pytest.approx(67, abs=0.05)
    assert not clip.mono[13_000:15_900].any()


@pytest.mark.parametrize("length_s", [0.05, 4.0, 8.0, 13.0, 61.0])
def test_any_length_is_played_to_its_end(length_s: float) -> None:
    clip = play(_score((0, length_s, 60, 90, 0)), ToneGenerator(), _route())
    assert clip.duration_s == pytest.approx(length_s + 0.3, abs=0.02)
    assert np.isfinite(clip.samples).all()
    assert np.abs(clip.mono[-8_000:]).max() > 0.1


def test_polyphony_of_64_stays_under_full_scale() -> None:
    chord = [(0.0, 1.0, 24 + k % 61, 127, 0) for k in range(64)]
    clip = play(_score(*chord), ToneGenerator(), _route())
    assert np.abs(clip.samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-4)


def test_the_same_notes_give_the_same_samples() -> None:
    score = _score((0, 1, 60, 90, 0), (0.5, 4, 64, 70, 1))
    first, second = (play(score, ToneGenerator(), _route()) for _ in range(2))
    np.testing.assert_array_equal(first.samples, second.samples)


def test_notes_that_the_generator_has_not_move_by_octaves(
    caplog: pytest.LogCaptureFixture,
) -> None:
    generator = ToneGenerator()
    with caplog.at_level(logging.WARNING):
        play(_score((0, 1, 12, 90, 0), (0, 1, 100, 90, 0), (0, 1, 60, 90, 0)), generator, _route())
    assert sorted(pitch for _, pitch in generator.asked) == [24, 60, 76]
    assert "2 notes" in caplog.text


def test_a_pitch_is_made_once_a_step_and_again_as_the_instrument_moves() -> None:
    generator = ToneGenerator()
    notes = [(k * 0.1, k * 0.1 + 0.1, 60, 90, 0) for k in range(100)]
    play(_score(*notes), generator, InstrumentRoute(8.0, seed=1, steps=8))
    assert len(generator.asked) == 10
    assert len({colour for colour, _ in generator.asked}) == 10


def test_velocity_is_loudness() -> None:
    clip = play(_score((0, 1, 60, 120, 0), (2, 3, 60, 60, 0)), ToneGenerator(), _route(100))
    loud, soft = np.abs(clip.mono[:RATE]).max(), np.abs(clip.mono[2 * RATE : 3 * RATE]).max()
    assert soft / loud == pytest.approx(0.25, abs=0.01)


def test_tracks_are_spread_from_left_to_right() -> None:
    score = _score((0, 1, 60, 90, 0), (2, 3, 60, 90, 1))
    clip = play(score, ToneGenerator(), _route(), spread=1.0)
    level = np.abs(clip.samples).reshape(2, -1)
    assert clip.channels == 2
    assert level[1, :RATE].max() < 1e-6 < level[0, :RATE].max()
    assert level[0, 2 * RATE : 3 * RATE].max() < 1e-6 < level[1, 2 * RATE : 3 * RATE].max()
    assert play(score, ToneGenerator(), _route()).channels == 1


def test_bends_are_followed_and_leave_other_notes_alone() -> None:
    score = _score((0, 1, 60, 90, 0), (2, 3, 60, 90, 0))
    straight = play(score, ToneGenerator(), _route(100))
    first, second = score.notes
    flat = score.with_notes([first._replace(bends=(0.0,) * 80), second])
    np.testing.assert_array_equal(
        play(flat, ToneGenerator(), _route(100)).samples, straight.samples
    )
    bent = play(
        score.with_notes([first, second._replace(bends=(0.0, 2.0, 2.0, 2.0))]),
        ToneGenerator(), _route(100),
    )  # fmt: skip
    assert bent.duration_s == pytest.approx(straight.duration_s, abs=0.001)
    np.testing.assert_allclose(bent.mono[: 2 * RATE], straight.mono[: 2 * RATE], atol=1e-3)
    assert _pitch(bent.mono[RATE * 5 // 2 : RATE * 3]) == pytest.approx(62, abs=0.05)


@pytest.mark.parametrize("length_s", [0.05, 2.9, 13.0])
def test_a_bent_note_of_any_length_is_played_to_its_end(length_s: float) -> None:
    note = ScoreNote(0, length_s, 60, 90, 0, (3.0, 5.0))
    clip = play(Score((), TRACKS).with_notes([note]), ToneGenerator(), _route())
    assert clip.duration_s == pytest.approx(length_s + 0.3, abs=0.02)


def test_drums_come_from_the_soundfont_or_not_at_all() -> None:
    class Kit:
        def note(self, program, pitch, velocity, held_s, total_s, bank) -> np.ndarray:
            assert (program, bank) == (0, 128)
            return np.full(int(total_s * RATE), velocity / 1000, np.float32)

    score = _score((0, 0.2, 60, 90, 0), (1, 1.1, 36, 100, 2))
    without = play(score, ToneGenerator(), _route())
    assert without.duration_s < 0.6
    drummed = play(score, ToneGenerator(), _route(), drums=Kit())
    assert np.abs(drummed.mono[17_000:20_000]).min() > 0


def test_progress_counts_the_notes() -> None:
    calls: list[tuple[str, int, int]] = []
    notes = [(k, k + 1, 60, 90, 0) for k in range(4)]
    play(
        _score(*notes),
        ToneGenerator(),
        _route(1.0),
        progress=lambda stage, done, total: calls.append((stage, done, total)),
    )
    assert calls == [(STAGE, done, 4) for done in (0, 1, 2, 3, 4)]


def test_no_note_and_odd_spreads_are_refused() -> None:
    with pytest.raises(InputError, match="no note"):
        play(Score(()), ToneGenerator(), _route())
    with pytest.raises(InputError, match="drums alone"):
        play(_score((0, 1, 36, 90, 2)), ToneGenerator(), _route())
    with pytest.raises(OptionError, match="spread"):
        play(_score((0, 1, 60, 90, 0)), ToneGenerator(), _route(), spread=2)
