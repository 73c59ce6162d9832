"""The quick rules against a slow loop that follows Basic Pitch's own description."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moodprint.errors import OptionError
from moodprint.generation.midi.note_creation import CreatedNote, NoteRule, created_notes

RULE = NoteRule(onset=0.5, frame=0.3, fewest_frames=11, without_onsets=True)  # Basic Pitch's


def _literal(note: np.ndarray, onset: np.ndarray, rule: NoteRule) -> list[tuple[int, int, int]]:
    frames, keys = note.shape
    padded = np.concatenate([np.zeros((2, keys), note.dtype), note])
    rise = np.minimum(note - padded[1:-1], note - padded[:-2]).clip(0)
    rise[:2] = 0
    if rise.max() > 0:
        rise = rise / rise.max() * onset.max()
    onset = np.maximum(onset, rise)
    left, out = note.copy(), []
    for t in range(frames - 2, 0, -1):
        for k in range(keys - 1, -1, -1):
            if not (onset[t, k] >= rule.onset and onset[t, k] > onset[t - 1, k]
                    and onset[t, k] > onset[t + 1, k]):  # fmt: skip
                continue
            i, quiet = t + 1, 0
            while i < frames - 1 and quiet < 11:
                quiet = quiet + 1 if left[i, k] < rule.frame else 0
                i += 1
            i -= quiet
            if i - t > rule.fewest_frames:
                left[t:i, max(k - 1, 0) : k + 2] = 0
                out.append((t, i, k))
    while left.max() > rule.frame:
        middle, k = np.unravel_index(left.argmax(), left.shape)
        left[middle, k] = 0
        i, quiet = middle + 1, 0
        while i < frames - 1 and quiet < 11:
            quiet = quiet + 1 if left[i, k] < rule.frame else 0
            left[i, max(k - 1, 0) : k + 2] = 0
            i += 1
        end = i - 1 - quiet
        i, quiet = middle - 1, 0
        while i > 0 and quiet < 11:
            quiet = quiet + 1 if left[i, k] < rule.frame else 0
            left[i, max(k - 1, 0) : k + 2] = 0
            i -= 1
        if end - (i + 1 + quiet) > rule.fewest_frames:
            out.append((i + 1 + quiet, end, int(k)))
    return sorted(out)


@settings(deadline=None, max_examples=40)
@example(6, 92, 6)  # the highest rise lies beside the highest onset
@given(st.integers(0, 10**6), st.integers(3, 120), st.integers(1, 6))
def test_the_notes_are_those_of_the_slow_rules(seed: int, frames: int, keys: int) -> None:
    random = np.random.default_rng(seed)
    walk = random.normal(0, 0.25, (frames, keys)).cumsum(axis=0)
    note = (1 / (1 + np.exp(-walk))).astype(np.float32)
    onset = random.uniform(0, 1, (frames, keys)).astype(np.float32) ** 3
    ours = created_notes(note, onset, RULE)
    assert [(n.start, n.end, n.key) for n in ours] == _literal(note, onset, RULE)


def test_a_long_key_is_one_note() -> None:
    note, onset = np.zeros((900, 88), np.float32), np.zeros((900, 88), np.float32)
    note[50:800, 40], onset[50, 40] = 0.8, 0.9
    (only,) = created_notes(note, onset, RULE)
    assert only == CreatedNote(50, 800, 40, pytest.approx(0.8))


def test_a_short_dip_does_not_cut_a_note_and_a_new_onset_does() -> None:
    note, onset = np.zeros((200, 88), np.float32), np.zeros((200, 88), np.float32)
    note[20:150, 40], onset[20, 40] = 0.8, 0.9
    note[60:66, 40] = 0.1
    assert len(created_notes(note, onset, NoteRule(onset=0.85))) == 1
    onset[100, 40] = 0.9
    assert [n.start for n in created_notes(note, onset, NoteRule(onset=0.85))] == [20, 100]


def test_sound_without_an_onset_is_a_note_only_where_asked() -> None:
    note = np.zeros((200, 88), np.float32)
    note[20:150, 40] = np.linspace(0.2, 0.7, 130)
    onset = np.zeros_like(note)
    assert len(created_notes(note, onset, RULE)) == 1
    assert created_notes(note, onset, NoteRule(without_onsets=False)) == []


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_hardly_any_frames_make_no_note(frames: int) -> None:
    silent = np.zeros((frames, 88), np.float32)
    assert created_notes(silent, silent, RULE) == []


def test_rules_that_cannot_be_are_refused() -> None:
    for change in ({"onset": 0.0}, {"frame": 1.0}, {"fewest_frames": 0}):
        with pytest.raises(OptionError):
            NoteRule(**change)
