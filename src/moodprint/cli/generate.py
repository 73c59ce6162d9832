"""`moodprint generate`: music made to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from moodprint.emotion import Emotion
from moodprint.errors import OptionError, unknown_name

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _generate() -> None:
    """Make music: a song played by new instruments."""


@app.command()
def notes(
    song: Annotated[Path, typer.Argument(help="MIDI, or audio or video whose notes are heard.")],
    out: Annotated[Path, typer.Option(help="wav, flac, ogg, opus or mp3, by its suffix.")],
    instrument_bundle: Annotated[
        Path | None, typer.Option(help="Folder of a note generator: see below.")
    ] = None,
    seconds_per_instrument: Annotated[
        float,
        typer.Option(help="A new instrument so often; the ones between are found on the way."),
    ] = 6.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other instruments.")] = 1,
    instruments: Annotated[
        str | None, typer.Option(help="Saved ones to pass: 'pad, bell, 0.7*pad+0.3*bell'.")
    ] = None,
    instruments_file: Annotated[
        Path, typer.Option(help="Where `generate instruments` saved them.")
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
        float | None, typer.Option(help="Beats a minute: put notes on the sixteenths.")
    ] = None,
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

    No trained generator is shipped yet. Import one of Magenta's GANSynth with
    `moodprint models import-gansynth`, or train one: see models/gansynth/README.md.

    \b
    moodprint generate notes song.mid --instrument-bundle acoustic --out new.wav
    moodprint generate notes song.mp3 --instrument-bundle acoustic --emotion sad --out sad.flac
    """
    bundle = _given(instrument_bundle)
    _check_suffix(out)
    from moodprint.audio.encode import encode
    from moodprint.generation.gansynth import load_generator
    from moodprint.generation.gansynth.instruments import load_instruments, stops
    from moodprint.generation.notes import NotesSettings, generate_notes

    settings = NotesSettings(
        seconds_per_instrument=seconds_per_instrument,
        seed=seed,
        track=track,
        emotion=emotion,
        snap=snap,
        quantise_bpm=quantise,
        spread=spread,
        drums=drums,
    )
    passed = None if instruments is None else stops(instruments, load_instruments(instruments_file))
    generator = load_generator(bundle, threads=threads)
    with _progress() as tell:
        clip = generate_notes(song, generator, settings, tell, passed)
    encode(clip, out)
    typer.echo(f"{out}: {clip.duration_s:.1f} s")


@app.command("instruments")
def explore(
    instrument_bundle: Annotated[
        Path | None, typer.Option(help="Folder of a note generator.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="How many to listen to.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other instruments.")] = 1,
    word: Annotated[
        list[str] | None,
        typer.Option(help="Keep those that are bright, dark, plucked, sustained or slow."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Saved here, beside those that it holds.")] = Path(
        "instruments.json"
    ),
) -> None:
    """Look for instruments in a generator, tell how they sound, and save them by name.

    \b
    moodprint generate instruments --instrument-bundle acoustic --count 40 --word bright
    """
    from moodprint.generation.gansynth import load_generator
    from moodprint.generation.gansynth.instruments import WORDS, explored, save_instruments

    wanted = set(word or ())
    for unknown in wanted - set(WORDS):
        raise unknown_name("timbre word", unknown, WORDS)
    found = explored(load_generator(_given(instrument_bundle)), count, seed)
    kept = {name: one for name, one in found.items() if wanted <= set(one.timbre.words)}
    save_instruments(out, kept)
    for name, one in kept.items():
        typer.echo(f"{name}: {', '.join(one.timbre.words) or 'in between'}")
    typer.echo(f"{out}: {len(kept)} of {count} saved")


def _given(bundle: Path | None) -> Path:
    if bundle is None:
        raise OptionError(
            "no trained note generator is shipped yet: name a bundle with --instrument-bundle; "
            "`moodprint models import-gansynth` makes one of a checkpoint of Magenta's GANSynth, "
            "and models/gansynth/README.md tells how to train one"
        )
    return bundle


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
