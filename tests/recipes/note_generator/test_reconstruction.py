import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("safetensors", reason="storing a run needs safetensors")

from pitched_notes import note  # noqa: E402
from recipes.note_generator.melspecgrams import (  # noqa: E402
    fitted_normalizer,
    melspecgrams,
    normalized,
)
from recipes.note_generator.note import NoteLabel  # noqa: E402
from recipes.note_generator.note_shards import NoteSet  # noqa: E402
from recipes.note_generator.reconstruction import (  # noqa: E402
    InstrumentPoints,
    ReconstructionLoss,
    ReconstructionSettings,
    Reconstructor,
)

from moodprint.errors import BundleError, OptionError  # noqa: E402
from moodprint.generation.note_generator.weights import Normalizer  # noqa: E402
from recipes.note_generator import state  # noqa: E402

PITCHES, KEPT = (36, 60, 72), (1.0, 0.1)
NAMES = ("held", "plucked")
SMALL = ReconstructionSettings(NAMES, base_filters=256, most_filters=16, batch=4, seed=3)


@pytest.fixture(scope="module")
def notes() -> NoteSet:
    made = [note(pitch, kept=kept) for kept in KEPT for pitch in PITCHES]
    labels = tuple(NoteLabel(name, pitch, 100, "") for name in NAMES for pitch in PITCHES)
    return NoteSet(labels, (np.stack(made) * 32_767).astype(np.int16))


@pytest.fixture(scope="module")
def values(notes: NoteSet) -> np.ndarray:
    return melspecgrams(notes, 1, align=True)


def _trainer(
    values: np.ndarray, settings: ReconstructionSettings = SMALL
) -> tuple[Reconstructor, Normalizer]:
    normalizer = fitted_normalizer(values)
    images = torch.from_numpy(normalized(values, normalizer))
    pitches, instruments = torch.tensor(PITCHES * 2) - 24, torch.tensor([0, 0, 0, 1, 1, 1])
    return Reconstructor(settings, images, pitches, instruments, normalizer), normalizer


def _same(first: Reconstructor, second: Reconstructor) -> bool:
    pairs = zip(state._networks(first), state._networks(second), strict=True)
    return all(torch.equal(a, b) for (_, a), (_, b) in pairs)


def test_it_learns_to_rebuild_notes(values: np.ndarray) -> None:
    trainer, _ = _trainer(values, replace(SMALL, learning_rate=0.02))
    losses = [trainer.step().losses["magnitude"] for _ in range(24)]
    assert np.mean(losses[-8:]) < 0.8 * np.mean(losses[:4])
    assert trainer.images == 96


def test_it_hears_timbre_in_the_first_values_alone(values: np.ndarray) -> None:
    trainer, _ = _trainer(values)
    trainer.step()
    latent = torch.randn(1, 256)
    other = latent.clone()
    other[:, 8:] = latent[:, 8:].flip(1)
    with torch.no_grad():
        made = [trainer.generator.window(z, torch.tensor([30]), 0, 8) for z in (latent, other)]
        apart = trainer.generator.window(-latent, torch.tensor([30]), 0, 8)
    torch.testing.assert_close(*made)
    assert (apart - made[0]).abs().mean() > 1e-4


def test_a_resumed_run_gives_the_weights_of_one_that_never_stopped(
    values: np.ndarray, tmp_path: Path
) -> None:
    through, normalizer = _trainer(values)
    stopped, _ = _trainer(values)
    for _ in range(2):
        stopped.step()
    for _ in range(4):
        through.step()
    state.save_state(stopped, normalizer, tmp_path)
    stored, stored_normalizer = state.stored_settings(tmp_path)
    assert (stored, stored_normalizer) == (SMALL, normalizer)
    resumed, _ = _trainer(values, stored)
    state.load_state(resumed, tmp_path)
    for _ in range(2):
        resumed.step()
    assert resumed.step_number == 4
    assert _same(through, resumed)


def test_a_run_becomes_a_guided_generator_and_named_points(
    values: np.ndarray, tmp_path: Path
) -> None:
    trainer, normalizer = _trainer(values)
    trainer.step()
    state.save_state(trainer, normalizer, tmp_path)
    weights = state.stored_generator(tmp_path)
    assert weights.guided
    assert len(weights.blocks) == 7
    points = state.stored_instruments(tmp_path)
    assert list(points) == list(NAMES)
    np.testing.assert_allclose(np.mean(list(points.values()), 0), 0, atol=1e-6)
    for part in tmp_path.glob("*.safetensors"):
        part.write_bytes(b"")
    with pytest.raises(BundleError):
        state.stored_instruments(tmp_path)


def test_half_precision_trains(values: np.ndarray) -> None:
    report = _trainer(values, replace(SMALL, precision="bfloat16"))[0].step()
    assert all(math.isfinite(loss) for loss in report.losses.values())


def test_points_have_the_spread_of_random_ones() -> None:
    points = InstrumentPoints(50, 4)
    with torch.no_grad():
        points.places.mul_(7).add_(3)
    np.testing.assert_allclose(points().detach().mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(points().detach().square().mean(0), 1, atol=1e-4)


def test_a_phase_is_near_by_the_shorter_way_and_counts_where_it_is_loud() -> None:
    loss = ReconstructionLoss(Normalizer(0.07, 0.1, 0.8, 0.0), 1.0, torch.device("cpu"))
    wanted = torch.zeros(1, 2, 8, 1024)
    wanted[:, 1] = 0.79
    made = wanted.clone()
    made[:, 1, :, 900:] = -0.79
    _, near = loss(made, wanted, torch.zeros(1))
    made[:, 1, :, 900:] = 0.0
    _, far = loss(made, wanted, torch.zeros(1))
    assert 0 < near < 0.1 * far
    _, quiet = loss(made, wanted, torch.full((1,), 2.0))  # all lies more than 60 dB below
    assert quiet == 0
    assert loss(wanted, wanted, torch.zeros(1)) == (0, 0)


@pytest.mark.parametrize(
    "wrong",
    [{"instruments": ("one",)}, {"precision": "float8"}, {"timbre_size": 0}, {"noise": 1.0},
     {"batch": 0}, {"frames": 129}],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        replace(SMALL, **wrong)
