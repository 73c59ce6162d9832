import numpy as np
import pytest
import soundfile
from fake_predictions import PredictByName

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.gather import Dataset
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError, CorpusError
from moodprint.evaluation import group_bootstrap, uar
from moodprint.study.model_scores import PredictExcerpt, evaluate_model


def _scores(samples, **left_out):
    dataset = Dataset(tuple(samples), tuple(map(str, EMOTIONS)), left_out)
    return evaluate_model(dataset, predict=PredictByName())


def test_scores_by_hand(sample):
    rows = [
        sample("sad-1", "sad", "a"),
        sample("sad-2", "sad", "a"),
        sample("calm-1", "sad", "b"),
        sample("none-1", "sad", "b"),
        sample("calm-2", "calm", "c"),
        sample("calm-unsure", "happy", "d"),
    ]
    found = _scores(rows)
    assert (found.samples, found.groups, found.no_music) == (6, 4, 1)
    assert found.recall == {"angry": None, "calm": 1, "fear": None, "happy": 0, "sad": 0.5}
    assert found.uar.value == pytest.approx(0.5)
    assert found.accuracy.value == pytest.approx(0.5)
    # F1 of calm: 2 * 1 / (3 + 1), of happy 0, of sad 2 * 2 / (2 + 4); angry and fear do not occur.
    assert found.macro_f1.value == pytest.approx((0.5 + 0 + 2 / 3) / 3)
    assert found.uar.low <= found.uar.value <= found.uar.high
    assert found.confusion[4] == [0, 1, 0, 0, 2, 1]
    assert found.abstained == pytest.approx(2 / 6)
    assert found.accuracy_if_credible == pytest.approx(3 / 4)
    # Four answers of 0.8, of which 3 of 5 with an emotion are right.
    assert found.calibration_error == pytest.approx(0.8 - 3 / 5)


def test_a_bad_file_is_told_and_the_rest_counts(sample):
    found = _scores([sample("gone-1", "sad"), sample("sad-1", "sad")])
    assert found.samples == 1
    assert found.problems == {"/gone-1.wav": "/gone-1.wav: does not exist"}


def test_a_model_that_fails_is_not_the_files_fault(sample):
    with pytest.raises(BundleError):
        _scores([sample("broken-1", "sad")])


def test_silence_everywhere_has_no_calibration(sample):
    found = _scores([sample("none-1", "sad"), sample("none-2", "calm")])
    assert found.uar.value == 0
    assert found.brier is None
    assert found.accuracy_if_credible is None


def test_what_was_left_out_is_passed_on(sample):
    assert _scores([sample("sad-1", "sad")], bored=3).left_out == {"bored": 3}


def test_nothing_that_can_be_read_is_refused(sample):
    with pytest.raises(CorpusError, match="no sample can be read: /gone"):
        _scores([sample("gone", "sad")])


def test_progress_counts_every_sample(sample):
    steps = []
    dataset = Dataset((sample("gone-1", "sad"), sample("sad-1", "sad")), tuple(map(str, EMOTIONS)))
    evaluate_model(dataset, predict=PredictByName(), progress=lambda *step: steps.append(step))
    assert steps == [("answers", 1, 2), ("answers", 2, 2)]


def test_intervals_are_over_groups(sample):
    """Ten samples of one artist are one draw: the interval is that of two groups, not of eleven."""
    rows = [sample(f"sad-{number}", "sad", "one artist") for number in range(10)]
    found = _scores([*rows, sample("calm-1", "sad", "another")])
    truth, predicted = np.full(11, 4), np.array([4] * 10 + [1])
    expected = group_bootstrap(uar, [0] * 10 + [1], truth, predicted)
    assert found.groups == 2
    assert (found.uar.low, found.uar.high) == (expected.low, expected.high) == (0, 1)


def test_duplicates_under_two_artists_are_one_group(sample):
    rows = [sample(f"sad-{n}", "sad", f"artist {n}", duplicate="cover") for n in range(3)]
    assert _scores(rows).groups == 1


def test_a_perfect_model_has_perfect_scores(sample):
    found = _scores([sample(f"{emotion}-1", str(emotion), str(emotion)) for emotion in EMOTIONS])
    assert found.uar.value == found.macro_f1.value == found.accuracy.value == 1
    assert np.array_equal(np.array(found.confusion)[:, :5], np.eye(5))
    assert (found.no_music, found.abstained, found.accuracy_if_credible) == (0, 0, 1)
    assert set(found.recall.values()) == {1.0}


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """Six seconds of a chord that is struck anew each half second."""
    times_s = np.arange(6 * 16_000) / 16_000
    fading = np.exp(-3 * (times_s % 0.5))
    chord = sum(np.sin(2 * np.pi * hz * times_s) for hz in (220, 277, 330, 440))
    path = tmp_path_factory.mktemp("song") / "song.wav"
    soundfile.write(path, 0.15 * fading * chord, 16_000)
    return path


def test_a_whole_file_and_all_of_its_times_give_the_same_answer(song):
    whole, times = (PredictExcerpt()(each) for each in (Excerpt(song), Excerpt(song, 0.0, 6.0)))
    assert whole.emotion == times.emotion
    np.testing.assert_allclose(
        list(whole.probabilities.values()), list(times.probabilities.values()), atol=1e-5
    )


def test_a_part_of_a_file_is_answered_for_that_part(song):
    part = PredictExcerpt()(Excerpt(song, 1.0, 4.0))
    assert sum(part.probabilities.values()) == pytest.approx(1)
    assert part != PredictExcerpt()(Excerpt(song))
