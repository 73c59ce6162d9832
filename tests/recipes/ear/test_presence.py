"""The presence head of recipes/ear/presence.py, on few and made-up rows."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear.prepare import row_levels_db  # noqa: E402
from recipes.ear.student import Student  # noqa: E402

from moodprint.audio.programme_level import gain_to_level_db  # noqa: E402
from recipes.ear import presence  # noqa: E402


@pytest.fixture
def few(monkeypatch):
    """A hundredth of the crops and noises."""
    monkeypatch.setattr(presence, "_BATCHES", 1)
    monkeypatch.setattr(presence, "_BATCH", 6)
    monkeypatch.setattr(presence, "_NOISES", 5)
    monkeypatch.setattr(presence, "_SIGNALS", 4)


def rows(count=300):
    """Rows whose first three numbers say what they are, with noise; the last fifth is noises."""
    rng = np.random.default_rng(0)
    targets = np.eye(3)[np.arange(count) % 3]
    values = np.concatenate([4 * targets, rng.normal(size=(count, 5))], axis=1)
    is_noise = (np.arange(count) >= count * 4 // 5) & (targets[:, 2] == 1)
    arrays = (values + rng.normal(0, 0.3, values.shape), targets)
    return (*(torch.from_numpy(each.astype(np.float32)) for each in arrays), torch.tensor(is_noise))


def test_a_head_learns_what_tells_sounds_apart():
    weight, bias = presence._fit(*rows())
    assert weight.shape == (8, 3)
    measured = presence._measured((weight, bias), *rows())
    assert measured == {
        "music_right": 1.0,
        "speech_right": 1.0,
        "other_right": 1.0,
        "noise_taken_for_music": 0.0,
    }


def test_a_head_that_calls_all_music_is_found_out():
    everything = (torch.zeros(8, 3), torch.tensor([1.0, -1.0, -1.0]))
    measured = presence._measured(everything, *rows())
    assert measured["music_right"] == pytest.approx(1 / 3, abs=0.01)
    assert measured["noise_taken_for_music"] == 1


def test_signals_are_as_loud_as_music_too(few):
    signals = presence._signals(np.random.default_rng(0))
    assert signals.shape == (4, 16 * 32, 64)
    assert np.isfinite(signals).all()


def test_noises_are_finite_as_loud_as_music_and_follow_the_seed(few):
    noises = presence._noises(np.random.default_rng(0))
    assert noises.shape == (5, 16 * 32, 64)
    assert np.isfinite(noises).all()
    gains_db = [gain_to_level_db(row_levels_db(mel_db)) for mel_db in noises]
    assert np.median(gains_db) == pytest.approx(0, abs=1)
    np.testing.assert_array_equal(noises, presence._noises(np.random.default_rng(0)))


def test_refitting_changes_the_presence_head_alone(few, example):
    torch.manual_seed(0)
    student = Student().eval()
    before = {name: value.clone() for name, value in student.state_dict().items()}
    kinds = [("4q", "music"), ("espeak", "speech"), ("noise", "other")]
    examples = [example(corpus, kind, level) for level in (-20, -30) for corpus, kind in kinds]
    for number, each in enumerate(examples):  # groups enough to hold some out
        object.__setattr__(each.item, "group", str(number))
    measured = presence.refit(student, examples)
    assert set(measured) >= {"music_right", "noise_taken_for_music"}
    changed = {n for n, v in student.state_dict().items() if not torch.equal(v, before[n])}
    assert changed == {"presence.weight", "presence.bias"}
