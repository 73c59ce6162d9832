"""Explanations in words: what stands out in the music, and speaks for the answer."""

from __future__ import annotations

from dataclasses import dataclass

from moodprint.emotion import Emotion
from moodprint.explanation import Cue, Explanation
from moodprint.pitch import note_name

MOST_FOR = 3
_LEAST_DEVIATION = 0.4
_LEAST_CONTRIBUTION = 0.05
_LEAST_AGAINST = 0.5
"""Of the strongest cue for the answer: what speaks less against it is not told."""


@dataclass(frozen=True)
class _Words:
    """What a cue is called below and above the usual, and how its value is told."""

    low: str
    high: str
    value: str = ""


_WORDS = {
    "tempo": _Words("slow", "fast", "{:.0f} bpm"),
    "pulse_clarity": _Words("no clear pulse", "clear pulse"),
    "mode": _Words("minor", "major"),
    "key_clarity": _Words("vague key", "clear key"),
    "loudness": _Words("quiet", "loud", "{:.0f} LUFS"),
    "loudness_change": _Words("fading", "swelling", "{:+.1f} dB/s"),
    "brightness": _Words("dark", "bright", "{:.0f} Hz"),
    "roughness": _Words("smooth", "rough"),
    "onset_density": _Words("few notes", "many notes", "{:.1f}/s"),
    "register": _Words("low", "high", "around {}"),
    "articulation": _Words("held notes", "short notes", "{:.0f} dB falls"),
}


def because(explanation: Explanation, answered: Emotion) -> str:
    """``slow (62 bpm), minor, dark (820 Hz); against it: loud (-9 LUFS)``.

    At most three cues that stand out and speak for the answer, strongest first; one against it,
    where that is strong; and what the cues alone would say, where that is another emotion.
    """
    telling = [cue for cue in explanation.cues if _stands_out(cue)]
    ranked = sorted(telling, key=lambda cue: -cue.contribution)
    speak_for = [cue for cue in ranked[:MOST_FOR] if cue.contribution >= _LEAST_CONTRIBUTION]
    said = ", ".join(cue_words(cue, explanation.key) for cue in speak_for) or "no cue stands out"
    strongest = speak_for[0].contribution if speak_for else _LEAST_CONTRIBUTION
    if ranked and ranked[-1].contribution <= -max(_LEAST_AGAINST * strongest, _LEAST_CONTRIBUTION):
        said += f"; against it: {cue_words(ranked[-1], explanation.key)}"
    if explanation.cues_say != answered:
        said += f"; but the cues say {explanation.cues_say}"
    return said


def cue_words(cue: Cue, key: str | None = None) -> str:
    """``slow (62 bpm)``; the name of the key in place of the mode, where they agree."""
    words = _WORDS[cue.name]
    if cue.value is None:
        return "none"
    if cue.name == "mode":
        mode = words.high if cue.value > 0 else words.low
        return key if key is not None and key.endswith(mode) else mode
    word = words.high if cue.deviation > 0 else words.low
    return f"{word} ({value_words(cue)})" if words.value else word


def value_words(cue: Cue) -> str:
    """The value with its unit, as people read it: ``62 bpm``, ``around A3``, ``0.31``."""
    if cue.value is None:
        return "none"
    form = _WORDS[cue.name].value or "{:.2f}"
    return form.format(note_name(round(cue.value)) if cue.name == "register" else cue.value)


def _stands_out(cue: Cue) -> bool:
    return cue.value is not None and (abs(cue.deviation) >= _LEAST_DEVIATION or cue.name == "mode")
