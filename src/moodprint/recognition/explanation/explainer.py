"""Why a timeline says what it says: its cues, and how a surrogate of the network weighs them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.explanation import Cue, Explanation
from moodprint.prediction import Segment, Timeline
from moodprint.recognition.explanation.cues.contours import Contours
from moodprint.recognition.explanation.cues.measure import Cues, measured
from moodprint.recognition.explanation.cues.recording import Recording
from moodprint.recognition.explanation.surrogate import Surrogate
from moodprint.recognition.tagging import tags_of

if TYPE_CHECKING:
    from moodprint.audio.loudness import ProgrammeLoudness


class Explainer:
    """Explains the answers of one network.

    Raises:
        BundleError: its bundle has no surrogate, or that of another network.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._surrogate = Surrogate.of(bundle)

    def explained(
        self,
        timeline: Timeline,
        contours: Contours,
        loudness: ProgrammeLoudness | None = None,
    ) -> Timeline:
        """The timeline with an explanation of each segment of music, and of the whole, and with
        the tags of the file.

        The whole's contributions are the means of those that the segments make to its emotion.
        """
        recording = Recording(contours)
        pushes: list[FloatArray] = []

        def with_explanation(segment: Segment) -> Segment:
            emotion = segment.prediction.emotion
            if emotion is None:
                return segment
            cues = measured(recording.stretch((segment.start_s, segment.end_s)))
            pushes.append(self._surrogate.logits(cues))
            return replace(segment, explanation=self._explanation(cues, pushes[-1], emotion))

        segments = tuple(with_explanation(segment) for segment in timeline.segments)
        whole, emotion = None, timeline.overall.emotion
        if emotion is not None:
            music = [(s.start_s, s.end_s) for s in segments if s.explanation is not None]
            cues = measured(recording.stretch(*music))
            whole = self._explanation(cues, np.mean(pushes, axis=0), emotion)
            whole = replace(whole, agreement=self._surrogate.agreement)
        tags = tags_of(recording, loudness)
        return replace(timeline, segments=segments, explanation=whole, tags=tags)

    def _explanation(self, cues: Cues, pushes: FloatArray, answered: Emotion) -> Explanation:
        """``pushes`` [C, K] are what the cues add to the logits."""
        top = EMOTIONS.index(answered)
        described = [
            Cue(
                each.kind.name,
                cues.values[each.kind.name],
                each.kind.unit,
                each.place(cues.values[each.kind.name]),
                _margin(push, top),
            )
            for each, push in zip(self._surrogate.effects, pushes, strict=True)
        ]
        logits = pushes.sum(axis=0) + self._surrogate.intercept
        return Explanation(
            cues=tuple(described),
            key=cues.key,
            margin=_margin(logits, top),
            baseline=_margin(self._surrogate.intercept, top),
            cues_say=EMOTIONS[int(logits.argmax())],
        )


def _margin(logits: FloatArray, top: int) -> float:
    """The logit of one emotion less the mean of the others'."""
    return float(logits[top] - np.delete(logits, top).mean())
