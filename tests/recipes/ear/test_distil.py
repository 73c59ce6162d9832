"""The training of recipes/ear/distil.py, a few steps of it."""

from __future__ import annotations

from dataclasses import replace
from queue import Queue

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear.student import StudentOutputs  # noqa: E402

from recipes.ear import crops as crops_module  # noqa: E402
from recipes.ear import distil  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread():
    """So small a batch is not worth two threads, which wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def batch():
    """Two crops of two rows, whose teachers say something at random."""
    rng = np.random.default_rng(0)
    shapes = {
        "presence": 3,
        "yamnet": 521,
        "embedding": 192,
        "tags": 50,
        "tags_embedding": 200,
        "opinions": 81,
    }
    parts = {name: rng.normal(size=(2, 2, width)) for name, width in shapes.items()}
    parts["presence"] = (parts["presence"] > 0).astype(float)
    known = {"tags_known": np.ones((2, 2, 1)), "opinions_known": np.ones((2, 2, 81))}
    parts = {"mel_db": rng.normal(-40, 10, (2, 64, 64)), **parts, **known}
    return crops_module.Batch(**{name: each.astype(np.float32) for name, each in parts.items()})


def start(folder, steps=8):
    return distil.Run(folder, distil.Recipe(steps, bfloat16=False), "cpu")


def test_the_rate_rises_and_then_falls_to_nothing():
    recipe = distil.Recipe(1_000)
    rates = [recipe.learning_rate_at(step) for step in range(1_001)]
    assert rates[0] == 0
    assert max(rates) == pytest.approx(recipe.learning_rate)
    assert rates.index(max(rates)) == 30
    assert rates[-1] == pytest.approx(0)
    assert sorted(rates[30:], reverse=True) == rates[30:]


def test_music_counts_more_than_other_sounds_and_moods_most():
    weights = distil.class_weights(torch.zeros(2, 521))
    assert weights.mean() == pytest.approx(1)
    assert weights[271] == pytest.approx(4 * weights[132])
    assert weights[132] == pytest.approx(3 * weights[0])


def test_a_perfect_student_has_only_the_loss_of_its_teachers_doubt(batch):
    tensors = [torch.from_numpy(part) for part in batch]
    _, presence, yamnet, embedding, tags, hidden, opinions, *_ = tensors
    sure = StudentOutputs(None, 50 * (presence - 0.5), yamnet, tags, embedding, hidden, opinions)
    total, parts = distil.loss_of(sure, tensors)
    assert {name for name, part in parts.items() if part < 1e-6} == {
        *("presence", "logits", "embedding", "tags", "hidden", "opinions")
    }
    assert float(total) == pytest.approx(parts["scores"], rel=1e-5)


def test_answers_that_nobody_asked_for_teach_nothing(batch):
    tensors = [torch.from_numpy(part) for part in batch]
    _, presence, yamnet, embedding, tags, hidden, opinions, known, held = tensors
    wrong = StudentOutputs(None, presence, yamnet, tags + 5, embedding, hidden - 5, opinions + 5)
    parts = distil.loss_of(wrong, tensors)[1]
    assert min(parts["tags"], parts["opinions"]) > 5
    parts = distil.loss_of(wrong, [*tensors[:-2], 0 * known, 0 * held])[1]
    assert parts["tags"] == parts["hidden"] == parts["opinions"] == 0


def test_steps_on_one_batch_lower_its_loss(batch, tmp_path):
    run = distil.Run(
        tmp_path, distil.Recipe(8, learning_rate=1e-3, warm_up=0.2, bfloat16=False), "cpu"
    )
    losses = [run.learn(batch)["loss"] for _ in range(5)]
    assert losses[-1] < 0.9 * losses[0]


def test_a_stopped_run_goes_on_where_it_was(batch, tmp_path):
    whole = start(tmp_path / "whole")
    for _ in range(2):
        whole.learn(batch)
    first = start(tmp_path / "cut")
    first.learn(batch)
    first.save()
    second = start(tmp_path / "cut")
    assert second.step == 1
    second.learn(batch)
    for part in ("student", "averaged"):
        one, other = (getattr(run, part).state_dict() for run in (whole, second))
        assert all(torch.equal(one[name], other[name]) for name in one)


def test_training_ends_with_its_steps_and_keeps_a_checkpoint(batch, tmp_path, capsys):
    run, queue = start(tmp_path, steps=2), Queue()
    for _ in range(3):
        queue.put(batch)
    distil.train(run, queue, [batch], minutes=5)
    assert run.step == 2
    assert start(tmp_path).step == 2
    assert '"watched"' in capsys.readouterr().out


def test_training_ends_when_its_time_is_over(batch, tmp_path):
    run, queue = start(tmp_path, steps=100), Queue()
    queue.put(batch)
    distil.train(run, queue, [], minutes=0)
    assert run.step == 0
    assert start(tmp_path).step == 0


def test_no_group_is_learned_from_and_watched(example):
    examples = [example(f"corpus {n % 30}", "music", -20) for n in range(60)]
    learned, watched = distil.held_out(examples)
    assert len(learned) + len(watched) == 60
    assert len(watched) == 4
    groups = [{each.item.group for each in part} for part in (learned, watched)]
    assert not groups[0] & groups[1]


def with_a_wide_embedding(example):
    wide = np.ones((example.rows, distil.COMPONENTS), np.float16)
    return replace(example, targets=replace(example.known_targets, embedding=wide))


def test_heads_begin_with_what_the_embedding_knows(example, tmp_path):
    """Of sounds that are alike it knows nothing, so they begin at the teachers' mean."""
    run = start(tmp_path)
    examples = [example("4q", kind, -20, tagged=True) for kind in ("music", "speech")]
    examples += [example("pool", "music", -20)]  # which nobody asked MusiCNN about
    distil.begin(run, [with_a_wide_embedding(each) for each in examples], None)
    mel_db = torch.from_numpy(distil.from_bytes(examples[0].mel))[None]
    for network in (run.student, run.averaged):
        with torch.inference_mode():
            outputs = network.eval()(mel_db)
        assert outputs.tags.mean() == pytest.approx(1, abs=1e-3)
        assert outputs.opinions.mean() == pytest.approx(1, abs=1e-3)
        assert outputs.yamnet[..., 132].mean() == pytest.approx((3.0 - 10.0) / 2, abs=1e-2)


