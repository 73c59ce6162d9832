import math
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("safetensors", reason="storing a run needs safetensors")

from recipes.note_generator.progressive_growing import Growth  # noqa: E402
from recipes.note_generator.trainer import (  # noqa: E402
    Trainer,
    TrainingSettings,
    shrunk,
)

from moodprint.errors import BundleError, MissingFileError, OptionError  # noqa: E402
from moodprint.generation.note_generator.weights import Normalizer  # noqa: E402
from recipes.note_generator import state  # noqa: E402

NORMALIZER = Normalizer(0.07, 0.1, 0.8, 0.0)
SMALL = TrainingSettings(
    growth=Growth(blocks=3, stable_images=4, fade_images=8),
    base_filters=64, most_filters=16, batch=4, largest_batch=4, seed=3,
)  # fmt: skip


@pytest.fixture(scope="module")
def notes() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.rand(6, 2, 128, 1024).half() - 0.5


def _trainer(notes: torch.Tensor, settings: TrainingSettings = SMALL) -> Trainer:
    return Trainer(settings, notes, torch.arange(6) * 10)


def _same(first: Trainer, second: Trainer) -> bool:
    pairs = zip(state._networks(first), state._networks(second), strict=True)
    return all(torch.equal(a, b) for (_, a), (_, b) in pairs)


def test_networks_grow_and_learn(notes: torch.Tensor) -> None:
    trainer = _trainer(notes)
    before = [p.clone() for p in trainer.average.parameters()]
    reports = [trainer.step() for _ in range(7)]
    assert [report.images for report in reports] == [4, 8, 12, 16, 20, 24, 28]
    assert [report.progress for report in reports][:4] == [1, 1, 1.5, 2]
    assert reports[-1].progress == 3
    assert all(math.isfinite(loss) for report in reports for loss in report.losses.values())
    moved = [(a - b).abs().max() for a, b in zip(before, trainer.average.parameters(), strict=True)]
    assert sum(m > 0 for m in moved) >= len(moved) - 2  # the outputs of outgrown blocks rest


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(
    notes: torch.Tensor,
) -> None:
    first, second, other = (
        _trainer(notes),
        _trainer(notes),
        _trainer(notes, replace(SMALL, seed=4)),
    )
    for trainer in (first, second, other):
        trainer.step()
    assert _same(first, second)
    assert not _same(first, other)


@pytest.mark.parametrize("loss", ["wasserstein", "logistic"])
def test_a_resumed_run_gives_the_weights_of_one_that_never_stopped(
    notes: torch.Tensor, tmp_path: Path, loss: str
) -> None:
    settings = replace(SMALL, loss=loss)
    through = _trainer(notes, settings)
    for _ in range(6):
        through.step()
    stopped = _trainer(notes, settings)
    for _ in range(3):
        stopped.step()
    state.save_state(stopped, NORMALIZER, tmp_path)
    stored, normalizer = state.stored_settings(tmp_path)
    assert (stored, normalizer) == (settings, NORMALIZER)
    resumed = _trainer(notes, stored)
    state.load_state(resumed, tmp_path)
    for _ in range(3):
        resumed.step()
    assert (resumed.step_number, resumed.images) == (6, 24)
    assert _same(through, resumed)


def test_a_state_is_written_in_parts_over_the_one_before(
    notes: torch.Tensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "LARGEST_PART_BYTES", 200_000)
    trainer = _trainer(notes)
    for _ in range(2):
        trainer.step()
        state.save_state(trainer, NORMALIZER, tmp_path)
    parts = list(tmp_path.glob("*.safetensors"))
    assert len(parts) > 2
    assert all(part.name.startswith("state-2-") for part in parts)
    again = _trainer(notes)
    state.load_state(again, tmp_path)
    assert _same(trainer, again)


def test_a_compact_state_is_a_third_of_the_size_and_nearly_the_same(
    notes: torch.Tensor, tmp_path: Path
) -> None:
    trainer = _trainer(notes)
    for _ in range(7):
        trainer.step()
    sizes = []
    for compact in (False, True):
        folder = tmp_path / str(compact)
        state.save_state(trainer, NORMALIZER, folder, compact=compact)
        sizes.append(sum(path.stat().st_size for path in folder.glob("*.safetensors")))
    assert sizes[1] < 0.35 * sizes[0]
    again = _trainer(notes)
    state.load_state(again, tmp_path / "True")
    for (_, a), (_, b) in zip(state._networks(trainer), state._networks(again), strict=True):
        assert torch.allclose(a, b, rtol=0.01)
    again.step()


def test_a_run_becomes_the_generator_that_it_averaged(notes: torch.Tensor, tmp_path: Path) -> None:
    trainer = _trainer(notes)
    for _ in range(5):
        trainer.step()
    state.save_state(trainer, NORMALIZER, tmp_path)
    weights = state.stored_generator(tmp_path)
    assert weights.normalizer == NORMALIZER
    assert trainer.progress == 2.5
    assert len(weights.blocks) == 2  # the third has only half faded in
    own = trainer.average.plain_blocks(2)[0].conv1.kernel
    assert (weights.blocks[0].conv1.kernel == own).all()


def test_half_precision_trains(notes: torch.Tensor) -> None:
    report = _trainer(notes, replace(SMALL, precision="bfloat16")).step()
    assert all(math.isfinite(loss) for loss in report.losses.values())


def test_notes_shrink_to_the_resolution_and_fade_with_it() -> None:
    image = torch.rand(1, 2, 128, 1024)
    assert shrunk(image, 1.0, 7).shape == (1, 2, 2, 16)
    assert torch.equal(shrunk(image, 7.0, 7), image)
    fading = shrunk(image, 6.25, 7)
    coarse = shrunk(image, 6.0, 7).repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(fading, torch.lerp(coarse, image, 0.25), atol=1e-6)


def test_coarse_blocks_take_larger_batches() -> None:
    settings = TrainingSettings(batch=8, largest_batch=32)
    assert [settings.batch_at(p) for p in (1, 3, 4, 4.5, 5, 6, 7)] == [32, 32, 32, 16, 16, 8, 8]


def test_settings_that_cannot_be_are_refused() -> None:
    for change in ({"loss": "hope"}, {"precision": "int1"}, {"batch": 0}):
        with pytest.raises(OptionError):
            replace(SMALL, **change)


def test_a_missing_or_broken_run_is_refused(notes: torch.Tensor, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        state.stored_settings(tmp_path)
    for text in ("{", "[]", '{"step": 1, "images": 1, "parts": ["gone"]}'):
        (tmp_path / "training.json").write_text(text)
        with pytest.raises(BundleError):
            state.load_state(_trainer(notes), tmp_path)
    with pytest.raises(BundleError):
        state.stored_settings(tmp_path)
    trainer = _trainer(notes, replace(SMALL, most_filters=8))
    trainer.step()
    state.save_state(trainer, NORMALIZER, tmp_path)
    with pytest.raises(BundleError, match="networks"):
        state.load_state(_trainer(notes), tmp_path)
