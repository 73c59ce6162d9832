"""`moodprint generate`: music made to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from moodprint.bundle import DEFAULT_GENERATOR
from moodprint.emotion import Emotion
from moodprint.errors import OptionError, unknown_name
from moodprint.outputs import refuse_collisions

if TYPE_CHECKING:
    from moodprint.generation.note_generator.instruments import Instrument

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _generate() -> None:
    """Make music: a song played by new instruments."""


@app.command()
def notes(
    song: Annotated[Path, typer.Argument(help="MIDI, or audio or video whose notes are heard.")],
    out: Annotated[Path, typer.Option(help="wav, flac, ogg, opus or mp3, by its suffix.")],
    instrument_bundle: Annotated[
        str, typer.Option(help="A note generator: the one that ships, or a folder.")
    ] = DEFAULT_GENERATOR,
    seconds_per_instrument: Annotated[
        float,
        typer.Option(help="A new instrument so often; the ones between are found on the way."),
    ] = 6.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other instruments.")] = 1,
    instruments: Annotated[
        str | None,
        typer.Option(help="Known ones to pass, not random ones: 'flute, 0.7*flute+0.3*harp'."),
    ] = None,
    instruments_file: Annotated[
        Path, typer.Option(help="Where `generate instruments` saved more of them.")
    ] = Path("instruments.json"),
    track: Annotated[int | None, typer.Option(min=1, help="This track alone.")] = None,
    emotion: Annotated[
        Emotion | None, typer.Option(help="Shape tempo, mode, register, dynamics, articulation.")
    ] = None,
    snap: Annotated[
        bool | None,
        typer.Option(
            "--snap/--no-snap", help="Move notes into the song's key (default: heard ones alone)."
        ),
    ] = None,
    quantise: Annotated[
        str | None,
        typer.Option(help="Beats a minute, or 'auto': put notes on the sixteenths."),
    ] = None,
    keep_bends: Annotated[
        bool, typer.Option("--keep-bends", help="Play glides and vibrato heard in audio.")
    ] = False,
    spread: Annotated[
        float, typer.Option(min=0, max=1, help="Place the tracks from left to right; 0 is mono.")
    ] = 0.0,
    drums: Annotated[
        Path | None, typer.Option(help="A SoundFont for the drums, which are left out without.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
) -> None:
    """Play a song with instruments that nobody has heard before, morphing as it goes.

    The same song, options and seed give the same file, byte for byte.

    `moodprint generate instruments --known` lists the instruments that the generator knows by name.
    Others of Magenta's come by `moodprint models import-gansynth`; or train one, see
    recipes/note_generator/README.md.

    \b
    moodprint generate notes song.mid --out new.wav
    moodprint generate notes song.mp3 --emotion sad --out sad.flac
    moodprint generate notes song.mid --instruments "flute, 0.5*violin+0.5*harp" --out two.wav
    """
    _check_suffix(out)
    refuse_collisions([out], [song, instruments_file, *([drums] if drums else [])])
    from moodprint.audio.encode import encode
    from moodprint.generation.note_generator import load_generator
    from moodprint.generation.note_generator.instruments import stops
    from moodprint.generation.performance import NotesSettings, generate_notes

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
    passed = None
    if instruments is not None:
        passed = stops(instruments, _known(instrument_bundle, instruments_file))
    generator = load_generator(instrument_bundle, threads=threads)
    with _progress() as tell:
        clip = generate_notes(song, generator, settings, tell, passed)
    encode(clip, out)
    typer.echo(f"{out}: {clip.duration_s:.1f} s")


@app.command("instruments")
def explore(
    instrument_bundle: Annotated[
        str, typer.Option(help="A note generator: the one that ships, or a folder.")
    ] = DEFAULT_GENERATOR,
    count: Annotated[int, typer.Option(min=1, help="How many to listen to.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other instruments.")] = 1,
    word: Annotated[
        list[str] | None,
        typer.Option(help="Keep those that are bright, dark, plucked, sustained or slow."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Saved here, beside those that it holds.")] = Path(
        "instruments.json"
    ),
    known: Annotated[
        bool, typer.Option("--known", help="List those that come by name; save nothing.")
    ] = False,
) -> None:
    """Look for instruments in a generator, tell how they sound, and save them by name.

    \b
    moodprint generate instruments --count 40 --word bright --word plucked
    moodprint generate instruments --known --word sustained
    """
    from moodprint.generation.note_generator import load_generator
    from moodprint.generation.note_generator.instruments import WORDS, explored, save_instruments

    wanted = set(word or ())
    for unknown in wanted - set(WORDS):
        raise unknown_name("timbre word", unknown, WORDS)
    if known:
        found = _known(instrument_bundle, out)
    else:
        found = explored(load_generator(instrument_bundle), count, seed)
    kept = {name: one for name, one in found.items() if wanted <= set(one.timbre.words)}
    for name, one in kept.items():
        typer.echo(f"{name}: {', '.join(one.timbre.words) or 'in between'}")
    if not known:
        save_instruments(out, kept)
        typer.echo(f"{out}: {len(kept)} of {count} saved")


def _tempo(text: str) -> float | Literal["auto"]:
    if text == "auto":
        return "auto"
    try:
        return float(text)
    except ValueError as error:
        raise OptionError(f"--quantise takes beats a minute, or auto, not {text!r}") from error


def _known(bundle: str, file: Path) -> dict[str, Instrument]:
    """The instruments of a generator by name, and those that were saved, which come first."""
    from moodprint.generation.note_generator.bundle import bundled_instruments
    from moodprint.generation.note_generator.instruments import load_instruments

    return bundled_instruments(bundle) | (load_instruments(file) if file.exists() else {})


def _check_suffix(out: Path) -> None:
    """Refuse a suffix before the work rather than after it."""
    from moodprint.audio.encode import FORMATS

    name = out.suffix.lower().removeprefix(".")
    if name not in FORMATS:
        raise unknown_name("audio format", name, FORMATS)


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """A bar on a terminal's stderr; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("playing", total=1.0)
        yield lambda share: bar.update(task, completed=share)
