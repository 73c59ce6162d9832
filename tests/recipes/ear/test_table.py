"""Labelled stretches in recipes/ear/table.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear.student import Student

from moodprint.emotion import ANCHORS, EMOTIONS, Emotion
from recipes.ear import table as module


@pytest.fixture
def labelled(example):
    """Makes an example with labels and chroma."""

    def make(corpus="4q", rows=40, **labels):
        plain = example(corpus, "music", -30, rows=rows)
        chroma = np.random.default_rng(0).uniform(0, 1, (rows, 12)).astype(np.float32)
        return replace(plain, item=replace(plain.item, **labels), chroma=chroma)

    return make


def features_of(example):
    """Two numbers a row: which it is, and how loud it is."""
    loud = example.mel.reshape(example.rows, -1).mean(axis=1)
    return np.stack([np.arange(example.rows), loud], axis=1).astype(float)


def test_a_track_is_cut_into_stretches_of_five_seconds(labelled):
    table = module.build([labelled(emotion="sad", rows=25)], features_of)
    np.testing.assert_array_equal(table.features[:, 0], [4.5, 14.5])
    assert table.target[0].tolist() == [float(emotion == "sad") for emotion in EMOTIONS]
    np.testing.assert_allclose(table.point[0], ANCHORS[Emotion.SAD])
    assert not table.rated.any()


def test_a_short_track_is_one_stretch(labelled):
    assert len(module.build([labelled(emotion="sad", rows=3)], features_of).track) == 1


def test_music_without_labels_is_left_out(labelled):
    examples = [labelled("pool"), labelled("4q", emotion="happy")]
    assert set(module.build(examples, features_of).corpus) == {"4q"}


def test_a_quadrant_shares_out_its_emotions(labelled):
    row = module.build([labelled("emopia", emotion="angry", quadrant="Q2")], features_of).target[0]
    shares = dict(zip(EMOTIONS, row.tolist(), strict=True))
    assert shares[Emotion.ANGRY] == shares[Emotion.FEAR] == 0.5
    of_song = module.build([labelled("4q", emotion="angry", quadrant="Q2")], features_of).target[0]
    assert of_song.max() == 1


def test_a_rated_track_keeps_its_point(labelled):
    table = module.build([labelled("musifeast17", valence=0.4, arousal=-0.2)], features_of)
    np.testing.assert_allclose(table.point[0], [0.4, -0.2], rtol=1e-6)
    assert table.rated.all()
    assert not table.target.any()


def test_with_voices_each_track_stands_twice_once_changed(labelled, example):
    voice = replace(example("espeak", "speech", -20), chroma=np.ones((40, 12), np.float32))
    tracks = [labelled(emotion="sad"), labelled(emotion="calm")]
    table = module.build(tracks, features_of, [voice])
    assert table.copy.mean() == 0.5
    assert [set(table.track[table.copy == copy]) for copy in (False, True)] == [{0, 1}] * 2
    assert not np.allclose(table.features[table.copy, 1], table.features[~table.copy, 1])


def test_by_track_takes_the_mean_of_the_stretches(labelled):
    tracks = [labelled(emotion="sad", rows=20), labelled(emotion="calm", rows=10)]
    one_each = module.build(tracks, features_of).by_track()
    np.testing.assert_array_equal(one_each.track, [0, 1])
    np.testing.assert_array_equal(one_each.features[:, 0], [9.5, 4.5])


def test_the_groups_of_features_lie_side_by_side(labelled):
    features = module.student_features(Student().eval(), labelled(rows=12))
    assert features.shape == (12, module.FEATURE_GROUPS[-1].stop)
    starts = [group.start for group in module.FEATURE_GROUPS]
    assert starts == [0, *(group.stop for group in module.FEATURE_GROUPS[:-1])]


def test_yamnet_the_mood_heads_and_jamendo_name_the_emotions():
    scores, opinions = (range(*module.FEATURE_GROUPS[n].indices(10**6)) for n in (2, 3))
    yamnet, heads, jamendo = module.MOODS
    assert len(set(yamnet)) == len(set(jamendo)) == len(set(heads)) == 5
    assert all(mood in scores for mood in yamnet)
    assert heads[list(EMOTIONS).index(Emotion.FEAR)] == -1
    assert all(mood in opinions for mood in (*heads, *jamendo) if mood >= 0)
    assert jamendo[-1] == opinions[-1]


def test_by_track_keeps_copies_apart_in_any_order(labelled, example):
    voice = replace(example("espeak", "speech", -20), chroma=np.ones((40, 12), np.float32))
    tracks = [labelled(emotion="sad"), labelled(emotion="calm", rows=20)]
    table = module.build(tracks, features_of, [voice])
    shuffled = table.where(np.random.default_rng(0).permutation(len(table.track)))
    one_each, other = table.by_track(), shuffled.by_track()
    assert one_each.track.tolist() == [0, 0, 1, 1]
    assert one_each.copy.tolist() == [False, True] * 2
    np.testing.assert_allclose(other.features, one_each.features)
    np.testing.assert_array_equal(other.target, one_each.target)
