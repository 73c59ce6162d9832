"""A calibration fitted to labels brings probabilities to what comes true, and no further."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import open_bundle
from moodprint.dataset.gather import Dataset
from moodprint.dataset.samples import Sample
from moodprint.emotion import EMOTIONS
from moodprint.errors import CorpusError
from moodprint.prediction import NO_MUSIC, Prediction
from moodprint.recognition.analyzer import Analyzer
from moodprint.study.recalibration import (
    FACTORS,
    FEWEST_SAMPLES,
    TemperedAnswers,
    recalibrated,
    write_recalibrated,
)

EXAMPLES = Path(__file__).parents[2] / "examples"
LABELS = tuple(map(str, EMOTIONS))


@dataclass(frozen=True)
class Overconfident:
    """Logits that would hold at half their size, from the number in a file's name."""

    def __call__(self, excerpt: Excerpt) -> tuple[Prediction, ...]:
        rng = np.random.default_rng(int(excerpt.path.stem))
        logits = 2 * rng.normal(0, 1.5, len(EMOTIONS))
        if int(excerpt.path.stem) % 50 == 49:
            return tuple(NO_MUSIC for _ in FACTORS)
        return tuple(map(_answer, (logits / factor for factor in FACTORS)))


def _answer(logits: np.ndarray) -> Prediction:
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    best = int(shares.argmax())
    table = dict(zip(EMOTIONS, shares.tolist(), strict=True))
    return Prediction(EMOTIONS[best], table, 0.0, 0.0, float(shares[best]), False)


def dataset(count: int, groups: int) -> Dataset:
    """Labels drawn from the probabilities at half of the logits."""
    samples = []
    for number in range(count):
        logits = np.random.default_rng(number).normal(0, 1.5, len(EMOTIONS))
        shares = np.exp(logits) / np.exp(logits).sum()
        label = np.random.default_rng(number + 10_000).choice(LABELS, p=shares)
        name, group = f"{number}.wav", f"g{number % groups}"
        samples.append(Sample(name, Excerpt(Path(name)), str(label), group, name, "mine"))
    return Dataset(tuple(samples), LABELS)


def test_the_temperature_that_holds_is_found() -> None:
    found = recalibrated(dataset(800, 40), workers=1, answers=Overconfident())
    old = open_bundle().fields["calibration"]
    assert found.calibration.temperature == pytest.approx(2 * old["temperature"], rel=0.2)
    assert found.error_after < 0.5 * found.error_before
    assert (found.samples, found.groups) == (800 - 16, 40), "what holds no music has no say"
    assert found.calibration.abstain_below == old["abstain_below"]
    shares = [band.right for band in found.calibration.reliability]
    assert shares == sorted(shares)
    assert len(shares) > 1


@pytest.mark.parametrize(("count", "groups"), [(FEWEST_SAMPLES - 2, 10), (60, 4)])
def test_too_little_is_refused(count: int, groups: int) -> None:
    with pytest.raises(CorpusError, match="a calibration takes"):
        recalibrated(dataset(count, groups), workers=1, answers=Overconfident())


def test_the_answer_at_the_models_own_temperature_is_the_models_own() -> None:
    excerpt = Excerpt(EXAMPLES / "song.mp3", 0.0, 10.0)
    answers = TemperedAnswers()(excerpt)
    own = Analyzer().clip(excerpt.decode()).overall
    same = answers[FACTORS.index(1.0)]
    assert same.emotion == own.emotion
    assert list(same.probabilities.values()) == pytest.approx(
        list(own.probabilities.values()), abs=0.01
    )
    tops = [max(each.probabilities.values()) for each in answers]
    assert tops == sorted(tops, reverse=True), "a higher temperature is less sure"


def test_the_copy_is_a_model_that_says_what_it_was_fitted_on(tmp_path: Path) -> None:
    found = recalibrated(dataset(100, 10), workers=1, answers=Overconfident())
    write_recalibrated(None, found, tmp_path / "mine")
    copy = open_bundle(tmp_path / "mine")
    assert copy.name.endswith("-calibrated")
    assert copy.fields["calibration"]["fitted_from"] == open_bundle().name
    assert "10 groups" in copy.fields["calibration"]["reliability_of"]
    answer = Analyzer(tmp_path / "mine").file(EXAMPLES / "song.mp3").overall
    assert answer.emotion is not None
