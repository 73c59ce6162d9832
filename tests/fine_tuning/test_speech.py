"""HuBERT and wav2vec 2.0 with chance weights: what learns, what is saved, what it says."""

import json

import numpy as np
import pytest
import soundfile

from moodprint.audio.excerpt import Excerpt
from moodprint.errors import MissingWeightsError
from moodprint.evaluation import Fold
from moodprint.fine_tuning.loop import fine_tune
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.speech import SpeechBackbone
from moodprint.fine_tuning.training_data import TrainingData

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
pytest.importorskip("transformers", reason="the extra deep is not installed")

LABELS = ("low", "high")
ALL = Fold(np.arange(4), np.arange(4))


@pytest.fixture(scope="module")
def excerpts(tones):
    return tones([0.5, 0.5, 0.3, 0.05])


def _options(checkpoint, **more):
    return FineTuningOptions(str(checkpoint), **{"epochs": 1, "longest_s": 0.4, **more})


def _weights(folder):
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors")


def test_the_front_end_stays_and_the_rest_learns(checkpoint, excerpts, tmp_path):
    data = TrainingData(excerpts, np.arange(4) % 2, LABELS)
    tuned = fine_tune(data, ALL, _options(checkpoint), tmp_path)
    before, after = _weights(checkpoint), _weights(tuned.folder)
    prefix = next(name for name in after if "feature_extractor" in name).split("feature_ex")[0]
    same = {name for name in before if np.array_equal(before[name], after[prefix + name])}
    assert {name for name in before if name.startswith("feature_extractor")} <= same
    assert not {name for name in same if name.startswith("encoder.layers") and "weight" in name}


def test_a_saved_network_gives_the_logits_that_it_had(checkpoint, excerpts, tmp_path):
    options = _options(checkpoint)
    backbone = SpeechBackbone(options, LABELS)
    backbone.network.eval()
    with torch.inference_mode():
        expected = [backbone.logits([each], [0.5]).numpy()[0] for each in excerpts]
    backbone.save(tmp_path / "saved")
    scores = SpeechBackbone.scores(tmp_path / "saved", excerpts, options, LABELS)
    assert scores.shape == (4, 2)
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_the_place_chooses_the_part(checkpoint, excerpts):
    backbone = SpeechBackbone(_options(checkpoint, longest_s=0.2), LABELS)
    backbone.network.eval()
    with torch.inference_mode():
        first, last = backbone.logits([excerpts[0]] * 2, [0.0, 1.0]).numpy()
        again = backbone.logits(excerpts[:1], [0.0]).numpy()[0]
    np.testing.assert_allclose(first, again, atol=1e-5)
    assert not np.allclose(first, last, atol=1e-7)


def test_the_labels_go_with_the_network(checkpoint, tmp_path):
    SpeechBackbone(_options(checkpoint), LABELS).save(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["id2label"] == {"0": "low", "1": "high"}


def test_the_same_seed_gives_the_same_head_and_another_another(checkpoint):
    heads = [
        SpeechBackbone(_options(checkpoint, seed=seed), LABELS).network.classifier.weight.detach()
        for seed in (0, 0, 1)
    ]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_a_format_without_a_card_keeps_none(tmp_path):
    SpeechBackbone.sign(tmp_path, {"version": "1"})
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_that_is_not_here_says_how_to_get_it():
    with pytest.raises(MissingWeightsError, match="hf download nobody/has-this"):
        SpeechBackbone(_options("nobody/has-this"), LABELS)


def test_a_shorter_clip_is_filled_up_with_silence(checkpoint, excerpts):
    backbone = SpeechBackbone(_options(checkpoint), LABELS)
    taken = []
    network = backbone.network.forward
    backbone.network.forward = lambda batch: taken.append(batch) or network(batch)
    backbone.logits([excerpts[0], excerpts[2], excerpts[3]], [0.5] * 3)
    (batch,) = taken
    assert batch.shape == (3, 6400)
    assert batch[0, -1600:].abs().max() > 0
    assert batch[1, 4800:].abs().max() == 0
    assert batch[2, 800:].abs().max() == 0


def test_the_shortest_clip_still_fills_the_front_end(checkpoint, excerpts):
    backbone = SpeechBackbone(_options(checkpoint), LABELS)
    with torch.no_grad():
        assert torch.isfinite(backbone.logits([excerpts[3]], [0.0])).all()


def test_loudness_makes_no_difference_where_clips_were_normalised(checkpoint, tmp_path):
    tone = np.sin(2 * np.pi * 440 * np.arange(6400) / 16_000)
    clips = []
    for gain in (0.01, 0.9):
        clips.append(Excerpt(tmp_path / f"{gain}.wav"))
        soundfile.write(clips[-1].path, gain * tone, 16_000, subtype="FLOAT")
    backbone = SpeechBackbone(_options(checkpoint), LABELS)
    backbone.network.eval()
    with torch.no_grad():
        quiet, loud = backbone.logits(clips, [0.0, 0.0]).numpy()
    np.testing.assert_allclose(quiet, loud, atol=1e-2)
