"""`moodprint generate blend`: music that leads from one prompt, seed or sound to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moodprint.bundle import DEFAULT_MUSIC_GENERATOR
from moodprint.cli.options import Quiet
from moodprint.cli.progress_bar import progress_bar
from moodprint.outputs import claimed


def generate_blend(
    first: Annotated[
        str, typer.Argument(help="What the music begins with: a prompt, or a file of music.")
    ],
    last: Annotated[str, typer.Argument(help="What it ends with: a prompt, or a file of music.")],
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="wav, flac, ogg, opus or mp3, by its suffix."),
    ],
    seconds: Annotated[float, typer.Option(help="How long it lasts.")] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other music.")] = 1,
    last_seed: Annotated[
        int | None,
        typer.Option(min=0, help="Lead to the music of another seed.", show_default=False),
    ] = None,
    strength: Annotated[
        float, typer.Option(help="How much of files is drawn anew: up to 1, all.")
    ] = 0.6,
    steps: Annotated[int, typer.Option(help="More take longer and draw finer.")] = 20,
    guidance: Annotated[
        float, typer.Option(help="How strongly prompts count; 1 is as they come.")
    ] = 3.0,
    model: Annotated[
        str, typer.Option(help="A music generator: the one that ships, or a folder.")
    ] = DEFAULT_MUSIC_GENERATOR,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
    quiet: Quiet = False,
) -> None:
    """Draw music that leads from one prompt or one piece of music to another, without a cut.

    Noise is blended spherically, prompts and the latents of files linearly. Of two files so much
    is kept as --strength leaves; between a file and a prompt, the prompt's music is drawn first.
    With the same prompt twice and --last-seed, one piece leads to another of its kind.

    \b
    Examples:
      moodprint generate blend "calm ambient" "angry metal" --out rising.wav
      moodprint generate blend song.mp3 other.mp3 --seconds 20 --out between.flac
      moodprint generate blend "sad piano" "sad piano" --last-seed 7 --out wandering.wav
    """
    from numpy.random import default_rng

    from moodprint.audio.encode import check_suffix, encode
    from moodprint.generation.diffusion.music import (
        DiffusionRequest,
        DiffusionSettings,
        Ending,
        draw_music,
    )

    (prompt, init), (last_prompt, last_init) = _end(first), _end(last)
    request = DiffusionRequest(
        prompt,
        model,
        init=init,
        until=Ending(last_prompt, last_init, last_seed),
        settings=DiffusionSettings(seconds, steps, guidance, strength=strength, seed=seed),
        threads=threads,
    )
    check_suffix(out)
    sources = [file for file in (init, last_init) if file is not None]
    with claimed(files=[out], sources=sources, special=False):
        with progress_bar(quiet=quiet) as progress:
            clip = draw_music(request, default_rng(), progress)
        encode(clip, out)
    typer.echo(f"{out}: {clip.duration_s:.1f} s")


def _end(text: str) -> tuple[str | None, Path | None]:
    """A prompt, or a file: what has a media file's suffix is one, and one that is not there is
    refused where it is read."""
    from moodprint.audio.media import MEDIA_SUFFIXES

    path = Path(text)
    if path.suffix.lower() in MEDIA_SUFFIXES or path.is_file():
        return None, path
    return text, None
