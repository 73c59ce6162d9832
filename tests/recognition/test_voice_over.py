"""Real music under real speech, of the examples, and the rules by themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moodprint.audio.decode import decode
from moodprint.clip import Clip
from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.prediction import NO_MUSIC, Presence, Segment
from moodprint.recognition.analyzer import Analyzer
from moodprint.recognition.voice_over import (
    FAR_BELOW_DB,
    below_voice_db,
    is_drowned,
    mostly_drowned,
    why_drowned,
)

EXAMPLES = Path(__file__).parents[2] / "examples"
RATE_HZ = 16_000


def outputs(gap_db: float, *, speech: float = 0.9, parts: int = 8) -> FrameOutputs:
    """Ten rows of a voice at -20 dB whose last quarter of each row is a gap."""
    fine = np.full((10, parts), -20.0, np.float32)
    fine[:, -parts // 4 :] = gap_db
    return FrameOutputs(
        row_s=0.5,
        duration_s=5.0,
        level_db=np.full(10, -20.0, np.float32),
        presence=np.tile(np.float32([0.9, speech, 0.1]), (10, 1)),
        emotion=np.zeros((10, 5), np.float32),
        valence_arousal=np.zeros((10, 2), np.float32),
        embedding=np.zeros((10, 4), np.float32),
        fine_levels_db=fine,
    )


@pytest.mark.parametrize("gap_db", [-25.0, -40.0, -60.0])
def test_the_level_in_the_gaps_is_measured_against_the_whole(gap_db):
    whole_db = 10 * np.log10(0.75 * 10**-2 + 0.25 * 10 ** (gap_db / 10))
    assert below_voice_db(outputs(gap_db), slice(0, 10)) == pytest.approx(
        whole_db - gap_db, abs=0.1
    )


def test_without_a_voice_there_is_nothing_to_be_under():
    assert below_voice_db(outputs(-60.0, speech=0.4), slice(0, 10)) is None


def test_rows_without_a_voice_have_no_part_in_the_measure():
    found = outputs(-40.0)
    beside = outputs(-90.0, speech=0.1)
    joined = replace(
        found,
        duration_s=10.0,
        presence=np.concatenate([found.presence, beside.presence]),
        fine_levels_db=np.concatenate([found.fine_levels_db, beside.fine_levels_db]),
    )
    alone = below_voice_db(found, slice(0, 10))
    assert below_voice_db(joined, slice(0, 10)) == pytest.approx(alone)


def test_levels_that_were_not_measured_tell_nothing():
    assert below_voice_db(replace(outputs(-60.0), fine_levels_db=None), slice(0, 10)) is None


@pytest.mark.parametrize(
    ("below_db", "drowned"), [(None, False), (FAR_BELOW_DB, False), (FAR_BELOW_DB + 0.1, True)]
)
def test_music_is_drowned_past_the_limit(below_db, drowned):
    segment = Segment(0, 5, Presence.MUSIC, NO_MUSIC, music_below_voice_db=below_db)
    assert is_drowned(segment) is drowned


def test_the_reason_tells_the_median():
    segments = [
        Segment(0, 5, Presence.MUSIC, NO_MUSIC, music_below_voice_db=db)
        for db in (14.0, None, 3.0, 16.4, 30.0)
    ]
    assert mostly_drowned(segments)
    assert not mostly_drowned(segments[:4])
    assert not mostly_drowned([])
    assert why_drowned(segments) == (
        "the music lies about 16 dB under a voice: too far to be trusted"
    )


@pytest.fixture(scope="module")
def mixed():
    """The song of the examples under the voice of their film, at a level against it."""
    song = decode(EXAMPLES / "song.mp3", sample_rate_hz=RATE_HZ).mono
    film = decode(EXAMPLES / "film.mp4", sample_rate_hz=RATE_HZ).mono
    voice = np.tile(film[round(21.5 * RATE_HZ) : round(30.5 * RATE_HZ)], 3)
    music = song[10 * RATE_HZ :][: len(voice)]
    music = music * np.sqrt(np.mean(voice**2) / np.mean(music**2))
    analyzer = Analyzer()

    def at(level_db: float):
        return analyzer.clip(Clip(voice + music * 10 ** (level_db / 20), RATE_HZ))

    return at


@pytest.mark.parametrize("level_db", [10.0, 0.0])
def test_music_that_stands_beside_a_voice_is_answered(mixed, level_db):
    answer = mixed(level_db)
    assert not any(map(is_drowned, answer.segments))
    assert answer.overall.emotion is not None


def test_music_far_under_a_voice_is_not_trusted(mixed):
    answer = mixed(-18.0)
    music = [segment for segment in answer.segments if segment.presence is Presence.MUSIC]
    assert music, "the network still hears it"
    assert all(segment.prediction.abstained for segment in music)
    assert answer.overall.abstained
    assert "dB under a voice: too far to be trusted" in answer.reason


def test_it_is_measured_the_further_the_softer(mixed):
    told = []
    for level_db in (0.0, -6.0, -12.0, -18.0):
        known = [s.music_below_voice_db for s in mixed(level_db).segments]
        told.append(np.median([db for db in known if db is not None]))
    assert told == sorted(told)
    assert told[-1] - told[0] > 8
