"""The cues by name, in the order of every array of cues."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moodprint.recognition.explanation.cues.articulation import ARTICULATION
from moodprint.recognition.explanation.cues.brightness import BRIGHTNESS
from moodprint.recognition.explanation.cues.contours import Contour
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.key import KEY_CLARITY, MODE
from moodprint.recognition.explanation.cues.loudness import LOUDNESS, LOUDNESS_CHANGE
from moodprint.recognition.explanation.cues.onsets import ONSET_DENSITY
from moodprint.recognition.explanation.cues.register import REGISTER
from moodprint.recognition.explanation.cues.roughness import ROUGHNESS
from moodprint.recognition.explanation.cues.tempo import PULSE_CLARITY, TEMPO

# fmt: off
CUES: Mapping[str, CueKind] = MappingProxyType({
    cue.name: cue
    for cue in (
        TEMPO,
        PULSE_CLARITY,
        MODE,
        KEY_CLARITY,
        LOUDNESS,
        LOUDNESS_CHANGE,
        BRIGHTNESS,
        ROUGHNESS,
        ONSET_DENSITY,
        REGISTER,
        ARTICULATION,
    )
})
# fmt: on
"""To add a cue: its module, its line here, its row in docs/explain.md; then
``recipes/ear/explain.py`` fits the surrogate of the shipped bundle anew."""

CONTOURS: tuple[Contour, ...] = tuple(
    dict.fromkeys(cue.contour for cue in CUES.values() if cue.contour is not None)
)
"""What is gathered of the spectra, each once though several cues need it."""