def test_a_student_that_inherits_begins_with_the_network_that_ships(example, tmp_path):
    run = start(tmp_path)
    examples = [with_a_wide_embedding(example("4q", "music", -20, tagged=True))]
    distil.begin(run, examples, "ear")
    shipped = distil.EmotionNetworkModule.of(distil.open_bundle("ear"))
    mel_db = torch.from_numpy(np.random.default_rng(0).normal(-30, 9, (1, 320, 64))).float()
    with torch.inference_mode():
        own, expected = run.averaged.eval().embedding(mel_db), shipped(mel_db)[3]
    torch.testing.assert_close(own, expected, rtol=1e-2, atol=1e-3)


def test_a_kept_picture_stays_as_it_is(batch, tmp_path):
    recipe = distil.Recipe(4, warm_up=0.2, bfloat16=False, keep_picture=True)
    run = distil.Run(tmp_path, recipe, "cpu")
    before = {name: value.clone() for name, value in run.student.state_dict().items()}
    for _ in range(2):
        run.learn(batch)
    changed = {n for n, v in run.student.state_dict().items() if not torch.equal(v, before[n])}
    assert "fold.0.weight" in changed
    assert not [name for name in changed if name.startswith("picture")]


def test_batches_are_drawn_beside(example):
    crops = crops_module.Crops([example("4q", "music", -20)], rows=4)
    queue = distil.fed(crops, 2)
    assert [queue.get(timeout=20).mel_db.shape for _ in range(2)] == [(2, 128, 64)] * 2
