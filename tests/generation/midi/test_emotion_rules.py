import itertools

import pytest

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.generation.midi.emotion_rules import EXPRESSIONS, expressed
from moodprint.generation.midi.key import estimated_key
from moodprint.generation.midi.score import Score, ScoreNote, Track

TUNE = Score(()).with_notes(
    [
        ScoreNote(k / 2, k / 2 + 0.5, pitch, 60 + 3 * k)
        for k, pitch in enumerate([60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60])
    ]
)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _loudness(score: Score) -> float:
    return _mean([note.velocity for note in score.notes])


def _sounding(score: Score) -> float:
    """How much of the time from note to note a note sounds."""
    notes = score.notes
    gaps = [b.start_s - a.start_s for a, b in itertools.pairwise(notes)]
    return _mean([note.duration_s / gap for note, gap in zip(notes, gaps, strict=False)])


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_each_emotion_has_its_mode_tempo_and_articulation(emotion: Emotion) -> None:
    how, score = EXPRESSIONS[emotion], expressed(TUNE, emotion)
    assert len(score.notes) == len(TUNE.notes)
    assert estimated_key(score).minor is how.minor
    assert score.notes[-1].start_s == pytest.approx(TUNE.notes[-1].start_s / how.tempo)
    assert _sounding(score) == pytest.approx(how.articulation)


def test_emotions_stand_to_each_other_as_the_literature_has_it() -> None:
    by = {emotion: expressed(TUNE, emotion) for emotion in EMOTIONS}
    assert by[Emotion.SAD].duration_s > by[Emotion.CALM].duration_s > by[Emotion.HAPPY].duration_s
    assert _loudness(by[Emotion.ANGRY]) > _loudness(by[Emotion.HAPPY]) > _loudness(by[Emotion.SAD])
    assert _sounding(by[Emotion.SAD]) > _sounding(by[Emotion.HAPPY])
    first = {emotion: score.notes[0].pitch_midi for emotion, score in by.items()}
    assert first[Emotion.FEAR] > first[Emotion.HAPPY] > first[Emotion.SAD]


def test_drums_keep_their_pitch_and_take_the_tempo() -> None:
    drums = Score((), (Track("", drums=True),)).with_notes([ScoreNote(7, 8, 36, 90)])
    (hit,) = expressed(drums, Emotion.FEAR).notes
    assert hit.pitch_midi == 36
    assert hit.start_s == pytest.approx(7 / 1.1)


def test_extreme_velocities_and_empty_scores_are_kept_in_range() -> None:
    loud = Score(()).with_notes([ScoreNote(0, 1, 60, 127), ScoreNote(0, 1, 62, 1)])
    for emotion in EMOTIONS:
        assert all(1 <= note.velocity <= 127 for note in expressed(loud, emotion).notes)
        assert expressed(Score(()), emotion).notes == ()
