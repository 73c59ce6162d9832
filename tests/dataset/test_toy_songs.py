import numpy as np
import pytest
import soundfile

from moodprint.dataset.toy_songs import RECIPES, make_songs, song
from moodprint.emotion import EMOTIONS, Emotion


def _songs(emotion, count=8):
    return [song(RECIPES[emotion], np.random.default_rng(seed)) for seed in range(count)]


def _rms(emotion):
    return np.median([np.sqrt(np.mean(each**2)) for each in _songs(emotion)])


def _centroid_hz(emotion):
    spectrum = np.mean([np.abs(np.fft.rfft(each)) ** 2 for each in _songs(emotion)], axis=0)
    return spectrum @ np.fft.rfftfreq(64_000, 1 / 16_000) / spectrum.sum()


def test_there_is_a_recipe_for_each_emotion():
    assert set(RECIPES) == set(EMOTIONS)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_song_is_four_seconds_in_range_and_no_silence(emotion):
    for each in _songs(emotion, 3):
        assert each.shape == (64_000,)
        assert each.dtype == np.float32
        assert 0.01 < np.abs(each).max() <= 1


def test_what_listeners_go_by_tells_the_emotions_apart():
    assert _rms(Emotion.ANGRY) > _rms(Emotion.HAPPY) > _rms(Emotion.CALM)
    assert _centroid_hz(Emotion.ANGRY) > _centroid_hz(Emotion.CALM)


def test_songs_are_made_once_and_alike(tmp_path):
    first = make_songs(tmp_path / "here" / "toys", 2)
    assert [path.parent.name for path in first] == [str(each) for each in EMOTIONS for _ in "12"]
    assert len({path.read_bytes() for path in first}) == 10
    again = make_songs(tmp_path / "there" / "toys", 2)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert soundfile.info(first[0]).samplerate == 16_000


def test_a_corpus_of_another_name_has_other_songs(tmp_path):
    one, two = (make_songs(tmp_path / name, 1)[0] for name in ("one", "two"))
    assert one.read_bytes() != two.read_bytes()


def test_a_song_that_is_there_stays(tmp_path):
    path = make_songs(tmp_path, 1)[0]
    path.write_bytes(b"mine")
    make_songs(tmp_path, 1)
    assert path.read_bytes() == b"mine"
