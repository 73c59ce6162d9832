r"""Train the autoencoder, encode all pictures, train the denoiser.

    python -m recipes.diffusion.train --prepared PREPARED --out RUN --stage autoencoder
    python -m recipes.diffusion.train --prepared PREPARED --out RUN --stage denoiser

A checkpoint each two minutes; it stops after ``--minutes`` and, started again, goes on where it
was, on the schedule that ``--steps`` sets. One group in sixteen is only watched.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch

from recipes.diffusion.autoencoder import train_autoencoder
from recipes.diffusion.denoiser import train_denoiser
from recipes.diffusion.pictures import Pictures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--prepared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stage", choices=("autoencoder", "denoiser"), required=True)
    parser.add_argument("--steps", type=int, default=60_000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=5e-4)
    parser.add_argument("--averaging", type=float, default=0.999)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--inherit", help="a bundle whose networks a new run begins from")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--float32", action="store_true", help="no bfloat16")
    return parser.parse_args()


def main() -> None:
    """Run from the command line."""
    args = _options()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    data = Pictures.load(args.prepared)
    counts = f"{data.learned.sum()} pictures to learn from, {(~data.learned).sum()} watched"
    print(counts, flush=True)
    stages = {"autoencoder": train_autoencoder, "denoiser": train_denoiser}
    stages[args.stage](data, args)


if __name__ == "__main__":
    main()
