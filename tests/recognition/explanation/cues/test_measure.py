import numpy as np
import pytest

from moodprint.recognition.explanation.cues.measure import measured
from moodprint.recognition.explanation.cues.table import CUES


def cues_of(recording, *times_s):
    return measured(recording.stretch(*times_s))


def test_each_half_has_its_own_cues(film):
    first, second = cues_of(film, (0.0, 5.0)), cues_of(film, (15.0, 20.0))
    assert (first.key, second.key) == ("A minor", "C major")
    assert first.values["mode"] < 0 < second.values["mode"]
    assert first.values["tempo"] is None
    assert second.values["tempo"] == pytest.approx(120, rel=0.02)
    assert second.values["onset_density"] == pytest.approx(2.0, abs=0.2)
    assert first.values["onset_density"] <= 0.2
    for name in ("loudness", "register", "brightness"):
        assert first.values[name] < second.values[name]


def test_loudness_grows_where_the_halves_meet(film):
    assert cues_of(film, (7.5, 12.5)).values["loudness_change"] > 2
    assert cues_of(film, (0.0, 4.0)).values["loudness_change"] == pytest.approx(0, abs=0.3)


def test_stretches_taken_together_lie_between_them(film):
    first, second = cues_of(film, (0.0, 5.0)).values, cues_of(film, (15.0, 20.0)).values
    both = cues_of(film, (0.0, 5.0), (15.0, 20.0)).values
    for name in ("loudness", "register", "brightness", "onset_density"):
        assert first[name] <= both[name] <= second[name]


def test_overlapping_stretches_count_once(film):
    whole, cut = cues_of(film, (0.0, 10.0)), cues_of(film, (0.0, 7.5), (2.5, 10.0))
    for name in ("loudness", "brightness", "roughness", "onset_density", "register"):
        assert cut.values[name] == pytest.approx(whole.values[name])


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0, 3.0])
def test_silence_and_short_sounds_have_none_where_nothing_can_be_told(record, seconds):
    silence = record(np.zeros(round(seconds * 16_000), np.float32))
    values = cues_of(silence, (0.0, seconds)).values
    assert list(values) == list(CUES)
    assert (values["tempo"], values["brightness"], values["register"]) == (None, None, None)
    assert values["loudness"] == -70
    assert all(np.isfinite(value) for value in values.values() if value is not None)


def test_one_second_of_music_has_its_cues(record, make_tones):
    cues = cues_of(record(make_tones([60, 63, 67], 1.0)), (0.0, 1.0))
    assert cues.key == "C minor"
    assert cues.values["register"] == pytest.approx(63, abs=4)


def test_a_stretch_past_the_end_takes_what_is_nearest(film):
    assert cues_of(film, (30.0, 35.0)).values["loudness"] > -70
