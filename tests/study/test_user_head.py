"""A user's labels move the last layer as far as groups left out gain by it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import open_bundle
from moodprint.dataset.gather import Dataset
from moodprint.dataset.samples import Sample
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError, CorpusError, NotMediaError
from moodprint.models.emotion_net.network_onnx import EmotionNetwork
from moodprint.models.emotion_net.user_head import USER_HEAD, UserHead
from moodprint.study.user_head import fit_user_head, write_user_head

WIDTH = 256


def dataset_of(count: int, groups: int, labels: list[str]) -> Dataset:
    samples = tuple(
        Sample(
            id=str(number),
            excerpt=Excerpt(Path(f"{number}.wav")),
            label=labels[number],
            group=f"group {number % groups}",
            song=str(number),
            corpus="mine",
        )
        for number in range(count)
    )
    return Dataset(samples, tuple(map(str, EMOTIONS)))


class Outputs:
    """Logits that know nothing, and an embedding that tells the emotion as far as ``clear``."""

    def __init__(self, labels: list[str], clear: float) -> None:
        rng = np.random.default_rng(0)
        classes = [list(map(str, EMOTIONS)).index(label) for label in labels]
        self.logits = rng.normal(0, 0.5, (len(labels), 5)).astype(np.float32)
        self.embedding = rng.normal(0, 1, (len(labels), WIDTH)).astype(np.float32)
        self.embedding[:, :5] += clear * np.eye(5)[classes]

    def __call__(self, excerpt: Excerpt) -> tuple[np.ndarray, np.ndarray]:
        number = int(excerpt.path.stem)
        return self.logits[number], self.embedding[number]


LABELS = [str(EMOTIONS[number % 5]) for number in range(60)]


def test_what_the_embedding_tells_is_learned_and_measured_on_groups_left_out() -> None:
    found = fit_user_head(dataset_of(60, 12, LABELS), outputs=Outputs(LABELS, 8.0))
    assert found.gains
    assert found.uar_after.value > found.uar_before.value + 0.3
    assert found.loss_after < found.loss_before
    assert (len(found.samples), found.groups) == (60, 12)


def test_labels_by_chance_teach_nothing_and_are_refused() -> None:
    chance = [str(each) for each in np.random.default_rng(3).choice(list(map(str, EMOTIONS)), 60)]
    found = fit_user_head(dataset_of(60, 12, chance), outputs=Outputs(LABELS, 0.0))
    assert found.loss_after > found.loss_before - 0.05
    assert not found.gains or found.uar_after.value < 0.45


def test_the_same_labels_teach_the_same() -> None:
    one, other = (
        fit_user_head(dataset_of(40, 8, LABELS), outputs=Outputs(LABELS, 2.0)) for _ in range(2)
    )
    np.testing.assert_array_equal(one.head.weight, other.head.weight)


@pytest.mark.parametrize(
    ("count", "groups", "labels"),
    [(8, 8, LABELS), (40, 4, LABELS), (40, 8, ["sad"] * 40), (0, 1, [])],
)
def test_too_few_labels_are_refused(count: int, groups: int, labels: list[str]) -> None:
    with pytest.raises(CorpusError, match="teaching takes 10 samples"):
        fit_user_head(dataset_of(count, groups, labels), outputs=Outputs(labels or LABELS, 1.0))


class Sometimes(Outputs):
    """No music in two of the files."""

    def __call__(self, excerpt: Excerpt) -> tuple[np.ndarray, np.ndarray] | None:
        return None if excerpt.path.stem in ("3", "7") else super().__call__(excerpt)


def test_samples_without_music_have_no_say() -> None:
    found = fit_user_head(dataset_of(60, 12, LABELS), outputs=Sometimes(LABELS, 4.0))
    assert len(found.samples) == 58


def test_another_kind_of_model_is_refused() -> None:
    with pytest.raises(BundleError, match="emotion-network"):
        fit_user_head(dataset_of(20, 5, LABELS), "band", outputs=Outputs(LABELS, 1.0))


def test_the_bundle_adds_the_head_to_its_logits_and_says_whose_it_is(
    tmp_path: Path,
) -> None:
    found = fit_user_head(dataset_of(60, 12, LABELS), outputs=Outputs(LABELS, 8.0))
    write_user_head(None, found, tmp_path / "mine")
    bundle = open_bundle(tmp_path / "mine")
    assert bundle.card.version.endswith("-taught")
    assert bundle.fields["training"]["taught"]["from"] == open_bundle().name
    sound = [np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)]
    before, after = (
        EmotionNetwork(open_bundle(*name)).infer(sound) for name in ((), (bundle.path,))
    )
    moved = after.emotion - before.emotion
    np.testing.assert_allclose(moved, found.head(before.embedding), atol=1e-3)
    np.testing.assert_array_equal(after.presence, before.presence)


def test_a_bundle_with_a_head_can_get_another(tmp_path: Path) -> None:
    found = fit_user_head(dataset_of(60, 12, LABELS), outputs=Outputs(LABELS, 8.0))
    write_user_head(None, found, tmp_path / "one")
    write_user_head(str(tmp_path / "one"), found, tmp_path / "two")
    first, second = (UserHead.of(open_bundle(tmp_path / name)) for name in ("one", "two"))
    np.testing.assert_allclose(second.weight, 2 * first.weight, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {"weight": [[0.0] * 5]},
        {"weight": [[0.0] * 4] * 256, "bias": [0.0] * 5},
        {"weight": [[0.0] * 5] * 256, "bias": [0.0] * 4},
        {"weight": [["x"] * 5], "bias": [0.0] * 5},
        {"weight": [[1e400] * 5] * 256, "bias": [0.0] * 5},
    ],
)
def test_a_head_that_is_none_is_refused(tmp_path: Path, stored: object) -> None:
    found = fit_user_head(dataset_of(60, 12, LABELS), outputs=Outputs(LABELS, 8.0))
    write_user_head(None, found, tmp_path / "mine")
    content = json.dumps(stored).encode()
    (tmp_path / "mine" / USER_HEAD).write_bytes(content)
    card = json.loads((tmp_path / "mine" / "card.json").read_text())
    card["files"][USER_HEAD] = hashlib.sha256(content).hexdigest()
    (tmp_path / "mine" / "card.json").write_text(json.dumps(card))
    with pytest.raises(BundleError, match=r"user_head\.json holds no"):
        UserHead.of(open_bundle(tmp_path / "mine"))


def broken(excerpt: Excerpt) -> None:
    raise NotMediaError(f"{excerpt.path}: is no audio")


def test_where_no_sample_can_be_read_the_first_reason_is_told() -> None:
    with pytest.raises(CorpusError, match=r"no sample can be read: 0\.wav: is no audio"):
        fit_user_head(dataset_of(20, 5, LABELS), outputs=broken)
