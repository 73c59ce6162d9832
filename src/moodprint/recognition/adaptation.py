"""Answers fitted to a folder without labels: what a model says of all its music tells how it leans.

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
from moodprint.prediction import Failure, Prediction, Timeline

FEWEST = 10
"""Fewer tracks with music do not tell how a model leans."""

_TRUST_AFTER = 10.0
"""With so many tracks the correction goes half of its way: few of them tell less."""

_LEAST = 1e-4


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
        spread = odds.std(axis=0) + 0.05
        return cls(trust * odds.mean(axis=0), (spread.mean() / spread) ** trust)

    def __call__(self, probabilities: FloatArray) -> FloatArray:
        """Probabilities [..., K] as they stand among those that this was fitted to."""
        return softmax((_log_odds(probabilities) - self.centre) * self.gain)


def adapted(
    answers: Sequence[Timeline | Failure], abstain_below: float
) -> list[Timeline | Failure]:
    """The same answers, fitted to one another; failures and files without music as they are.

    Raises:
        OptionError: fewer than ``FEWEST`` files have music.
    """
    heard = [_row(a.overall) for a in answers if isinstance(a, Timeline) and a.overall.emotion]
    if len(heard) < FEWEST:
        raise OptionError(
            f"to adapt, at least {FEWEST} files with music are needed, and {len(heard)} are here"
        )
    adaptation = Adaptation.fitted(np.array(heard, np.float32))
    name = f"adapted to {len(heard)} files"
    return [
        _retold(answer, adaptation, abstain_below, name) if isinstance(answer, Timeline) else answer
        for answer in answers
    ]


def _retold(
    timeline: Timeline, adaptation: Adaptation, abstain_below: float, name: str
) -> Timeline:
    overall = _moved(timeline.overall, adaptation, abstain_below)
    segments = tuple(
        replace(segment, prediction=_moved(segment.prediction, adaptation, abstain_below))
        for segment in timeline.segments
    )
    reason = timeline.reason
    if overall.emotion is not None:
        reason = "no emotion stands out among the files" if overall.abstained else None
    model = f"{timeline.model}, {name}"
    return replace(timeline, overall=overall, segments=segments, reason=reason, model=model)


def _moved(prediction: Prediction, adaptation: Adaptation, abstain_below: float) -> Prediction:
    if prediction.emotion is None:
        return prediction
    told = adaptation(np.array(_row(prediction), np.float32)).tolist()
    music = prediction.confidence / max(prediction.probabilities.values())
    return replace(
        prediction,
        emotion=EMOTIONS[int(np.argmax(told))],
        probabilities=dict(zip(EMOTIONS, told, strict=True)),
        confidence=max(told) * music,
        abstained=max(told) < abstain_below,
    )


def _row(prediction: Prediction) -> list[float]:
    return [prediction.probabilities[emotion] for emotion in EMOTIONS]


def _log_odds(probabilities: FloatArray) -> FloatArray:
    logs = np.log(np.maximum(probabilities, _LEAST))
    odds: FloatArray = logs - logs.mean(axis=-1, keepdims=True)
    return odds
