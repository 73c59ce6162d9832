from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")  # what the recognisers are loaded by imports it

ASKED = np.repeat(np.arange(5), 4)


def test_scores_that_follow_what_was_asked_agree_wholly():
    from mood_agreement import agreement

    scores = np.eye(5)[ASKED]
    assert [agreement(scores, ASKED, emotion) for emotion in range(5)] == [(1.0, 1.0)] * 5


def test_an_emotion_that_is_taken_for_another_agrees_with_neither_measure():
    from mood_agreement import agreement

    scores = np.eye(5)[(ASKED + 1) % 5]
    assert agreement(scores, ASKED, 2) == (0.0, 0.0)


def test_ranked_is_the_share_of_pairs():
    from mood_agreement import agreement

    scores = np.zeros((4, 5))
    scores[:, 0] = [3, 1, 2, 0]
    assert agreement(scores, np.array([0, 0, 1, 1]), 0) == (1.0, 0.75)


def test_a_recogniser_that_says_more_of_one_emotion_of_all_music_is_not_believed_more():
    from mood_agreement import table

    scores = np.eye(5)[ASKED]
    biased = scores * [1, 10, 1, 0.1, 1] + [0, 50, 0, -5, 0]
    assert table(biased, ASKED) == table(scores, ASKED)


def test_scores_of_chance_have_intervals_around_chance():
    from mood_agreement import table

    asked = np.repeat(np.arange(5), 40)
    mean = table(np.random.default_rng(3).normal(size=(200, 5)), asked)[-1]
    first, ranked = (cell.strip() for cell in mean.split("|")[3:5])
    for cell, chance in ((first, 0.2), (ranked, 0.5)):
        low, high = cell.partition("[")[2].rstrip("]").split(", ")
        assert float(low) <= chance <= float(high)


@pytest.mark.parametrize(("there", "most", "taken"), [(39, 20, 20), (100, 7, 7), (5, 20, 5)])
def test_pieces_are_spread_over_all_that_there_are(tmp_path, there, most, taken):
    from mood_agreement import pieces

    lines = ["file,emotion", *(f"{n:03}.opus,sad" for n in range(there)), "other.opus,bored"]
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    numbers = [int(path.stem) for path, _ in pieces(tmp_path, most)]
    assert len(numbers) == len(set(numbers)) == taken
    assert max(np.diff([*numbers, there])) <= -(-there // taken)


def test_the_name_of_a_piece_tells_what_it_was_asked_to_be(tmp_path):
    from mood_agreement import pieces
    from moodprint.emotion import EMOTIONS

    for name in ("fear-00.wav", "sad-00.wav", "sad-01.wav", "notes.wav"):
        (tmp_path / name).touch()
    found = [(path.name, str(EMOTIONS[number])) for path, number in pieces(tmp_path, 0)]
    assert sorted(found) == [("fear-00.wav", "fear"), ("sad-00.wav", "sad"), ("sad-01.wav", "sad")]
