"""One colour an emotion, the same in the terminal, the page, the charts and the subtitles.

The five were searched for in the hues that people give these emotions, under two conditions that
the tests hold: each stands out from white and from near black (3:1 or more, WCAG 2.2), and no two
merge, in normal sight or with any colour blindness (simulated after Machado et al., 2009).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moodprint.emotion import Emotion

COLOURS: Mapping[Emotion, str] = MappingProxyType(
    {
        Emotion.ANGRY: "#b83a1a",
        Emotion.CALM: "#0d7b72",
        Emotion.FEAR: "#8146c4",
        Emotion.HAPPY: "#b68e3a",
        Emotion.SAD: "#5a8ef4",
    }
)
LETTERS: Mapping[Emotion, str] = MappingProxyType({emotion: emotion[0] for emotion in Emotion})
"""What stands for an emotion where there are no colours: a, c, f, h, s."""
