"""Train the note generator on prepared notes; go on where the last run stopped.

    python -m recipes.note_generator.train --notes notes --out run --device cuda --minutes 9
    python -m recipes.note_generator.train --notes notes --out run --objective reconstruct

Stops by itself after --minutes (or --images) and stores its state; run again to go on. The
settings of a run are stored with it, and those of the first start stay.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from moodprint.generation.note_quality.note_shards import NoteSet, read_shards
from recipes.note_generator.adversarial import LOSSES, AdversarialSettings
from recipes.note_generator.melspecgrams import fitted_normalizer, melspecgrams, normalized
from recipes.note_generator.objectives import OBJECTIVES
from recipes.note_generator.progressive_growing import Growth
from recipes.note_generator.reconstruction import ReconstructionSettings
from recipes.note_generator.run_folder import StoredRun, has_run, save_run
from recipes.note_generator.trainer import PRECISIONS, Settings, Trainer, TrainingNotes

_REPORT_EVERY_S = 10.0
_SAVE_EVERY_S = 240.0
"""What a killed run loses at most; storing takes about a second."""


def main() -> None:
    """Train as the command line says."""
    options = _options()
    started_s = time.monotonic()
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    notes, trainer = _started(options)
    print(f"ready after {time.monotonic() - started_s:.0f} s", flush=True)
    _run(trainer, notes, options, started_s)
    save_run(trainer, notes.normalizer, options.out)
    if options.compact:
        save_run(trainer, notes.normalizer, options.compact, compact=True)
    print(f"stored at step {trainer.step_number}, {trainer.images} images: {options.out}")


def _started(options: argparse.Namespace) -> tuple[TrainingNotes, Trainer]:
    """The notes as networks see them, and a trainer at its first step or where it was stored."""
    notes = read_shards(options.notes)
    stored = StoredRun.open(options.out) if has_run(options.out) else None
    settings = stored.settings if stored else _settings(options, notes)
    values = melspecgrams(notes, align=settings.aligns_phases)
    normalizer = stored.normalizer if stored else fitted_normalizer(values)
    images = torch.from_numpy(normalized(values, normalizer))
    seen = TrainingNotes(images, notes.labels, normalizer)
    trainer = settings.trainer(seen, options.device)
    if stored:
        stored.resume(trainer)
    return seen, trainer


def _run(
    trainer: Trainer, notes: TrainingNotes, options: argparse.Namespace, started_s: float
) -> None:
    reported_s = saved_s = time.monotonic()
    log = options.out / "log.jsonl"
    options.out.mkdir(parents=True, exist_ok=True)
    while trainer.images < options.images:
        report = trainer.step()
        now_s = time.monotonic()
        if now_s - reported_s >= _REPORT_EVERY_S or report.step == 1:
            line = json.dumps({**asdict(report), "elapsed_s": round(now_s - started_s, 1)})
            print(line, flush=True)
            with log.open("a") as file:
                file.write(line + "\n")
            reported_s = now_s
        if now_s - saved_s >= _SAVE_EVERY_S:
            save_run(trainer, notes.normalizer, options.out)
            saved_s = now_s
        if now_s - started_s >= options.minutes * 60:
            return


def _settings(options: argparse.Namespace, notes: NoteSet) -> Settings:
    """Those given, and the objective's own for those that are not."""
    names = ("base_filters", "most_filters", "batch", "learning_rate", "precision", "seed")
    given = {name: getattr(options, name) for name in names}
    if options.objective == ReconstructionSettings.objective:
        instruments = tuple(sorted({label.full_name for label in notes.labels}))
        return ReconstructionSettings(instruments, **_without_none(given))
    growth = Growth(options.blocks, options.stable_images, options.fade_images)
    given |= {"largest_batch": options.largest_batch, "loss": options.loss}
    return AdversarialSettings(growth, **_without_none(given))


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _options() -> argparse.Namespace:
    growth = AdversarialSettings().growth
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--notes", type=Path, required=True, help="the folder of prepared shards")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--compact", type=Path, help="store a small copy of the state here, too")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--images", type=int, default=10**9, help="stop after so many in all")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--objective", choices=tuple(OBJECTIVES), default="adversarial")
    parser.add_argument("--precision", choices=PRECISIONS)
    parser.add_argument("--base-filters", type=int)
    parser.add_argument("--most-filters", type=int)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--seed", type=int)
    critic = parser.add_argument_group("with --objective adversarial alone")
    critic.add_argument("--loss", choices=LOSSES)
    critic.add_argument("--blocks", type=int, default=growth.blocks)
    critic.add_argument("--stable-images", type=int, default=growth.stable_images)
    critic.add_argument("--fade-images", type=int, default=growth.fade_images)
    critic.add_argument("--largest-batch", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
