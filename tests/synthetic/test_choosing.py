"""The best of several pieces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moodprint.clip import Clip
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.generation.composition.music import MusicRequest
from moodprint.prediction import NO_MUSIC, Prediction, Timeline
from moodprint.synthetic.choosing import best_piece


def _answer(probability: float) -> Timeline:
    rest = (1 - probability) / 4
    probabilities = {each: probability if each is Emotion.SAD else rest for each in EMOTIONS}
    overall = Prediction(Emotion.SAD, probabilities, 0.0, 0.0, 0.5, abstained=False)
    return Timeline("x", 2.0, overall, (), "none")


def test_the_piece_that_sounds_most_as_asked_is_kept() -> None:
    said = iter((0.3, 0.7, 0.5))
    clips: list[Clip] = []

    def listen(clip: Clip) -> Timeline:
        clips.append(clip)
        return _answer(next(said))

    best = best_piece(MusicRequest(Emotion.SAD, 2), seed=1, tries=3, listen=listen)
    assert (best.number, best.probability) == (1, 0.7)
    assert best.clip is clips[1]
    assert len({clip.samples.tobytes() for clip in clips}) == 3


def test_where_no_music_is_heard_a_piece_is_kept_all_the_same() -> None:
    silent = replace(_answer(0.5), overall=NO_MUSIC)
    best = best_piece(MusicRequest(Emotion.SAD, 2), seed=1, tries=2, listen=lambda _: silent)
    assert (best.number, best.probability, best.answered) == (0, 0.0, None)


@pytest.mark.parametrize("tries", [0, -1, 10_000])
def test_tries_that_cannot_be_are_refused(tries: int) -> None:
    with pytest.raises(OptionError, match="tries"):
        best_piece(MusicRequest(Emotion.SAD, 2), seed=1, tries=tries)
