"""An ear whose sense of emotion is the winner of a study; all else it hears as our own does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from moodprint.audio.resample import StreamResampler, resampled
from moodprint.bundle import Bundle, open_bundle
from moodprint.clip import Clip, FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError, OptionError
from moodprint.features.registry import feature_sets
from moodprint.models.classifiers.skops_file import loaded
from moodprint.models.emotion_net.network import EmotionNetwork, FrameOutputs

KIND = "study"
_WEIGHTS = "model.skops"


class StudyRecogniser:
    """Hears in stretches of the length that the model learned from.

    The emotion of each stretch is that of the bundle's classifier over its features; presence,
    valence and arousal are those of ``base``, by default the ear that ships with moodprint.

    Raises:
        BundleError: the bundle is of another kind, broken, or names other than the five emotions.
        MissingExtraError, MissingWeightsError: its features or classifier cannot be had here.
    """

    def __init__(
        self, bundle: Bundle, threads: int = 1, base: EmotionNetwork | None = None
    ) -> None:
        if bundle.kind != KIND:
            raise BundleError(f"{bundle.path}: is a bundle of kind {bundle.kind!r}, not {KIND!r}")
        labels = bundle.need("labels")
        if set(labels) != {str(emotion) for emotion in EMOTIONS}:
            raise BundleError(
                f"{bundle.path}: tells {', '.join(map(str, labels))}; an analysis takes "
                f"{', '.join(EMOTIONS)}"
            )
        self.name = bundle.name
        self._order = [labels.index(str(emotion)) for emotion in EMOTIONS]
        try:
            self._sets = feature_sets(
                bundle.need("features", "combination"), bundle.need("features", "options")
            )
            self._stretch_s = float(bundle.need("features", "segment_s"))
            learned = tuple(int(label) for label in bundle.need("classifier", "learned"))
        except (OptionError, TypeError, ValueError) as error:
            raise BundleError(f"{bundle.path}: its card cannot be used ({error})") from error
        if not self._stretch_s > 0 or not set(learned) <= set(range(len(labels))):
            raise BundleError(f"{bundle.path}: its card cannot be used (times or classes)")
        for each in self._sets:
            each.check()
        self._classifier = loaded(bundle.read(_WEIGHTS), learned, len(labels))
        self._base = base or EmotionNetwork(open_bundle(), threads)
        self.row_s = self._base.row_s
        rates = [each.sample_rate_hz for each in self._sets]
        self.sample_rate_hz = max(self._base.sample_rate_hz, *rates)

    def infer(self, blocks: Iterable[FloatArray]) -> FrameOutputs:
        """Listen to blocks [n] at ``sample_rate_hz``. Memory holds one stretch, not the sound."""
        told: list[FloatArray] = []
        hearing = self._base.infer(self._both(blocks, told))
        if not told:
            return hearing
        middles_s = (np.arange(hearing.rows) + 0.5) * hearing.row_s
        stretch = np.minimum(middles_s // self._stretch_s, len(told) - 1).astype(int)
        return replace(hearing, emotion=np.stack(told)[stretch])

    def _both(self, blocks: Iterable[FloatArray], told: list[FloatArray]) -> Iterator[FloatArray]:
        """The blocks at the base's rate; meanwhile the scores of each stretch go to ``told``.

        A rest shorter than half a stretch counts to the stretch before it, if there is one.
        """
        size = round(self._stretch_s * self.sample_rate_hz)
        same = self.sample_rate_hz == self._base.sample_rate_hz
        resampler = StreamResampler(self.sample_rate_hz, self._base.sample_rate_hz)
        held = np.zeros(0, np.float32)
        for block in blocks:
            yield block if same else resampler.push(block[None])[0]
            held = np.concatenate([held, block])
            while len(held) >= size:
                told.append(self._scores(held[:size]))
                held = held[size:]
        if not same:
            yield resampler.finish()[0]
        if len(held) > size / 2 or (len(held) and not told):
            told.append(self._scores(held))

    def _scores(self, samples: FloatArray) -> FloatArray:
        """The logits of a stretch [K] in the order of the emotions."""
        clip = Clip(samples, self.sample_rate_hz)
        rows = [each.extract(resampled(clip, each.sample_rate_hz)) for each in self._sets]
        scores = self._classifier.scores(np.concatenate(rows)[None])[0]
        return np.asarray(scores[self._order], np.float32)


def load_recogniser(bundle: Bundle, threads: int = 1) -> EmotionNetwork | StudyRecogniser:
    """What hears for a bundle of either kind."""
    return (
        StudyRecogniser(bundle, threads) if bundle.kind == KIND else EmotionNetwork(bundle, threads)
    )
