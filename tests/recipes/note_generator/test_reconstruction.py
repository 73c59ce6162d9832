import math
from dataclasses import asdict, replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from pitched_notes import note  # noqa: E402
from recipes.note_generator.melspecgrams import (  # noqa: E402
    fitted_normalizer,
    melspecgrams,
    normalized,
)
from recipes.note_generator.reconstruction import (  # noqa: E402
    InstrumentPoints,
    ReconstructionSettings,
    ReconstructionTrainer,
)
from recipes.note_generator.trainer import TrainingNotes  # noqa: E402

from moodprint.errors import OptionError  # noqa: E402
from moodprint.generation.note_quality.note_shards import NoteLabel, NoteSet  # noqa: E402

PITCHES, KEPT = (36, 60, 72), (1.0, 0.1)
NAMES = ("held (a)", "plucked (a)")
SMALL = ReconstructionSettings(NAMES, base_filters=256, most_filters=16, batch=4, seed=3)


@pytest.fixture(scope="module")
def notes() -> TrainingNotes:
    sounds = np.stack([note(pitch, kept=kept) for kept in KEPT for pitch in PITCHES])
    plain = [name.removesuffix(" (a)") for name in NAMES]
    labels = tuple(NoteLabel(name, pitch, 100, "a") for name in plain for pitch in PITCHES)
    values = melspecgrams(NoteSet(labels, (sounds * 32_767).astype(np.int16)), 1, align=True)
    normalizer = fitted_normalizer(values)
    return TrainingNotes(torch.from_numpy(normalized(values, normalizer)), labels, normalizer)


def _same(first: ReconstructionTrainer, second: ReconstructionTrainer) -> bool:
    ours, theirs = first.network_state(), second.network_state()
    return list(ours) == list(theirs) and all(torch.equal(ours[n], theirs[n]) for n in ours)


def test_it_learns_to_rebuild_notes(notes: TrainingNotes) -> None:
    trainer = replace(SMALL, learning_rate=0.02).trainer(notes)
    losses = [trainer.step().losses["magnitude"] for _ in range(24)]
    assert np.mean(losses[-8:]) < 0.8 * np.mean(losses[:4])
    assert trainer.images == 96


def test_timbre_lies_in_the_first_values_alone(notes: TrainingNotes) -> None:
    trainer = SMALL.trainer(notes)
    trainer.step()
    latent = torch.randn(1, 256, generator=torch.Generator().manual_seed(1))
    other = latent.clone()
    other[:, 8:] = latent[:, 8:].flip(1)
    with torch.no_grad():
        outputs = [trainer.generator.window(z, torch.tensor([30]), 0, 8) for z in (latent, other)]
        apart = trainer.generator.window(-latent, torch.tensor([30]), 0, 8)
    torch.testing.assert_close(*outputs)
    assert (apart - outputs[0]).abs().mean() > 1e-4


def test_a_restored_trainer_goes_on_as_one_that_never_stopped(notes: TrainingNotes) -> None:
    through, stopped, resumed = (SMALL.trainer(notes) for _ in range(3))
    for _ in range(2):
        stopped.step()
    for _ in range(4):
        through.step()
    state = {n: t.clone() for n, t in stopped.network_state().items()} | stopped.optimizer_state()
    resumed.restore(state, stopped.step_number, stopped.images)
    for _ in range(2):
        resumed.step()
    assert resumed.step_number == 4
    assert _same(through, resumed)


def test_settings_make_a_guided_network_and_name_the_points(notes: TrainingNotes) -> None:
    trainer = SMALL.trainer(notes)
    trainer.step()
    assert SMALL.network().blocks[0].guide is not None
    assert len(SMALL.network().blocks) == SMALL.grown(0) == 7
    points = SMALL.instrument_points(trainer.network_state())
    assert list(points) == list(NAMES)
    np.testing.assert_allclose(np.mean(list(points.values()), 0), 0, atol=1e-6)
    with pytest.raises(KeyError):
        SMALL.instrument_points({})


def test_settings_come_back_from_their_dict() -> None:
    assert ReconstructionSettings.from_dict(asdict(SMALL)) == SMALL
    as_json = {**asdict(SMALL), "instruments": list(NAMES)}
    assert ReconstructionSettings.from_dict(as_json) == SMALL


def test_a_note_of_an_unknown_instrument_is_refused(notes: TrainingNotes) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        replace(SMALL, instruments=("held (a)", "other")).trainer(notes)


def test_half_precision_trains(notes: TrainingNotes) -> None:
    report = replace(SMALL, precision="bfloat16").trainer(notes).step()
    assert all(math.isfinite(loss) for loss in report.losses.values())


def test_points_have_the_spread_of_random_ones() -> None:
    points = InstrumentPoints(50, 4)
    with torch.no_grad():
        points.places.mul_(7).add_(3)
    np.testing.assert_allclose(points().detach().mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(points().detach().square().mean(0), 1, atol=1e-4)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"instruments": ("one",)}, "2 instruments or more, not 1"),
        ({"precision": "float8"}, "float32, bfloat16, not 'float8'"),
        ({"timbre_size": 0}, "1 to 256 values, not 0"),
        ({"noise": 1.0}, "below 1, not 1"),
        ({"batch": 0}, "1 note or more, not 0"),
        ({"frames": 129}, "1 to 128 frames of a note, not 129"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(OptionError, match=says):
        replace(SMALL, **wrong)
