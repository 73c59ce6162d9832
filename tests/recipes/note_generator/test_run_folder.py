import json
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("safetensors", reason="storing a run needs safetensors")

from recipes.note_generator.adversarial import AdversarialSettings  # noqa: E402
from recipes.note_generator.objectives import OBJECTIVES  # noqa: E402
from recipes.note_generator.progressive_growing import Growth  # noqa: E402
from recipes.note_generator.reconstruction import ReconstructionSettings  # noqa: E402
from recipes.note_generator.run_folder import StoredRun, has_run, save_run  # noqa: E402
from recipes.note_generator.trainer import Settings, Trainer, TrainingNotes  # noqa: E402

from moodprint.errors import BundleError, MissingFileError  # noqa: E402
from moodprint.generation.note_generator.architecture import Normalizer  # noqa: E402
from moodprint.generation.note_quality.note_shards import NoteLabel  # noqa: E402
from recipes.note_generator import run_folder  # noqa: E402

NORMALIZER = Normalizer(0.07, 0.1, 0.8, 0.0)
GROWING = AdversarialSettings(
    growth=Growth(blocks=3, stable_images=4, fade_images=8),
    base_filters=64, most_filters=16, batch=4, largest_batch=4,
)  # fmt: skip
REBUILDING = ReconstructionSettings(
    ("reed (a)", "string (a)"), base_filters=64, most_filters=8, batch=2, frames=4
)
EXAMPLES: dict[str, Settings] = {each.objective: each for each in (GROWING, REBUILDING)}


@pytest.fixture(scope="module")
def notes() -> TrainingNotes:
    torch.manual_seed(0)
    names = ("reed", "string") * 2
    labels = tuple(NoteLabel(name, 40 + k, 100, "a") for k, name in enumerate(names))
    return TrainingNotes(torch.rand(4, 2, 128, 1024).half() - 0.5, labels, NORMALIZER)


@pytest.fixture(params=OBJECTIVES)
def settings(request: pytest.FixtureRequest) -> Settings:
    return EXAMPLES[request.param]


def _trained(settings: Settings, notes: TrainingNotes, steps: int = 2) -> Trainer:
    trainer = settings.trainer(notes)
    for _ in range(steps):
        trainer.step()
    return trainer


def _same(first: Trainer, second: Trainer) -> bool:
    ours, theirs = first.network_state(), second.network_state()
    return list(ours) == list(theirs) and all(torch.equal(ours[n], theirs[n]) for n in ours)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def test_a_resumed_run_gives_the_weights_of_one_that_never_stopped(
    settings: Settings, notes: TrainingNotes, tmp_path: Path
) -> None:
    assert not has_run(tmp_path)
    save_run(_trained(settings, notes), NORMALIZER, tmp_path)
    assert has_run(tmp_path)
    stored = StoredRun.open(tmp_path)
    assert (stored.settings, stored.normalizer) == (settings, NORMALIZER)
    resumed = stored.settings.trainer(notes)
    stored.resume(resumed)
    assert resumed.step_number == 2
    resumed.step()
    assert _same(resumed, _trained(settings, notes, 3))


def test_a_state_is_written_in_shards_over_the_one_before(
    settings: Settings, notes: TrainingNotes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_folder, "LARGEST_SHARD_BYTES", 50_000)
    trainer = settings.trainer(notes)
    for _ in range(2):
        trainer.step()
        save_run(trainer, NORMALIZER, tmp_path)
    shards = list(tmp_path.glob("*.safetensors"))
    assert len(shards) > 2
    assert all(shard.name.startswith("state-2-") for shard in shards)
    again = settings.trainer(notes)
    StoredRun.open(tmp_path).resume(again)
    assert _same(trainer, again)


def test_a_compact_state_is_small_and_nearly_the_same(
    settings: Settings, notes: TrainingNotes, tmp_path: Path
) -> None:
    trainer = _trained(settings, notes, 7)
    for compact in (False, True):
        save_run(trainer, NORMALIZER, tmp_path / str(compact), compact=compact)
    assert _size(tmp_path / "True") < 0.36 * _size(tmp_path / "False")
    again = settings.trainer(notes)
    StoredRun.open(tmp_path / "True").resume(again)
    theirs = again.network_state()
    for name, tensor in trainer.network_state().items():
        assert torch.allclose(tensor, theirs[name], rtol=0.01), name
    again.step()


def test_a_run_becomes_the_generator_that_it_averaged(
    settings: Settings, notes: TrainingNotes, tmp_path: Path
) -> None:
    trainer = _trained(settings, notes, 5)
    save_run(trainer, NORMALIZER, tmp_path)
    network = StoredRun.open(tmp_path).generator()
    assert len(network.blocks) == settings.grown(trainer.images)
    state = trainer.network_state()
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, state[f"average.{name}"])


def test_blocks_that_have_not_wholly_faded_in_are_left_out(
    notes: TrainingNotes, tmp_path: Path
) -> None:
    trainer = _trained(GROWING, notes, 5)
    assert trainer.progress == 2.5
    save_run(trainer, NORMALIZER, tmp_path)
    assert len(StoredRun.open(tmp_path).generator().blocks) == 2


def test_learned_points_come_by_name_where_there_are_any(
    notes: TrainingNotes, tmp_path: Path
) -> None:
    for settings, names in ((REBUILDING, list(REBUILDING.instruments)), (GROWING, [])):
        save_run(_trained(settings, notes, 1), NORMALIZER, tmp_path / settings.objective)
        points = StoredRun.open(tmp_path / settings.objective).instrument_points()
        assert list(points) == names
        assert all(point.shape == (8,) for point in points.values())


def test_a_run_of_before_there_were_objectives_is_adversarial(
    notes: TrainingNotes, tmp_path: Path
) -> None:
    save_run(_trained(GROWING, notes, 1), NORMALIZER, tmp_path)
    card = json.loads((tmp_path / "training.json").read_text())
    assert card.pop("objective") == "adversarial"
    (tmp_path / "training.json").write_text(json.dumps(card))
    assert StoredRun.open(tmp_path).settings == GROWING


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"step": 1, "images": 1, "parts": []}', '{"objective": "luck"}']
)
def test_a_missing_or_broken_card_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(MissingFileError, match="training writes it"):
        StoredRun.open(tmp_path)
    (tmp_path / "training.json").write_text(text)
    with pytest.raises(BundleError, match="not the card of a training run"):
        StoredRun.open(tmp_path)


def test_a_broken_or_foreign_state_is_refused(
    settings: Settings, notes: TrainingNotes, tmp_path: Path
) -> None:
    save_run(_trained(settings, notes, 1), NORMALIZER, tmp_path)
    other = replace(settings, most_filters=4).trainer(notes)
    with pytest.raises(BundleError, match="this trainer's networks"):
        StoredRun.open(tmp_path).resume(other)
    for shard in tmp_path.glob("*.safetensors"):
        shard.write_bytes(b"")
    with pytest.raises(BundleError, match="cannot be read"):
        StoredRun.open(tmp_path).generator()
    with pytest.raises(BundleError, match="cannot be read"):
        StoredRun.open(tmp_path).resume(settings.trainer(notes))


def test_every_objective_has_an_example() -> None:
    assert set(EXAMPLES) == set(OBJECTIVES)
