"""Answers fitted to a folder without labels: what a model says of all its music shows how it leans.

On music of a kind that it never met, a model still orders tracks better than it names them: of a
folder of rock it may call all but a few angry. Here each emotion's log-odds are brought to the same
mean and spread over the folder, so an answer tells how a track stands among the others. That is
right where a folder holds many moods, and wrong where it holds one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from moodprint.clip import FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.errors import OptionError
from moodprint.evaluation.probabilities import softmax
from moodprint.prediction import Answer, Prediction, Timeline

FEWEST = 10
"""Fewer tracks with music do not show how a model leans: the mean of ten log-odds is uncertain by a
third of their spread."""

_TRUST_AFTER = float(FEWEST)
"""With so many tracks the correction goes half of its way, with four times as many four fifths: the
mean and the spread of few tracks are chance in part, so they are drawn to no correction at all."""

_LEAST_SPREAD = 0.05
"""Added to the spread of each emotion's log-odds, which is 0.6 to 1.1 over music of many moods: an
emotion that a model gives the same odds everywhere is not blown up without bound."""

_LEAST = 1e-4
"""Probabilities count as at least this: down to it the logarithm of one that a file keeps to six
decimals is true to a hundredth."""


@dataclass(frozen=True)
class Adaptation:
    """``centre`` [K] is taken from the log-odds of the emotions, ``gain`` [K] multiplies them.

    The mean of the gains' inverses is 1, so that answers stay about as sure as they were.
    """

    centre: FloatArray
    gain: FloatArray

    @classmethod
    def fitted(cls, probabilities: FloatArray) -> Adaptation:
        """From the probabilities [N, K] of N >= 2 tracks."""
        odds = _log_odds(probabilities)
        trust = len(odds) / (len(odds) + _TRUST_AFTER)
        spread = odds.std(axis=0) + _LEAST_SPREAD
        return cls(trust * odds.mean(axis=0), (spread.mean() / spread) ** trust)

    def __call__(self, probabilities: FloatArray) -> FloatArray:
        """Probabilities [..., K] as they stand among those that this was fitted to."""
        return softmax((_log_odds(probabilities) - self.centre) * self.gain)


def adapted(answers: Sequence[Answer], abstain_below: float) -> list[Answer]:
    """The same answers, fitted to one another; failures and files without music as they are.

    Raises:
        OptionError: fewer than ``FEWEST`` files have music.
    """
    music = [_row(a.overall) for a in answers if isinstance(a, Timeline) and a.overall.emotion]
    if len(music) < FEWEST:
        raise OptionError(
            f"to adapt, at least {FEWEST} files with music are needed, and {len(music)} are here"
        )
    adaptation = Adaptation.fitted(np.array(music, np.float32))
    name = f"adapted to {len(music)} files"

    def adapt(answer: Answer) -> Answer:
        if not isinstance(answer, Timeline):
            return answer
        moved = _adapted_timeline(answer, adaptation, abstain_below)
        return replace(moved, model=f"{answer.model}, {name}")

    return [adapt(answer) for answer in answers]


def _adapted_timeline(timeline: Timeline, adaptation: Adaptation, abstain_below: float) -> Timeline:
    def moved(prediction: Prediction) -> Prediction:
        return _adapted_prediction(prediction, adaptation, abstain_below)

    overall, reason = moved(timeline.overall), timeline.reason
    segments = tuple(replace(each, prediction=moved(each.prediction)) for each in timeline.segments)
    if overall.emotion is not None:
        reason = "no emotion stands out among the files" if overall.abstained else None
    return replace(timeline, overall=overall, segments=segments, reason=reason)


def _adapted_prediction(
    prediction: Prediction, adaptation: Adaptation, abstain_below: float
) -> Prediction:
    if prediction.emotion is None:
        return prediction
    probabilities = adaptation(np.array(_row(prediction), np.float32)).tolist()
    music = prediction.confidence / max(prediction.probabilities.values())
    return replace(
        prediction,
        emotion=EMOTIONS[int(np.argmax(probabilities))],
        probabilities=dict(zip(EMOTIONS, probabilities, strict=True)),
        confidence=max(probabilities) * music,
        abstained=max(probabilities) < abstain_below,
    )


def _row(prediction: Prediction) -> list[float]:
    return [prediction.probabilities[emotion] for emotion in EMOTIONS]


def _log_odds(probabilities: FloatArray) -> FloatArray:
    logs = np.log(np.maximum(probabilities, _LEAST))
    return logs - logs.mean(axis=-1, keepdims=True)
