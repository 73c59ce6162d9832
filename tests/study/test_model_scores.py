from dataclasses import dataclass

import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.gather import Dataset
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import BundleError, CorpusError, MissingFileError
from moodprint.prediction import NO_MUSIC, Prediction
from moodprint.study.model_scores import evaluate_model


def _says(emotion, chance=0.8, *, abstained=False):
    rest = (1 - chance) / 4
    chances = dict.fromkeys(EMOTIONS, rest) | {Emotion(emotion): chance}
    return Prediction(Emotion(emotion), chances, 0.0, 0.0, chance, abstained)


@dataclass(frozen=True)
class Oracle:
    """Answers by the name of the file: what it starts with."""

    def __call__(self, excerpt: Excerpt) -> Prediction:
        word = excerpt.path.stem.split("-")[0]
        if word == "none":
            return NO_MUSIC
        if word == "gone":
            raise MissingFileError(f"{excerpt.path}: does not exist")
        if word == "broken":
            raise BundleError("the model is broken")
        return _says(word, abstained="unsure" in excerpt.path.stem)


def _scores(samples, **left_out):
    dataset = Dataset(tuple(samples), tuple(map(str, EMOTIONS)), left_out)
    return evaluate_model(dataset, predict=Oracle())


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
    evaluate_model(dataset, predict=Oracle(), progress=lambda *step: steps.append(step))
    assert steps == [("answers", 1, 2), ("answers", 2, 2)]
