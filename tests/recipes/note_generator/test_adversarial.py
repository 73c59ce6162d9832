import math
from dataclasses import asdict, replace

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recipes.note_generator.adversarial import (  # noqa: E402
    AdversarialSettings,
    AdversarialTrainer,
    shrunk,
)
from recipes.note_generator.progressive_growing import Growth  # noqa: E402
from recipes.note_generator.trainer import TrainingNotes  # noqa: E402

from moodprint.errors import OptionError  # noqa: E402
from moodprint.generation.note_generator.architecture import Normalizer  # noqa: E402
from moodprint.generation.note_quality.note_shards import NoteLabel  # noqa: E402

SMALL = AdversarialSettings(
    growth=Growth(blocks=3, stable_images=4, fade_images=8),
    base_filters=64, most_filters=16, batch=4, largest_batch=4, seed=3,
)  # fmt: skip


@pytest.fixture(scope="module")
def notes() -> TrainingNotes:
    torch.manual_seed(0)
    labels = tuple(NoteLabel("", 24 + 10 * k, 100, "") for k in range(6))
    images = torch.rand(6, 2, 128, 1024).half() - 0.5
    return TrainingNotes(images, labels, Normalizer(0.07, 0.1, 0.8, 0.0))


def _same(first: AdversarialTrainer, second: AdversarialTrainer) -> bool:
    pairs = zip(first.network_state().items(), second.network_state().items(), strict=True)
    return all(n == m and torch.equal(a, b) for (n, a), (m, b) in pairs)


def test_networks_grow_and_learn(notes: TrainingNotes) -> None:
    trainer = SMALL.trainer(notes)
    before = [p.clone() for p in trainer.average.parameters()]
    reports = [trainer.step() for _ in range(7)]
    assert [report.images for report in reports] == [4, 8, 12, 16, 20, 24, 28]
    assert [report.progress for report in reports][:4] == [1, 1, 1.5, 2]
    assert reports[-1].progress == 3
    assert all(math.isfinite(loss) for report in reports for loss in report.losses.values())
    moved = [(a - b).abs().max() for a, b in zip(before, trainer.average.parameters(), strict=True)]
    assert sum(m > 0 for m in moved) >= len(moved) - 2  # the outputs of outgrown blocks rest


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(
    notes: TrainingNotes,
) -> None:
    trainers = [settings.trainer(notes) for settings in (SMALL, SMALL, replace(SMALL, seed=4))]
    for trainer in trainers:
        trainer.step()
    first, second, other = trainers
    assert _same(first, second)
    assert not _same(first, other)


@pytest.mark.parametrize("loss", ["wasserstein", "logistic"])
def test_a_restored_trainer_goes_on_as_one_that_never_stopped(
    notes: TrainingNotes, loss: str
) -> None:
    settings = replace(SMALL, loss=loss)
    through, stopped, resumed = (settings.trainer(notes) for _ in range(3))
    for _ in range(6):
        through.step()
    for _ in range(3):
        stopped.step()
    state = {n: t.clone() for n, t in stopped.network_state().items()} | stopped.optimizer_state()
    resumed.restore(state, stopped.step_number, stopped.images)
    for _ in range(3):
        resumed.step()
    assert (resumed.step_number, resumed.images) == (6, 24)
    assert _same(through, resumed)


def test_half_precision_trains(notes: TrainingNotes) -> None:
    report = replace(SMALL, precision="bfloat16").trainer(notes).step()
    assert all(math.isfinite(loss) for loss in report.losses.values())


def test_notes_shrink_to_the_resolution_and_fade_with_it() -> None:
    image = torch.rand(1, 2, 128, 1024)
    assert shrunk(image, 1.0, 7).shape == (1, 2, 2, 16)
    assert torch.equal(shrunk(image, 7.0, 7), image)
    fading = shrunk(image, 6.25, 7)
    coarse = shrunk(image, 6.0, 7).repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(fading, torch.lerp(coarse, image, 0.25), atol=1e-6)


def test_coarse_blocks_take_larger_batches() -> None:
    settings = AdversarialSettings(batch=8, largest_batch=32)
    assert [settings.batch_at(p) for p in (1, 3, 4, 4.5, 5, 6, 7)] == [32, 32, 32, 16, 16, 8, 8]


def test_settings_come_back_from_their_dict() -> None:
    assert AdversarialSettings.from_dict(asdict(SMALL)) == SMALL


def test_a_network_is_of_the_settings_or_of_their_first_blocks() -> None:
    assert [len(SMALL.network(blocks).blocks) for blocks in (None, 2)] == [3, 2]
    assert not SMALL.network().blocks[0].guide
    assert SMALL.grown(19) == 2, "the third is still fading in"
    assert SMALL.instrument_points({}) == {}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"loss": "hope"}, "wasserstein, logistic, not 'hope'"),
        ({"precision": "int1"}, "float32, bfloat16, not 'int1'"),
        ({"batch": 0}, "not 0, 4"),
        ({"batch": 5}, "not 5, 4"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(OptionError, match=says):
        replace(SMALL, **wrong)
