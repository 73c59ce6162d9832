"""A recogniser whose emotions come from the winner of a study, and all else from a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from moodprint.audio.resample import StreamResampler, resampled
from moodprint.bundle import Bundle, open_bundle
from moodprint.clip import Clip, FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError, OptionError
from moodprint.features.feature_set import FeatureSet
from moodprint.features.registry import feature_sets
from moodprint.models.classifiers.card import WEIGHTS, ClassifierCard
from moodprint.models.classifiers.skops_file import loaded
from moodprint.models.emotion_net.network_onnx import EmotionNetwork, FrameOutputs


class StudyRecogniser:
    """Classifies stretches of the length that the classifier learned from.

    The emotion of each stretch is that of the bundle's classifier over its features; presence,
    valence and arousal are those of ``base``, by default the network that ships with moodprint.

    Raises:
        BundleError: the bundle is of another kind, broken, or names other than the five emotions.
        MissingExtraError, MissingWeightsError: its features or classifier cannot be had here.
    """

    def __init__(
        self, bundle: Bundle, threads: int = 1, base: EmotionNetwork | None = None
    ) -> None:
        card = bundle.card_as(ClassifierCard)
        if set(card.labels) != {emotion.value for emotion in EMOTIONS}:
            raise BundleError(
                f"{bundle.path}: its labels are {', '.join(card.labels)}; an analysis takes "
                f"{', '.join(EMOTIONS)}"
            )
        self.name = bundle.name
        self._order = [card.labels.index(emotion.value) for emotion in EMOTIONS]
        self._segment_s = card.segment_s
        self._sets = _sets(bundle, card)
        self._classifier = loaded(bundle.read(WEIGHTS), card.learned, len(card.labels))
        self._base = base or EmotionNetwork(open_bundle(), threads)
        self.row_s = self._base.row_s
        rates = [each.sample_rate_hz for each in self._sets]
        self.sample_rate_hz = max(self._base.sample_rate_hz, *rates)

    def infer(self, blocks: Iterable[FloatArray]) -> FrameOutputs:
        """The rows of a mono sound in blocks [n] at ``sample_rate_hz``. Memory holds one segment,
        not the sound."""
        logits: list[FloatArray] = []
        outputs = self._base.infer(self._passed_on(blocks, logits))
        if not logits:
            return outputs
        middles_s = (np.arange(outputs.rows) + 0.5) * outputs.row_s
        segment = np.minimum(middles_s // self._segment_s, len(logits) - 1).astype(int)
        return replace(outputs, emotion=np.stack(logits)[segment])

    def _passed_on(
        self, blocks: Iterable[FloatArray], logits: list[FloatArray]
    ) -> Iterator[FloatArray]:
        """The blocks at the base's rate; meanwhile the logits [K] of each segment are appended.

        A rest shorter than half a segment counts to the segment before it, if there is one.
        """
        size = round(self._segment_s * self.sample_rate_hz)
        same = self.sample_rate_hz == self._base.sample_rate_hz
        resampler = StreamResampler(self.sample_rate_hz, self._base.sample_rate_hz)
        held = np.zeros(0, np.float32)
        for block in blocks:
            yield block if same else resampler.push(block[None])[0]
            held = np.concatenate([held, block])
            while len(held) >= size:
                logits.append(self._logits(held[:size]))
                held = held[size:]
        if not same:
            yield resampler.finish()[0]
        if len(held) > size / 2 or (len(held) and not logits):
            logits.append(self._logits(held))

    def _logits(self, samples: FloatArray) -> FloatArray:
        """The logits of a segment [K] in the order of the emotions."""
        clip = Clip(samples, self.sample_rate_hz)
        rows = [each.extract(resampled(clip, each.sample_rate_hz)) for each in self._sets]
        scores = self._classifier.scores(np.concatenate(rows)[None])[0]
        return np.asarray(scores[self._order], np.float32)


def _sets(bundle: Bundle, card: ClassifierCard) -> tuple[FeatureSet, ...]:
    """The feature sets of a card, each of which can be computed here."""
    try:
        sets = feature_sets(card.combination, card.options)
    except (OptionError, TypeError) as error:
        raise BundleError(f"{bundle.path}: its features cannot be had: {error}") from error
    for each in sets:
        each.check()
    return sets
