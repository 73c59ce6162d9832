"""One colour an emotion, the same in the terminal, the page, the charts and the subtitles.

The hues come from Okabe and Ito's palette for all kinds of colour vision (2008), so that no two
emotions merge for a colour-blind reader; fear is the bluish purple that the set lacks on dark.
Each has a shade for light grounds and one for dark ones, at least 3:1 against either ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moodprint.emotion import Emotion

ON_LIGHT: Mapping[Emotion, str] = MappingProxyType(
    {
        Emotion.ANGRY: "#c8442b",
        Emotion.CALM: "#12876a",
        Emotion.FEAR: "#8a4fb5",
        Emotion.HAPPY: "#b87a00",
        Emotion.SAD: "#2f6fb7",
    }
)
ON_DARK: Mapping[Emotion, str] = MappingProxyType(
    {
        Emotion.ANGRY: "#f0705a",
        Emotion.CALM: "#35c29c",
        Emotion.FEAR: "#c08cea",
        Emotion.HAPPY: "#f2b632",
        Emotion.SAD: "#62a8f0",
    }
)
LETTERS: Mapping[Emotion, str] = MappingProxyType({emotion: emotion[0] for emotion in Emotion})
"""What stands for an emotion where there are no colours: a, c, f, h, s."""
