"""`moodprint generate diffusion` and `generate blend`: music drawn by a trained music generator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.exit_status import print_error
from moodprint.cli.options import Quiet
from moodprint.cli.progress_bar import progress_bar
from moodprint.emotion import Emotion
from moodprint.outputs import claimed

if TYPE_CHECKING:
    from moodprint.generation.diffusion.asking import Asked
    from moodprint.generation.diffusion.music import DiffusionRequest

Out = Annotated[
    Path,
    typer.Option("--out", "--output", "-o", help="wav, flac, ogg, opus or mp3, by its suffix."),
]
Model = Annotated[
    str, typer.Option(help="A music generator: the folder that recipes/diffusion exports.")
]
Seconds = Annotated[float, typer.Option(help="How long it lasts.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed, other music.")]
Steps = Annotated[int, typer.Option(help="More take longer and draw finer.")]
Guidance = Annotated[float, typer.Option(help="How strongly the prompt counts; 1 is as it comes.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Default: one a core.")]


def generate_diffusion(
    prompt: Annotated[str, typer.Argument(help='What it is like: "dark slow ambient".')],
    out: Out,
    model: Model,
    negative: Annotated[str, typer.Option(help="What it must not be like.")] = "",
    emotion: Annotated[
        Emotion | None, typer.Option(help="Its mood; by default what the prompt says.")
    ] = None,
    seconds: Seconds = 15.0,
    seed: Seed = 1,
    steps: Steps = 20,
    guidance: Guidance = 3.0,
    loop: Annotated[bool, typer.Option("--loop", help="Its end leads into its start.")] = False,
    init: Annotated[Path | None, typer.Option(help="Audio or video to start from.")] = None,
    strength: Annotated[
        float, typer.Option(help="How much of --init is drawn anew: 0 to 1, all.")
    ] = 0.6,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what was understood of the prompt.")
    ] = False,
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Draw music of any length from a prompt, with a generator that recipes/diffusion trained.

    The same words and seed give the same file, byte for byte. What the prompt negates ("no drums")
    and what --negative asks for is steered away from.

    \b
    Examples:
      moodprint generate diffusion "scary dark ambient" --model composer --out fear.wav
      moodprint generate diffusion "jazz" --model composer --init song.mp3 --out jazz.flac
    """
    from moodprint.audio.encode import check_suffix
    from moodprint.generation.diffusion.music import DiffusionRequest, DiffusionSettings

    settings = DiffusionSettings(seconds, steps, guidance, loop, strength, seed)
    request = DiffusionRequest(
        prompt, model, negative, emotion, init=init, settings=settings, threads=threads
    )
    check_suffix(out)
    with claimed(files=[out], sources=[] if init is None else [init], special=False):
        _draw(request, out, quiet=quiet)
    if explain:
        _explain(request)


def generate_blend(
    first: Annotated[str, typer.Argument(help="The prompt that the music begins with.")],
    last: Annotated[str, typer.Argument(help="The prompt that it ends with.")],
    out: Out,
    model: Model,
    seconds: Seconds = 30.0,
    seed: Seed = 1,
    steps: Steps = 20,
    guidance: Guidance = 3.0,
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Draw music that leads from one prompt to another, without a cut.

    \b
    Examples:
      moodprint generate blend "calm ambient" "angry metal" --model composer --out rising.wav
    """
    from moodprint.audio.encode import check_suffix
    from moodprint.generation.diffusion.music import DiffusionRequest, DiffusionSettings

    settings = DiffusionSettings(seconds, steps, guidance, seed=seed)
    request = DiffusionRequest(first, model, until=last, settings=settings, threads=threads)
    check_suffix(out)
    with claimed(files=[out], special=False):
        _draw(request, out, quiet=quiet)


def _draw(request: DiffusionRequest, out: Path, *, quiet: bool) -> None:
    from numpy.random import default_rng

    from moodprint.audio.encode import encode
    from moodprint.generation.generators import DIFFUSION, GENERATORS

    with progress_bar(quiet=quiet) as progress:
        clip = GENERATORS[DIFFUSION].make(request, default_rng(), progress)
    encode(clip, out)
    typer.echo(f"{out}: {clip.duration_s:.1f} s")


def _explain(request: DiffusionRequest) -> None:
    from moodprint.generation.diffusion.music import asked_of

    asked: Asked = asked_of(request)
    for what, levels in (("asked", asked.towards), ("refused", asked.away)):
        for name, share in levels.items():
            typer.echo(f"{what}: {name}, as in the music that has more of it than {share:.0%}")
    for word in asked.passed_over:
        print_error(f"{word}: says nothing to this generator")
