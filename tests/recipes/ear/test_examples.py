"""What recipes/ear/examples.py loads of what was prepared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear.prepare import prepared_path
from recipes.ear.sources import Item

from recipes.ear import examples as module

ROWS = 6


def opinions(dense, embedding):
    """81 times the sum of both means, so that it tells what it was given."""
    both = dense.mean(axis=1) + embedding.mean(axis=1)
    return np.repeat(both[:, None], module.OPINIONS, axis=1)


@pytest.fixture
def keep(tmp_path):
    """Writes one part of an item of a corpus as ``prepare`` does."""

    def write(corpus, part, **arrays):
        item = Item(Path("a.ogg"), corpus, "artist")
        path = prepared_path(tmp_path, item, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)
        return item

    return write


def sound(rows=ROWS):
    return {"mel": np.full((rows * 32 + 5, 64), 99, np.uint8), "chroma": np.ones((rows - 1, 12))}


def answers(width, wide, value, rows=ROWS, asked=True):
    return {
        "logits": np.full((rows, width), value, np.float16),
        "embedding": np.full((rows, wide), value, np.float16),
        "asked": np.full(rows, asked),
    }


def test_an_item_without_sound_is_passed_over(tmp_path):
    assert module.load_examples([Item(Path("a.ogg"), "4q", "artist")], tmp_path) == []


def test_sound_alone_is_enough_for_heads(keep, tmp_path):
    (example,) = module.load_examples([keep("4q", "sound", **sound())], tmp_path)
    assert example.rows == ROWS
    assert example.mel.shape == (ROWS * 32, 64)
    assert example.chroma.sum(axis=1).tolist() == [12] * (ROWS - 1) + [0]
    assert example.targets is None


def test_music_that_a_teacher_was_not_asked_about_is_passed_over(keep, tmp_path):
    item = keep("4q", "sound", **sound())
    assert module.load_examples([item], tmp_path, opinions) == []
    keep("4q", "yamnet", **answers(521, 1024, 2))
    assert module.load_examples([item], tmp_path, opinions) == []


def test_opinions_stand_on_both_teachers(keep, tmp_path):
    item = keep("4q", "sound", **sound())
    keep("4q", "yamnet", **answers(521, 1024, 2))
    keep("4q", "musicnn", **answers(50, 200, -3))
    (example,) = module.load_examples([item], tmp_path, opinions)
    targets = example.known_targets
    assert targets.opinions.shape == (ROWS, 81)
    assert (targets.opinions == -1).all()
    assert not targets.tags_embedding.any()  # rectified
    assert targets.asked.tolist() == [[1.0]] * ROWS


def test_musicnn_is_not_missed_where_there_is_no_music(keep, tmp_path):
    item = keep("noise", "sound", **sound())
    keep("noise", "yamnet", **answers(521, 1024, 2))
    (example,) = module.load_examples([item], tmp_path, opinions)
    targets = example.known_targets
    assert targets.tags.shape == (ROWS, 50)
    assert not targets.asked.any()
    assert not targets.opinions.any()


def test_components_keep_what_varies():
    rng = np.random.default_rng(2)
    samples = rng.normal(size=(400, 6)) * (10, 3, 0.01, 0.01, 0.01, 0.01)
    components = module.Components.of(samples, 2)
    scores = components(samples)
    assert scores.std(axis=0) == pytest.approx([1, 0.3], rel=0.1)
    assert scores.mean(axis=0) == pytest.approx([0, 0], abs=1e-4)


def test_scaled_targets_are_of_unit_size_and_unasked_rows_do_not_count(example):
    rng = np.random.default_rng(0)
    plain = example("4q", "music", -20, rows=200, tagged=True)
    targets = replace(
        plain.known_targets,
        embedding=rng.normal(5, 3, (200, 8)),
        tags_embedding=rng.normal(0, 7, (200, 200)),
        opinions=rng.normal(-2, 4, (200, 81)),
    )
    given = [replace(plain, targets=targets), example("noise", "other", -20)]
    scaling = module.Scaling.of(given, components=3)
    scaled = given[0].scaled(scaling).known_targets
    assert scaled.embedding.shape == (200, 3)
    assert scaled.tags_embedding.std() == pytest.approx(1, abs=0.05)
    assert scaled.opinions.mean() == pytest.approx(0, abs=0.01)
    assert scaled.opinions.std() == pytest.approx(1, abs=0.05)
    assert np.abs(scaled.opinions).max() <= 4
