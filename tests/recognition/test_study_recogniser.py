import json

import numpy as np
import pytest
from cards import classifier_card, emotion_network_card

from moodprint.bundle import open_bundle, write_bundle
from moodprint.dataset.toy_songs import RECIPES, song
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError
from moodprint.features.acoustic import Acoustic
from moodprint.models.classifiers.fit import fit
from moodprint.models.classifiers.skops_file import dumped
from moodprint.models.classifiers.table import family
from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.recognition.recogniser import calibration_of
from moodprint.recognition.settings import AnalysisSettings
from moodprint.recognition.study_recogniser import StudyRecogniser
from moodprint.recognition.timeline import timeline

pytest.importorskip("skops", reason="the extra study is not installed")

RATE = 22_050


class BaseEar:
    """Hears music everywhere, and counts the samples that it was given."""

    row_s = 0.5
    sample_rate_hz = 16_000
    heard = 0

    def infer(self, blocks):
        self.heard = sum(len(block) for block in blocks)
        seconds = self.heard / self.sample_rate_hz
        rows = max(1, round(seconds / self.row_s))
        return FrameOutputs(
            self.row_s,
            seconds,
            np.full(rows, -20, np.float32),
            np.tile(np.array([0.99, 0.01, 0.01], np.float32), (rows, 1)),
            np.zeros((rows, 5), np.float32),
            np.zeros((rows, 2), np.float32),
            np.zeros((rows, 4), np.float32),
        )


def _song(emotion, seed):
    from moodprint.audio.resample import resampled
    from moodprint.clip import Clip

    made = song(RECIPES[emotion], np.random.default_rng(seed))
    return resampled(Clip(made, 16_000), RATE).mono


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    from moodprint.clip import Clip

    names = sorted(EMOTIONS, reverse=True)  # Another order than ours, on purpose.
    pairs = [(emotion, seed) for emotion in EMOTIONS for seed in range(8)]
    values = np.stack([Acoustic().extract(Clip(_song(*pair), RATE)) for pair in pairs])
    labels = [names.index(emotion) for emotion, _ in pairs]
    model = fit(family("ridge"), values, labels, 5)
    card = classifier_card(
        labels=list(names),
        classifier={"learned": list(model.learned)},
        calibration={"temperature": 0.1, "abstain_below": 0.2},
    )
    folder = tmp_path_factory.mktemp("bundle")
    write_bundle(folder, card, {"model.skops": dumped(model)})
    return open_bundle(folder)


def _changed(bundle, folder, **fields):
    write_bundle(folder, {**bundle.fields, **fields}, {"model.skops": bundle.read("model.skops")})
    return open_bundle(folder)


def test_each_stretch_has_its_own_emotion_in_our_order(bundle):
    sound = np.concatenate([_song("angry", 19), _song("sad", 19)])
    base = BaseEar()
    ear = StudyRecogniser(bundle, base=base)
    hearing = ear.infer(np.array_split(sound, 7))
    assert hearing.emotion.shape == (16, 5)
    assert (hearing.emotion[:8].argmax(axis=1) == EMOTIONS.index("angry")).all()
    assert (hearing.emotion[8:].argmax(axis=1) == EMOTIONS.index("sad")).all()
    assert base.heard == pytest.approx(8 * 16_000, abs=2)


def test_blocks_of_any_size_give_the_same(bundle):
    sound = np.concatenate([_song("happy", 8), _song("sad", 8)[: RATE * 3]])
    whole = StudyRecogniser(bundle, base=BaseEar()).infer([sound])
    parts = StudyRecogniser(bundle, base=BaseEar()).infer(np.array_split(sound, 50))
    np.testing.assert_allclose(whole.emotion, parts.emotion, atol=1e-5)


@pytest.mark.parametrize(("seconds", "stretches"), [(0.0, 0), (1.0, 1), (5.0, 1), (7.0, 2)])
def test_a_short_rest_counts_to_the_stretch_before(bundle, seconds, stretches):
    sound = np.tile(_song("fear", 3), 2)[: int(seconds * RATE)]
    hearing = StudyRecogniser(bundle, base=BaseEar()).infer([sound] if len(sound) else [])
    distinct = len(np.unique(hearing.emotion, axis=0))
    assert distinct == max(1, stretches)
    assert hearing.emotion.any() == (stretches > 0)


def test_a_timeline_can_be_told_from_it(bundle):
    ear = StudyRecogniser(bundle, base=BaseEar())
    answer = timeline(
        ear.infer([_song("angry", 7)]),
        AnalysisSettings(),
        calibration_of(bundle),
        source="x",
        model=ear.name,
    )
    assert answer.overall.emotion == "angry"
    assert answer.model == "acoustic-ridge-1"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"labels": ["Q1", "Q2"], "classifier": {"learned": [0, 1]}}, "labels are Q1, Q2; an ana"),
        ({"features": {"combination": "colour", "options": {}, "segment_s": 4}}, "colour"),
        (
            {"features": {"combination": "acoustic", "options": {"acoustic": {"x": 1}}}},
            "segment_s is missing",
        ),
    ],
)
def test_a_card_that_cannot_be_used_is_refused(bundle, tmp_path, fields, message):
    with pytest.raises(BundleError, match=message):
        StudyRecogniser(_changed(bundle, tmp_path, **fields), base=BaseEar())


def test_a_bundle_of_another_kind_is_refused(tmp_path):
    write_bundle(tmp_path, emotion_network_card(), {"ear.onnx": b""})
    with pytest.raises(BundleError, match="of kind emotion-network, not study"):
        StudyRecogniser(open_bundle(tmp_path), base=BaseEar())


def test_altered_weights_are_refused(bundle, tmp_path):
    (tmp_path / "model.skops").write_bytes(b"something else")
    (tmp_path / "card.json").write_text(json.dumps(dict(bundle.fields)))
    with pytest.raises(BundleError, match="not what its card says"):
        StudyRecogniser(open_bundle(tmp_path), base=BaseEar())
