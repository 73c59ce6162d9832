"""`moodprint generate music`: music of a mood, out of a prompt or an emotion."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, is_json
from moodprint.cli.progress_bar import progress_bar
from moodprint.emotion import Emotion
from moodprint.errors import OptionError
from moodprint.outputs import claimed

if TYPE_CHECKING:
    from moodprint.synthetic.pieces import Piece


class Engine(StrEnum):
    """What makes the music: see ``synthetic.pieces.MusicEngine``."""

    COMPOSER = "composer"
    DIFFUSION = "diffusion"


def generate_music(
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="wav, flac, ogg, opus or mp3, by its suffix."),
    ],
    prompt: Annotated[
        str | None,
        typer.Argument(help='What it is like: "slow sad piano", "scary music, no drums".'),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(help="Composed by rules and played, or drawn by a diffusion model."),
    ] = Engine.COMPOSER,
    emotion: Annotated[
        Emotion | None, typer.Option(help="Its mood; by default what the prompt says.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="How long it lasts.  [30]", show_default=False)
    ] = None,
    video: Annotated[
        Path | None,
        typer.Option(
            "--for", help="Put it under this video: as long as it, into --out film.mp4, mkv, webm."
        ),
    ] = None,
    keep_sound: Annotated[
        bool, typer.Option("--keep-sound", help="Of the video; the music lies 15 LU under it.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another piece.")] = 1,
    tries: Annotated[
        int | None,
        typer.Option(
            help="Pieces to make; the one that sounds most as asked is kept. "
            "Default: 8 composed ones, 1 drawn one.",
            show_default=False,
        ),
    ] = None,
    negative: Annotated[
        str | None, typer.Option(help="Drawn: what it must not be like.", show_default=False)
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            help="Drawn: more take longer and draw finer. Default: 20.", show_default=False
        ),
    ] = None,
    guidance: Annotated[
        float | None,
        typer.Option(
            help="Drawn: how strongly the prompt counts; 1 is as it comes. Default: 3.",
            show_default=False,
        ),
    ] = None,
    loop: Annotated[
        bool | None,
        typer.Option("--loop", help="Drawn: its end leads into its start.", show_default=False),
    ] = None,
    init: Annotated[
        Path | None,
        typer.Option(help="Drawn: audio or video to start from.", show_default=False),
    ] = None,
    strength: Annotated[
        float | None,
        typer.Option(
            help="Drawn: how much of --init is drawn anew, up to 1, all. Default: 0.6.",
            show_default=False,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what was understood of the prompt.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            help="A note generator or music generator: a name or a folder. "
            "Default: the one that ships.",
            show_default=False,
        ),
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make music of a mood: composed and played, or drawn by a diffusion model.

    The composer follows what is known of how music expresses emotions: stereo at 44.1 kHz. Of a
    prompt it takes the mood, the tempo ("slow", "90 bpm"), the mode, instruments and drums. With
    --engine diffusion a spectrogram is drawn: mono at 32 kHz; genres, instruments and traits of
    sound are followed, and --negative is steered away from. The same words and seed give the same
    file.

    \b
    Examples:
      moodprint generate music --emotion calm --seconds 60 --out calm.wav
      moodprint generate music "slow sad piano and cello, 60 bpm" --out sad.mp3
      moodprint generate music "dark ambient" --engine diffusion --negative drums --out dark.flac
      moodprint generate music "happy" --for holiday.mp4 --keep-sound --out scored.mp4
      moodprint generate music "jazz" --engine diffusion --init song.mp3 --out jazz.wav
    """
    from moodprint.audio.encode import check_suffix, encode
    from moodprint.cli.scored_video import Scoring
    from moodprint.synthetic.pieces import DrawingWishes, MusicEngine, PieceRequest, make_piece

    scoring = None if video is None else Scoring(video, out, keep_sound, seconds)
    if scoring is None and keep_sound:
        raise OptionError("--keep-sound goes with --for")
    if scoring is None:
        check_suffix(out)
    own = {"steps": steps, "guidance": guidance, "loop": loop, "strength": strength}
    settings = {name: value for name, value in own.items() if value is not None}
    given = [name for name, value in (("negative", negative), ("init", init)) if value is not None]
    if engine is Engine.COMPOSER and [*given, *settings]:
        raise OptionError(f"--{[*given, *settings][0]} goes with --engine diffusion")
    length_s = (30.0 if seconds is None else seconds) if scoring is None else scoring.length_s()
    request = PieceRequest(
        *(prompt, emotion, length_s, seed, MusicEngine(engine), tries, model, threads),
        DrawingWishes(negative or "", init=init, settings=settings),
    )
    sources = [path for path in (init, video) if path is not None]
    with claimed(files=[out], sources=sources, special=False):
        with progress_bar(quiet=quiet) as progress:
            made = make_piece(request, progress)
        if scoring is None:
            encode(made.clip, out)
        else:
            scoring.write(made.clip)
    _say(made, out, explain=explain, as_json=is_json(text_format, as_json))


def _say(made: Piece, out: Path, *, explain: bool, as_json: bool) -> None:
    if as_json:
        understood = {"understood": list(made.understood)} if explain else {}
        typer.echo(json.dumps({"file": str(out), **made.description, **understood}, indent=2))
        return
    typer.echo(f"{out}: {made.clip.duration_s:.1f} s{made.summary}")
    for line in made.understood if explain else ():
        typer.echo(line)
