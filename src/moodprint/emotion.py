"""The five emotions, their fixed order, and their place on the valence-arousal plane."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Emotion(StrEnum):
    """The five emotions. The order of the members is the order of every array of classes."""

    ANGRY = "angry"
    CALM = "calm"
    FEAR = "fear"
    HAPPY = "happy"
    SAD = "sad"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)


class ValenceArousal(NamedTuple):
    """A point on the plane of Russell (1980): both axes run from -1 to 1.

    Valence goes from unpleasant to pleasant, arousal from sleepy to excited.
    """

    valence: float
    arousal: float


ANCHORS: dict[Emotion, ValenceArousal] = {
    Emotion.ANGRY: ValenceArousal(-0.6, 0.7),
    Emotion.CALM: ValenceArousal(0.5, -0.6),
    Emotion.FEAR: ValenceArousal(-0.7, 0.3),
    Emotion.HAPPY: ValenceArousal(0.7, 0.5),
    Emotion.SAD: ValenceArousal(-0.6, -0.5),
}
"""Where each emotion lies on the plane: rounded from the ratings of film music by
Eerola and Vuoskoski (2011), with happy and calm on the pleasant side and fear less aroused
than anger. Used where a label is an emotion and a point is needed."""


class Quadrant(StrEnum):
    """Quadrants of the plane as music corpora name them (4Q, EMOPIA)."""

    Q1 = "Q1"
    """Pleasant and excited: happy."""
    Q2 = "Q2"
    """Unpleasant and excited: angry, fear."""
    Q3 = "Q3"
    """Unpleasant and sleepy: sad."""
    Q4 = "Q4"
    """Pleasant and sleepy: calm."""


QUADRANT_OF: dict[Emotion, Quadrant] = {
    Emotion.ANGRY: Quadrant.Q2,
    Emotion.CALM: Quadrant.Q4,
    Emotion.FEAR: Quadrant.Q2,
    Emotion.HAPPY: Quadrant.Q1,
    Emotion.SAD: Quadrant.Q3,
}
