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
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.evaluation.probabilities import softmax
from moodprint.prediction import Answer, Prediction, Segment, Timeline
from moodprint.recognition.voice_over import is_drowned, mostly_drowned
from moodprint.recognition.whole import whole_emotion, why_unsure

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


def adapted(
    answers: Sequence[Answer], abstain_below: float, among: Sequence[Emotion] = EMOTIONS
) -> list[Answer]:
    """The same answers, fitted to one another; failures and files without music as they are.

    An answer is credible from the confidence ``abstain_below``. ``among`` are the emotions that
    the answers were restricted to, in the order of all.

    Raises:
        OptionError: fewer than ``FEWEST`` files have music.
    """
    music = [
        _row(a.overall, among) for a in answers if isinstance(a, Timeline) and a.overall.emotion
    ]
    if len(music) < FEWEST:
        raise OptionError(
            f"to adapt, at least {FEWEST} files with music are needed, and {len(music)} are here"
        )
    fitted = _Fitted(Adaptation.fitted(np.array(music, np.float32)), tuple(among), abstain_below)
    name = f"adapted to {len(music)} files"
    return [
        replace(fitted.timeline(answer), model=f"{answer.model}, {name}")
        if isinstance(answer, Timeline)
        else answer
        for answer in answers
    ]


@dataclass(frozen=True)
class _Fitted:
    """An adaptation at work on answers among some emotions."""

    adaptation: Adaptation
    among: tuple[Emotion, ...]
    abstain_below: float

    def timeline(self, timeline: Timeline) -> Timeline:
        segments = tuple(map(self._segment, timeline.segments))
        overall = self._prediction(timeline.overall, segments)
        if overall.emotion is None:
            return replace(timeline, overall=overall, segments=segments)
        if mostly_drowned(segments):
            overall, reason = replace(overall, abstained=True), timeline.reason
        else:
            reason = why_unsure(overall, segments, self.abstain_below)
        return replace(timeline, overall=overall, segments=segments, reason=reason)

    def _segment(self, segment: Segment) -> Segment:
        moved = self._prediction(segment.prediction)
        if is_drowned(segment):
            moved = replace(moved, abstained=True)
        return replace(segment, prediction=moved)

    def _prediction(self, prediction: Prediction, held: Sequence[Segment] = ()) -> Prediction:
        """An answer moved; that of a whole is one that the segments ``held`` have."""
        if prediction.emotion is None:
            return prediction
        moved = self.adaptation(np.array(_row(prediction, self.among), np.float32)).tolist()
        probabilities = {
            **dict.fromkeys(EMOTIONS, 0.0),
            **dict(zip(self.among, moved, strict=True)),
        }
        music = prediction.confidence / prediction.probabilities[prediction.emotion]
        emotion = (
            whole_emotion(held, probabilities)
            if held
            else max(self.among, key=lambda each: probabilities[each])
        )
        confidence = probabilities[emotion] * music
        return replace(
            prediction,
            emotion=emotion,
            probabilities=probabilities,
            confidence=confidence,
            abstained=confidence < self.abstain_below,
            reliability=None,  # the card's table is of answers that were not moved
        )


def _row(prediction: Prediction, among: Sequence[Emotion]) -> list[float]:
    return [prediction.probabilities[emotion] for emotion in among]


def _log_odds(probabilities: FloatArray) -> FloatArray:
    logs = np.log(np.maximum(probabilities, _LEAST))
    return logs - logs.mean(axis=-1, keepdims=True)
