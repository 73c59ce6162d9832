"""Train the note generator on prepared notes; go on where the last run stopped.

    train.py --notes notes --out run --device cuda --precision bfloat16 --minutes 9

Stops by itself after --minutes (or --images) and stores its state; run again to go on. The
settings of a run are stored with it, so those given again must not differ.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from moodprint.generation.gansynth.training.growth import Growth
from moodprint.generation.gansynth.training.melspecgrams import (
    fitted_normalizer,
    melspecgrams,
    normalized,
)
from moodprint.generation.gansynth.training.parts import NoteSet, read_parts
from moodprint.generation.gansynth.training.state import (
    has_state,
    load_state,
    save_state,
    stored_settings,
)
from moodprint.generation.gansynth.training.trainer import (
    LOSSES,
    PRECISIONS,
    Trainer,
    TrainingSettings,
)
from moodprint.generation.gansynth.weights import FULL_BLOCKS, LOWEST_PITCH, Normalizer

_REPORT_EVERY_S = 10.0
_SAVE_EVERY_S = 240.0


def main() -> None:
    options = _options()
    started_s = time.monotonic()
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    trainer, normalizer = _trainer(options)
    print(f"ready after {time.monotonic() - started_s:.0f} s", flush=True)
    _run(trainer, normalizer, options, started_s)
    save_state(trainer, normalizer, options.out)
    if options.compact:
        save_state(trainer, normalizer, options.compact, compact=True)
    print(f"stored at step {trainer.step_number}, {trainer.images} images: {options.out}")


def _trainer(options: argparse.Namespace) -> tuple[Trainer, Normalizer]:
    notes = read_parts(options.notes)
    values = melspecgrams(notes)
    if has_state(options.out):
        settings, normalizer = stored_settings(options.out)
    else:
        settings, normalizer = _settings(options), fitted_normalizer(values)
    trainer = Trainer(
        settings,
        torch.from_numpy(normalized(values, normalizer)),
        torch.from_numpy(_pitches(notes)),
        options.device,
    )
    if has_state(options.out):
        load_state(trainer, options.out)
    return trainer, normalizer


def _run(
    trainer: Trainer, normalizer: Normalizer, options: argparse.Namespace, started_s: float
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
            save_state(trainer, normalizer, options.out)
            saved_s = now_s
        if now_s - started_s >= options.minutes * 60:
            return


def _pitches(notes: NoteSet) -> np.ndarray:
    return np.array([label.pitch_midi - LOWEST_PITCH for label in notes.labels], np.int64)


def _settings(options: argparse.Namespace) -> TrainingSettings:
    return TrainingSettings(
        growth=Growth(options.blocks, options.stable_images, options.fade_images),
        base_filters=options.base_filters,
        most_filters=options.most_filters,
        batch=options.batch,
        largest_batch=options.largest_batch,
        learning_rate=options.learning_rate,
        loss=options.loss,
        precision=options.precision,
        seed=options.seed,
    )


def _options() -> argparse.Namespace:
    default = TrainingSettings()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=Path, required=True, help="the folder of prepared parts")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--compact", type=Path, help="store a small copy of the state here, too")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--images", type=int, default=10**9, help="stop after so many in all")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=PRECISIONS, default=default.precision)
    parser.add_argument("--loss", choices=LOSSES, default=default.loss)
    parser.add_argument("--blocks", type=int, default=FULL_BLOCKS)
    parser.add_argument("--stable-images", type=int, default=default.growth.stable_images)
    parser.add_argument("--fade-images", type=int, default=default.growth.fade_images)
    parser.add_argument("--base-filters", type=int, default=default.base_filters)
    parser.add_argument("--most-filters", type=int, default=default.most_filters)
    parser.add_argument("--batch", type=int, default=default.batch)
    parser.add_argument("--largest-batch", type=int, default=default.largest_batch)
    parser.add_argument("--learning-rate", type=float, default=default.learning_rate)
    parser.add_argument("--seed", type=int, default=default.seed)
    return parser.parse_args()


if __name__ == "__main__":
    main()
