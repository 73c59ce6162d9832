"""Both stages train on prepared pictures, stop, and go on where they were."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.diffusion.autoencoder import train_autoencoder  # noqa: E402
from recipes.diffusion.conditions import COUNT, PLAYED, played, unknown  # noqa: E402
from recipes.diffusion.networks import Denoiser  # noqa: E402
from recipes.diffusion.pictures import TEMPO, Pictures  # noqa: E402
from recipes.diffusion.run import Run  # noqa: E402

from recipes.diffusion import denoiser as denoiser_stage  # noqa: E402


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Pictures of 32 groups, of short music so that a step is quick."""
    rng = np.random.default_rng(1)
    folder = tmp_path / "prepared"
    folder.mkdir()
    for number in range(32):
        np.savez(
            folder / f"{number}.npz",
            pictures=rng.integers(0, 256, (2, 256, 128), np.uint8),
            conditions=rng.random((2, 57), np.float32).astype(np.float16),
            played=unknown() if number % 2 else played([0], drums=False, minor=True),
            tempo=np.nan if number % 2 else 0.25,
            group=f"group {number}",
        )
    return folder


def _args(out: Path, steps: int) -> argparse.Namespace:
    return argparse.Namespace(
        out=out, steps=steps, batch=2, learning_rate=1e-3, averaging=0.9,
        minutes=5.0, device="cpu", seed=1, float32=True, inherit=None,
    )  # fmt: skip


def test_whole_groups_are_only_watched(prepared: Path):
    data = Pictures.load(prepared)
    assert data.conditions.shape == (64, COUNT)
    assert (~data.learned).sum() == 4, "two groups of 32, of two pictures each"


def test_what_was_played_is_known_and_of_recordings_is_not(prepared: Path):
    data = Pictures.load(prepared)
    of_notes = ~np.isnan(data.conditions[:, -1])
    assert of_notes.sum() == 32
    tempo = data.conditions[:, 57 + TEMPO]
    assert (tempo[of_notes] == 0.25).all()
    assert not (tempo[~of_notes] == 0.25).any()


def test_the_scale_of_a_condition_is_that_of_what_is_known(prepared: Path):
    data = Pictures.load(prepared)
    mean, deviation, quantiles = denoiser_stage.scaling_of(data.conditions)
    assert np.isfinite(mean).all()
    assert (deviation > 0).all()
    assert np.isfinite(quantiles).all()
    minor = list(PLAYED).index("minor") - len(PLAYED)
    assert mean[minor] == 1
    assert quantiles[0, minor] < 0.1 < 0.9 < quantiles[-1, minor]


@pytest.mark.long
def test_both_stages_go_on_where_they_stopped(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(denoiser_stage, "Denoiser", lambda: Denoiser((8, 16, 24), 16))
    data = Pictures.load(prepared)
    for steps in (1, 3):
        train_autoencoder(data, _args(tmp_path, steps))
        denoiser_stage.train_denoiser(data, _args(tmp_path, steps))
    for stage in ("autoencoder", "denoiser"):
        assert torch.load(tmp_path / f"{stage}.pt", weights_only=True)["step"] == 3
    with np.load(tmp_path / "scaling.npz") as scaling:
        assert scaling["quantiles"].shape == (len(denoiser_stage.QUANTILES), COUNT)
        latents = np.load(tmp_path / "latents.npy").astype(np.float32)
        assert latents.shape == (64, 8, 32, 16)
        assert latents.std() * scaling["scale"] == pytest.approx(1, abs=0.1)


def test_a_run_is_what_it_was_when_saved(tmp_path: Path):
    torch.manual_seed(1)
    run = Run(tmp_path / "run.pt", torch.nn.Linear(3, 1), torch.nn.Linear(3, 1), _args(tmp_path, 9))
    for _ in range(3):
        run.descend(run.network(torch.ones(1, 3)).square().sum())
    run.save()
    again = Run(run.path, torch.nn.Linear(3, 1), torch.nn.Linear(3, 1), _args(tmp_path, 9))
    assert again.step == 3
    for mine, its in zip(run.average.parameters(), again.average.parameters(), strict=True):
        torch.testing.assert_close(mine, its)
    for each in (run, again):
        each.descend(each.network(torch.ones(1, 3)).square().sum())
    torch.testing.assert_close(run.network.weight, again.network.weight)
