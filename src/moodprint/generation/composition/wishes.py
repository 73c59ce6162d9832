"""What a prompt asks of a piece: its emotion, tempo, mode, instruments, drums."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.generation.composition.choice import Wishes
from moodprint.generation.prompts.understanding import Understanding, checked_prompt, understood
from moodprint.generation.prompts.vocabulary import Vocabulary

_TEMPO_BPM = {"fast": 150.0, "slow": 62.0}
_NAMED_TEMPO = re.compile(r"\b(\d{2,3})\s*bpm\b", re.IGNORECASE)
_TEMPO_LIMITS_BPM = (30.0, 240.0)

PLAYED_BY = {
    "piano": "yamaha grand piano",
    "guitar": "nylon string guitar",
    "acoustic guitar": "steel string guitar",
    "electric guitar": "distortion guitar",
    "saxophone": "tenor sax",
    "bells": "glockenspiel",
    "choir": "ahh choir",
    "organ": "church organ",
    "brass": "brass section",
    "accordion": "accordian",
    "synthesizer": "saw wave",
    "synth": "saw wave",
    "bass": "fingered bass",
}
"""Common names of instruments, beside those that the generator itself has."""


def wishes_of(prompt: str, known: Iterable[str]) -> tuple[Emotion | None, Wishes]:
    """The emotion that a prompt asks for, None where it names none, and its other wishes; ``known``
    are the generator's instruments.

    Raises:
        OptionError: no prompt, too long a one, or a tempo that no music has.
    """
    text = checked_prompt(prompt)
    understanding = understood(text, Vocabulary.load())
    asked = set(understanding.asked.traits)
    minor = True if "minor" in asked else False if "major" in asked else None
    drums = True if "drums" in asked else None
    if "drums" in understanding.refused.traits or "beatless" in asked:
        drums = False
    wishes = Wishes(_tempo(text, asked), minor, _instruments(text, known), drums)
    return _emotion(understanding), wishes


def _emotion(understanding: Understanding) -> Emotion | None:
    if understanding.asked.emotions:
        return understanding.asked.emotions[0]
    votes = Counter(emotion for term in understanding.asked.terms for emotion in term.emotions)
    allowed = [emotion for emotion in EMOTIONS if emotion not in understanding.refused.emotions]
    return max(allowed, key=lambda emotion: votes[emotion]) if votes else None


def _tempo(text: str, asked: set[str]) -> float | None:
    named = _NAMED_TEMPO.search(text)
    if named is None:
        return next((bpm for trait, bpm in _TEMPO_BPM.items() if trait in asked), None)
    tempo_bpm, (low, high) = float(named[1]), _TEMPO_LIMITS_BPM
    if not low <= tempo_bpm <= high:
        raise OptionError(f"a tempo is from {low:g} to {high:g} bpm, not {tempo_bpm:g}")
    return tempo_bpm


def _instruments(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those that a prompt names, in its order; the longest name that fits counts."""
    names = {**PLAYED_BY, **{name: name for name in known}}
    found: list[tuple[int, str]] = []
    rest = text.lower()
    for name in sorted(names, key=len, reverse=True):
        match = re.search(rf"\b{re.escape(name)}s?\b", rest)
        if match and not re.search(r"\b(no|without)\s+$", rest[: match.start()]):
            found.append((match.start(), names[name]))
        if match:
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return tuple(instrument for _, instrument in sorted(found))
