"""The presence head, fitted anew on the finished network: is there music, speech, another sound?

The distillation teaches the network what tells them apart; loud noise, tones, alarms and engines,
which it met too rarely, are brought in here. Figures come from groups that the head was not fitted
on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from moodprint.models.emotion_net.network_torch import BANDS, FRAMES_PER_ROW, PRESENCES
from recipes.ear.crops import OTHER, Crops
from recipes.ear.examples import Example
from recipes.ear.prepare import levelled
from recipes.ear.signals import signal
from recipes.ear.student import Student
from recipes.ear.teachers import log_mel

_BATCHES, _BATCH, _ROWS = 90, 48, 16
_NOISES, _SIGNALS = 400, 600
_NOISE_WEIGHT = 3.0
_MUSIC = ("4q", "musifeast17", "game_moods", "scp_fear", "wild_moods")
_KNOWN = (*_MUSIC, "not_music", "espeak", "noise")


def refit(student: Student, examples: Sequence[Example]) -> dict[str, float]:
    """Set the student's presence head, fitted on all items, and return how one fitted on four
    groups of five does on the fifth (the share of rows whose sound is named rightly, and of noise
    taken for music)."""
    known = [example for example in examples if example.item.corpus in _KNOWN]
    groups = sorted({example.item.group for example in known})
    kept = set(np.random.default_rng(17).permutation(groups)[: len(groups) // 5])
    fitted = [example for example in known if example.item.group not in kept]
    watched = [example for example in known if example.item.group in kept]
    measured = _measured(_fit(*_rows(student, fitted, seed=1)), *_rows(student, watched, seed=2))
    weight, bias = _fit(*_rows(student, known, seed=3))
    with torch.no_grad():
        student.presence.weight.copy_(weight.T)
        student.presence.bias.copy_(bias)
    return measured


def _rows(
    student: Student, examples: Sequence[Example], seed: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Embeddings [N, W], targets [N, 3] and which of the rows are made noise [N]."""
    crops = Crops(examples, rows=_ROWS, seed=seed)
    embeddings, targets = [], []
    with torch.inference_mode():
        for _ in range(_BATCHES):
            batch = crops.draw(_BATCH)
            embeddings.append(student.embedding(torch.from_numpy(batch.mel_db)).flatten(0, 1))
            targets.append(torch.from_numpy(batch.presence).flatten(0, 1))
        rng = np.random.default_rng(seed)
        noise = torch.from_numpy(np.concatenate([_noises(rng), _signals(rng)]))
        embeddings.extend(student.embedding(part).flatten(0, 1) for part in noise.split(_BATCH))
    rows = torch.cat(embeddings)
    noises = (_NOISES + _SIGNALS) * _ROWS
    others = torch.zeros(noises, PRESENCES)
    others[:, OTHER] = 1
    is_noise = torch.zeros(len(rows), dtype=torch.bool)
    is_noise[-noises:] = True
    return rows, torch.cat([*targets, others]), is_noise


def _noises(rng: np.random.Generator) -> np.ndarray:
    """Log-mels [N, T, F] of noise of any colour and band, steady or pulsing, as loud as music."""
    mel, length = log_mel(), _ROWS * FRAMES_PER_ROW * 250
    hz = np.fft.rfftfreq(length, 1 / mel.sample_rate_hz)
    result = np.empty((_NOISES, _ROWS * FRAMES_PER_ROW, BANDS), np.float32)
    for index in range(_NOISES):
        spectrum = np.fft.rfft(rng.standard_normal(length)) * np.maximum(hz, 1) ** -rng.uniform(
            -0.5, 1.5
        )
        if rng.random() < 0.3:
            low = rng.uniform(0, 4_000)
            spectrum *= (hz >= low) & (hz <= low + rng.uniform(500, 6_000))
        sound = np.fft.irfft(spectrum, length)
        if rng.random() < 0.3:
            time_s = np.arange(length) / mel.sample_rate_hz
            sound *= 1 + rng.uniform(0, 1) * np.sin(2 * np.pi * rng.uniform(0.1, 8) * time_s)
        sound /= max(float(sound.std()), 1e-9)
        result[index] = levelled(sound.astype(np.float32))[0][: result.shape[1]]
    return result


def _signals(rng: np.random.Generator) -> np.ndarray:
    """Log-mels [N, T, F] of what has pitch or beat and is no music, as loud as music."""
    frames = _ROWS * FRAMES_PER_ROW
    seconds = (frames + 4) / log_mel().frames_per_second
    return np.stack([levelled(signal(seconds, rng))[0][:frames] for _ in range(_SIGNALS)])


def _fit(
    rows: torch.Tensor, targets: torch.Tensor, is_noise: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    weights = 1 + (_NOISE_WEIGHT - 1) * is_noise.float()
    mean, scale = rows.mean(dim=0), rows.std(dim=0) + 1e-3
    x = (rows - mean) / scale
    weight = torch.zeros(rows.shape[1], PRESENCES, requires_grad=True)
    bias = torch.zeros(PRESENCES, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        wrong = functional.binary_cross_entropy_with_logits(
            x @ weight + bias, targets, reduction="none"
        )
        loss = (weights[:, None] * wrong).mean() + 1e-4 * weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    plain = weight.detach() / scale[:, None]
    return plain, bias.detach() - mean @ plain


def _measured(
    head: tuple[torch.Tensor, torch.Tensor],
    rows: torch.Tensor,
    targets: torch.Tensor,
    is_noise: torch.Tensor,
) -> dict[str, float]:
    predicted = (rows @ head[0] + head[1]) > 0
    right = (predicted == (targets > 0.5)).float().mean(dim=0)
    names = ("music", "speech", "other")
    return {
        **{f"{name}_right": round(float(part), 3) for name, part in zip(names, right, strict=True)},
        "noise_taken_for_music": round(float(predicted[is_noise, 0].float().mean()), 4),
    }
