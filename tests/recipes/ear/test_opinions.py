"""Mood heads of recipes/ear/opinions.py, from made-up files."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear import opinions


def write(folder, name, labels, activation="softmax", **arrays):
    """A head that passes on the first numbers of its layer."""
    folder.mkdir(parents=True, exist_ok=True)
    count = len(labels)
    np.savez(
        folder / f"{name}-msd-musicnn-1.npz",
        W1=np.eye(200, 100),
        b1=np.zeros(100),
        W2=np.eye(100, count),
        b2=np.zeros(count),
        labels=np.array(labels),
        activation=activation,
        **arrays,
    )


def layer(*first):
    row = np.zeros((1, 200))
    row[0, : len(first)] = first
    return row


@pytest.mark.parametrize(("labels", "expected"), [(("non", "sad"), -3.0), (("sad", "non"), 3.0)])
def test_of_two_opposite_outputs_the_named_one_counts(tmp_path, labels, expected):
    write(tmp_path, "mood_sad", labels)
    head = opinions.MoodHead.load(tmp_path, "mood_sad", "sad")
    assert head(layer(5, 2)).tolist() == [[expected]]


def test_a_name_that_a_head_lacks_is_no_guess(tmp_path):
    write(tmp_path, "mood_sad", ("non", "sad"))
    with pytest.raises(ValueError, match="glad"):
        opinions.MoodHead.load(tmp_path, "mood_sad", "glad")


def test_many_classes_are_seen_from_their_mean(tmp_path):
    write(tmp_path, "moods_mirex", list("abcde"))
    said = opinions.MoodHead.load(tmp_path, "moods_mirex", "")(layer(5, 0, 0, 0, 0))
    assert said.tolist() == [[4, -1, -1, -1, -1]]


def test_regressions_say_what_they_say_and_norms_come_first(tmp_path):
    norm = {"scale": np.full(200, 2.0), "shift": np.full(200, 1.0)}
    write(tmp_path, "deam", ["valence", "arousal"], "linear", **norm)
    said = opinions.MoodHead.load(tmp_path, "deam", "")(layer(3, -3))
    assert said.tolist() == [[7, 1]]


def test_logits_are_cut_off(tmp_path):
    write(tmp_path, "deam", ["valence", "arousal"], "linear")
    assert opinions.MoodHead.load(tmp_path, "deam", "")(layer(99, 3)).tolist() == [[10, 3]]


def test_all_heads_together_have_the_width_that_students_learn(tmp_path):
    for name, counts in opinions._HEADS.items():
        many = list("abcde") if name == "moods_mirex" else ["valence", "arousal"]
        write(tmp_path / "teacher" / "heads", name, ["non", counts] if counts else many)
    width = opinions.JAMENDO_OUTPUTS
    layers = (np.zeros((1024, 8)), np.zeros(8), np.zeros((8, width)), np.arange(width))
    head = opinions.JamendoHead(np.zeros(1024), np.ones(1024), (layers,))
    head.save(tmp_path / "jamendo.npz")
    both = opinions.Opinions.load(tmp_path, tmp_path / "jamendo.npz")
    said = both(np.zeros((3, 200), np.float16), np.zeros((3, 1024), np.float16))
    assert said.shape == (3, opinions.OPINIONS)
    assert said[0, opinions.MOOD_OUTPUTS :].tolist() == list(range(width))
