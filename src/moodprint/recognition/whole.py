"""The answer for a whole file out of its segments: one that its segments hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import UNSURE, Prediction, Segment, mood_shares

_LEAST_OF_THE_LONGEST = 0.5
"""Of the time that the longest-held emotion has, an emotion has at least so much to stand for the
whole: one that is passed in a change from one mood to another does not."""

_LEAST_SHARE = 0.05
"""Of the music: less is not told among the reasons."""


def whole_emotion(segments: Sequence[Segment], probabilities: Mapping[Emotion, float]) -> Emotion:
    """The likeliest emotion of the whole, of those that its segments hold for long.

    The mean of a sad and a happy half may well have fear on top, which no moment holds. Segments
    that are unsure count only where all are. ``segments`` hold music somewhere.
    """
    held = held_emotions(segments)
    longest = max(held.values(), default=0.0)
    able = [emotion for emotion, share in held.items() if share >= _LEAST_OF_THE_LONGEST * longest]
    return max(able or EMOTIONS, key=lambda emotion: probabilities[emotion])


def held_emotions(segments: Sequence[Segment]) -> dict[Emotion, float]:
    """The emotions that segments hold, with their shares of the music's time; where all segments
    are unsure, those that are likeliest in most of them."""
    shares = mood_shares(segments)
    held = {emotion: shares[emotion] for emotion in EMOTIONS if shares[emotion]}
    if held:
        return held
    named = [each.prediction.emotion for each in segments if each.prediction.emotion is not None]
    return {emotion: named.count(emotion) / len(named) for emotion in EMOTIONS if emotion in named}


def why_unsure(overall: Prediction, segments: Sequence[Segment], needed: float) -> str | None:
    """Why no emotion is credible for the whole; None where one is.

    ``needed`` is the confidence from which an answer is credible.
    """
    if not overall.abstained or overall.emotion is None:
        return None
    shares = mood_shares(segments)
    moods = [emotion for emotion in EMOTIONS if shares[emotion] >= _LEAST_SHARE]
    if len(moods) > 1:
        parts = [f"{name} {shares[name]:.0%}" for name in (*moods, UNSURE) if shares[name] > 0]
        return f"no one emotion for the whole: of the music {', '.join(parts)}"
    probability = overall.probabilities[overall.emotion]
    if probability >= needed:
        return (
            f"it is not sure enough that this is music: with that, {overall.emotion} has "
            f"{overall.confidence:.2f}, and {needed:.2f} is needed"
        )
    return (
        f"no emotion stands out: the likeliest, {overall.emotion}, has {probability:.2f}, "
        f"and {needed:.2f} is needed"
    )
