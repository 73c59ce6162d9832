"""`moodprint generate corpus`: a labelled corpus of made music."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from moodprint.bundle import DEFAULT
from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, Workers, is_json
from moodprint.cli.progress_bar import progress_bar
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError


def generate_corpus(
    out: Annotated[Path, typer.Option("--out", "--output", "-o", help="The folder to make.")],
    emotion: Annotated[
        list[str] | None, typer.Option(help="Of this mood, may be repeated; all by default.")
    ] = None,
    count: Annotated[int, typer.Option(help="Pieces in all, evenly of the moods.")] = 500,
    seconds: Annotated[float, typer.Option(help="How long each lasts.")] = 20.0,
    clip: Annotated[float, typer.Option(help="How long a clip of it lasts, a row each.")] = 5.0,
    tries: Annotated[int, typer.Option(help="Pieces to make for each that is kept.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another corpus.")] = 1,
    engine: Annotated[
        str, typer.Option(help="What makes the music: notes (the composer) or diffusion.")
    ] = "notes",
    listener: Annotated[
        str,
        typer.Option(help="The model that chooses, not trained on what you test with; or none."),
    ] = DEFAULT,
    known: Annotated[
        Path | None, typer.Option(help="A match index of music that no piece may copy.")
    ] = None,
    workers: Workers = None,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compose or draw a labelled corpus, as `corpus build` makes one of recordings.

    Pieces that are silent, clipped, not heard as asked, alike, or copies of known music are turned
    away, and counted. A run that is cut short goes on where it was.

    \b
    Examples:
      moodprint generate corpus --count 500 --out made
      moodprint generate corpus --engine diffusion --count 200 --seconds 10 --out drawn
      moodprint generate corpus --emotion fear --emotion sad --count 100 --tries 8 --out dark
    """
    from moodprint.outputs import claimed
    from moodprint.synthetic.corpus import CorpusRequest, make_corpus

    names = [str(each) for each in EMOTIONS] if emotion in (None, ["all"]) else emotion or []
    for unknown in set(names) - set(map(str, EMOTIONS)):
        raise OptionError(f"no emotion {unknown!r}; there are {', '.join(EMOTIONS)}")
    request = CorpusRequest(
        out=out,
        emotions=tuple(Emotion(name) for name in dict.fromkeys(names)),
        count=count,
        seconds=seconds,
        clip_s=clip,
        tries=tries,
        seed=seed,
        engine=engine,
        listener=None if listener == "none" else listener,
        known=known,
        workers=workers,
    )
    with claimed(folders=[out]), progress_bar(quiet=quiet) as progress:
        report = make_corpus(request, progress=progress)
    if is_json(text_format, as_json):
        typer.echo(json.dumps(asdict(report), indent=2))
        return
    turned = ", ".join(f"{count} {gate}" for gate, count in sorted(report.turned_away.items()))
    typer.echo(f"{out}: {report.kept} of {report.made} pieces kept" + f" ({turned})" * bool(turned))
