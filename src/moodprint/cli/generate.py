"""`moodprint generate`: music made to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from moodprint.bundle import DEFAULT_GENERATOR
from moodprint.cli.exit_status import print_error
from moodprint.cli.generate_blend import generate_blend
from moodprint.cli.generate_corpus import generate_corpus
from moodprint.cli.generate_image import generate_image, generate_sound
from moodprint.cli.generate_music import generate_music
from moodprint.cli.generate_prompt import generate_prompt
from moodprint.cli.options import Quiet
from moodprint.cli.progress_bar import progress_bar
from moodprint.emotion import Emotion
from moodprint.errors import OptionError, unknown_name
from moodprint.outputs import claimed

if TYPE_CHECKING:
    from moodprint.generation.note_generator.instruments import Instrument

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command("prompt")(generate_prompt)
app.command("music")(generate_music)
app.command("blend")(generate_blend)
app.command("corpus")(generate_corpus)
app.command("image")(generate_image)
app.command("sound")(generate_sound)

Model = Annotated[
    str,
    typer.Option(
        "--model",
        "--instrument-bundle",
        help="A note generator: the one that ships, or a folder.",
    ),
]
InstrumentsFile = Annotated[
    Path, typer.Option(help="Where `generate instruments` saved more of them.")
]


@app.callback()
def _generate() -> None:
    """Make music: of a mood, a song played by new instruments, prompts for music generators."""


@app.command()
def notes(
    song: Annotated[
        Path, typer.Argument(help="MIDI, or audio or video whose notes are transcribed.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="wav, flac, ogg, opus or mp3, by its suffix."),
    ],
    model: Model = DEFAULT_GENERATOR,
    seconds_per_instrument: Annotated[
        float,
        typer.Option(help="A new instrument so often; the ones between are found on the way."),
    ] = 6.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other instruments.")] = 1,
    instruments: Annotated[
        str | None,
        typer.Option(help="Known ones to pass, not random ones: 'flute, 0.7*flute+0.3*harp'."),
    ] = None,
    instruments_file: InstrumentsFile = Path("instruments.json"),
    track: Annotated[
        int | None,
        typer.Option(min=1, help="This track alone, of MIDI; this audio track, of audio or video."),
    ] = None,
    emotion: Annotated[
        Emotion | None, typer.Option(help="Shape tempo, mode, register, dynamics, articulation.")
    ] = None,
    snap: Annotated[
        bool | None,
        typer.Option(
            "--snap/--no-snap", help="Move notes into the song's key (default: transcribed ones)."
        ),
    ] = None,
    quantise: Annotated[
        str | None,
        typer.Option(help="Beats a minute, or 'auto': put notes on the sixteenths."),
    ] = None,
    keep_bends: Annotated[
        bool, typer.Option("--keep-bends", help="Play glides and vibrato transcribed from audio.")
    ] = False,
    spread: Annotated[
        float, typer.Option(min=0, max=1, help="Place the tracks from left to right; 0 is mono.")
    ] = 0.0,
    drums: Annotated[
        Path | None, typer.Option(help="A SoundFont for the drums, which are left out without.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
    quiet: Quiet = False,
) -> None:
    """Play a song with instruments that nobody has heard before, morphing as it goes.

    The same song, options and seed give the same file, byte for byte.

    `moodprint generate instruments --known` lists the instruments that the generator knows by name.
    Others of Magenta's come by `moodprint models import-gansynth`; or train one, see
    recipes/note_generator/README.md.

    \b
    Examples:
      moodprint generate notes song.mid --out new.wav
      moodprint generate notes song.mp3 --emotion sad --out sad.flac
      moodprint generate notes song.mid --instruments "flute, 0.5*violin+0.5*harp" --out two.wav
    """
    from numpy.random import default_rng

    from moodprint.audio.encode import check_suffix, encode
    from moodprint.generation.generators import GENERATORS, NOTES
    from moodprint.generation.performance import NotesRequest, NotesSettings

    check_suffix(out)
    settings = NotesSettings(
        seconds_per_instrument=seconds_per_instrument,
        seed=seed,
        track=track,
        emotion=emotion,
        snap=snap,
        quantise=None if quantise is None else _tempo(quantise),
        spread=spread,
        drums=drums,
        keep_bends=keep_bends,
    )
    request = NotesRequest(song, model, settings, instruments, instruments_file, threads)
    read = [song, instruments_file, *([drums] if drums else [])]
    with claimed(files=[out], sources=read, special=False):
        with progress_bar(quiet=quiet) as progress:
            clip = GENERATORS[NOTES].make(request, default_rng(seed), progress)
        encode(clip, out)
    for warning in clip.origin.warnings:
        print_error(f"{song}: {warning}")
    typer.echo(f"{out}: {clip.duration_s:.1f} s")


@app.command("instruments")
def explore(
    model: Model = DEFAULT_GENERATOR,
    count: Annotated[int, typer.Option(min=1, help="How many to draw.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other instruments.")] = 1,
    word: Annotated[
        list[str] | None,
        typer.Option(help="Keep those that are bright, dark, plucked, sustained or slow."),
    ] = None,
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="Saved here, beside those that it holds."),
    ] = Path("instruments.json"),
    known: Annotated[
        bool, typer.Option("--known", help="List those that come by name; save nothing.")
    ] = False,
) -> None:
    """Draw instruments of a generator, say how they sound, and save them by name.

    \b
    Examples:
      moodprint generate instruments --count 40 --word bright --word plucked
      moodprint generate instruments --known --word sustained
    """
    from moodprint.generation.note_generator import load_generator
    from moodprint.generation.note_generator.instruments import (
        explored,
        load_instruments,
        save_instruments,
    )
    from moodprint.generation.note_generator.timbre import WORDS
    from moodprint.generation.performance import known_instruments

    wanted = set(word or ())
    for unknown in wanted - set(WORDS):
        raise unknown_name("timbre word", unknown, WORDS)
    if known:
        _listed(known_instruments(model, out), wanted)
        return
    with claimed(files=[out], special=False):
        if out.exists():
            load_instruments(out)  # something else is refused before any work
        kept = _listed(explored(load_generator(model), count, seed), wanted)
        save_instruments(out, kept)
    typer.echo(f"{out}: {len(kept)} of {count} saved")


def _listed(instruments: Mapping[str, Instrument], wanted: set[str]) -> dict[str, Instrument]:
    """Those that all wanted words fit, printed with their words."""
    kept = {name: one for name, one in instruments.items() if wanted <= set(one.timbre.words)}
    for name, one in kept.items():
        typer.echo(f"{name}: {', '.join(one.timbre.words) or 'in between'}")
    return kept


def _tempo(text: str) -> float | Literal["auto"]:
    if text == "auto":
        return "auto"
    try:
        return float(text)
    except ValueError as error:
        raise OptionError(f"--quantise takes beats a minute, or auto, not {text!r}") from error
