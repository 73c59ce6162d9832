from __future__ import annotations

import json

import pytest
from cards import emotion_network_card

from moodprint.bundle import Calibration, ReliabilityBand, open_bundle
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import LeakError
from moodprint.json_fields import Fields
from moodprint.prediction import NO_MUSIC, Failure, Prediction, Presence, Segment, Timeline


def answer(emotion: Emotion, confidence: float) -> Prediction:
    rest = dict.fromkeys(EMOTIONS, (1 - confidence) / 4)
    return Prediction(emotion, rest | {emotion: confidence}, 0.0, 0.0, confidence, abstained=False)


def test_labels_stand_beside_their_table(tmp_path):
    from reliability import labels_of

    table = tmp_path / "labels.csv"
    table.write_text("file,emotion\naudio/a.ogg,sad\naudio/b.ogg,\naudio/c.ogg,fear\n")
    assert labels_of(table, ["sad", "happy"]) == {str(tmp_path / "audio/a.ogg"): "sad"}


def test_music_that_the_model_learned_from_is_refused():
    from reliability import refuse_known

    with pytest.raises(LeakError, match="learned from 4q"):
        refuse_known("ear", "4q")
    refuse_known("ear", "music of mine")


def test_wholes_and_lasting_stretches_are_scored_and_nothing_else():
    from reliability import scored

    segments = (
        Segment(0, 10, Presence.MUSIC, answer(Emotion.SAD, 0.8)),
        Segment(10, 13, Presence.MUSIC, answer(Emotion.FEAR, 0.4)),
        Segment(13, 20, Presence.SPEECH, NO_MUSIC),
        Segment(20, 30, Presence.MUSIC, answer(Emotion.HAPPY, 0.6)),
    )
    song = Timeline("a.ogg", 30.0, answer(Emotion.SAD, 0.5), segments, "ear-3")
    silent = Timeline("b.ogg", 30.0, NO_MUSIC, segments[2:3], "ear-3")
    found = scored([song, Failure("c.ogg", "is empty"), silent], {"a.ogg": "sad", "b.ogg": "sad"})
    assert [(each.confidence, each.right) for each in found] == [
        (0.5, True),
        (0.8, True),
        (0.6, False),
    ]


def test_a_card_that_was_written_into_is_read_again(tmp_path):
    from reliability import table, write_into

    (tmp_path / "card.json").write_text(json.dumps(emotion_network_card()))
    bands = [ReliabilityBand(0.0, 0.25, 40), ReliabilityBand(0.5, 2 / 3, 30)]
    write_into(tmp_path, bands, "70 files of wild")
    card = Fields(json.loads((tmp_path / "card.json").read_text()))
    again = Calibration.of(card.part("calibration"))
    assert again.right_at(0.6) == 0.667
    assert again.temperature == 1.5
    assert table(bands).splitlines()[-1] == "| 0.5 | 30 | 67% |"


def test_the_model_that_ships_says_how_often_it_is_right():
    bands = open_bundle("ear").card.calibration.reliability
    assert len(bands) >= 3
    assert [band.right for band in bands] == sorted(band.right for band in bands)
    assert sum(band.answers for band in bands) > 200
