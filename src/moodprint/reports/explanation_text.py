"""Explanations in words: what stands out in the music, and speaks for the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from moodprint.emotion import Emotion
from moodprint.explanation import Cue, Explanation
from moodprint.plain_text import one_line

MOST_FOR = 3
"""Cues that are named for an answer: more than a reader keeps in mind tell nothing."""

NOTHING = "no cue stands out"

_LEAST_DEVIATION = 0.4
"""Standard deviations: two thirds of all music lie further from the mean of a cue, and a word such
as "slow" said of the rest would mislead."""

_LEAST_CONTRIBUTION = 0.05
"""Of a logit: less changes a probability by at most a hundredth or so."""

_LEAST_AGAINST = 0.5
"""Of the strongest cue for the answer: what speaks less against it is not named."""


def explanation_words(explanation: Explanation, answered: Emotion) -> str:
    """``slow (62 bpm), minor, dark (820 Hz); against it: loud (-9 LUFS)``.

    At most three cues that stand out and speak for the answer, strongest first; and one against it,
    where that is strong. Where the cues alone would have given another answer they explain nothing:
    then that is said, and what stands out in the music is told without a verdict.
    """
    outstanding = [cue for cue in explanation.cues if _stands_out(cue)]
    ranked = sorted(outstanding, key=lambda cue: -cue.contribution)
    if explanation.cues_say != answered:
        notable = sorted(outstanding, key=lambda cue: -abs(cue.contribution))[:MOST_FOR]
        return f"the cues point elsewhere ({_listed(notable, explanation) or NOTHING})"
    speak_for = [cue for cue in ranked[:MOST_FOR] if cue.contribution >= _LEAST_CONTRIBUTION]
    said = _listed(speak_for, explanation) or NOTHING
    strongest = speak_for[0].contribution if speak_for else _LEAST_CONTRIBUTION
    if ranked and ranked[-1].contribution <= -max(_LEAST_AGAINST * strongest, _LEAST_CONTRIBUTION):
        said += f"; against it: {cue_words(ranked[-1], explanation.key)}"
    return said


def _listed(cues: Sequence[Cue], explanation: Explanation) -> str:
    return ", ".join(cue_words(cue, explanation.key) for cue in cues)


def cue_words(cue: Cue, key: str | None = None) -> str:
    """``slow (62 bpm)``; the name of the key in place of the mode, where they agree."""
    if cue.value is None:
        return "none"
    low, high, say = _words(cue)
    if cue.name == "mode":
        mode = high if cue.value > 0 else low
        return key if key is not None and key.endswith(mode) else mode
    word = high if cue.deviation > 0 else low
    return word if say is None else f"{word} ({say(cue.value)})"


def value_words(cue: Cue) -> str:
    """The value with its unit, as people read it: ``62 bpm``, ``around A3``, ``0.31``."""
    if cue.value is None:
        return "none"
    _, _, say = _words(cue)
    return f"{cue.value:.2f}" if say is None else say(cue.value)


def _words(cue: Cue) -> tuple[str, str, Callable[[float], str] | None]:
    """What less and more of a cue are called, and what writes its value. An answer of another
    version may hold a cue that is not known here: it is told by its name."""
    from moodprint.recognition.explanation.cues.table import CUES  # loads what measures them

    if cue.name in CUES:
        kind = CUES[cue.name]
        return kind.low, kind.high, kind.say
    name = one_line(cue.name).replace("_", " ")
    return f"low {name}", f"high {name}", None


def _stands_out(cue: Cue) -> bool:
    return cue.value is not None and (abs(cue.deviation) >= _LEAST_DEVIATION or cue.name == "mode")
