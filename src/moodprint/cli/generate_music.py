"""`moodprint generate music`: music of a mood, out of a prompt or an emotion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moodprint.bundle import DEFAULT_GENERATOR
from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, is_json
from moodprint.cli.progress_bar import progress_bar
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.outputs import claimed

if TYPE_CHECKING:
    from moodprint.synthetic.choosing import Candidate


def generate_music(
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="wav, flac, ogg, opus or mp3, by its suffix."),
    ],
    prompt: Annotated[
        str | None,
        typer.Argument(help='What it is like: "slow sad piano", "scary music, no drums".'),
    ] = None,
    emotion: Annotated[
        Emotion | None, typer.Option(help="Its mood; by default what the prompt says.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="How long it lasts.")] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another piece.")] = 1,
    tries: Annotated[
        int, typer.Option(help="Pieces to make; the one that sounds most as asked is kept.")
    ] = 8,
    model: Annotated[
        str, typer.Option(help="A note generator: the one that ships, or a folder.")
    ] = DEFAULT_GENERATOR,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compose music of a mood and play it, in stereo at 44.1 kHz.

    A composer of our own follows what is known of how music expresses emotions; its notes are
    played by the note generator. Of a prompt the mood, the tempo ("slow", "90 bpm"), the mode,
    instruments and drums are followed. The same words and seed give the same file.

    \b
    Examples:
      moodprint generate music --emotion calm --seconds 60 --out calm.wav
      moodprint generate music "scary haunted fearful music" --seed 7 --out fear.flac
      moodprint generate music "slow sad piano and cello, 60 bpm" --out sad.mp3
    """
    from moodprint.audio.encode import check_suffix, encode
    from moodprint.generation.composition.choice import Wishes
    from moodprint.generation.composition.music import MusicRequest
    from moodprint.generation.composition.wishes import wishes_of
    from moodprint.generation.note_generator.bundle import bundled_instruments
    from moodprint.synthetic.choosing import best_piece

    check_suffix(out)
    asked, wishes = None, Wishes()
    if prompt is not None:
        asked, wishes = wishes_of(prompt, bundled_instruments(model))
    mood = emotion or asked
    if mood is None:
        raise OptionError(
            f"{'no mood is known in the prompt' if prompt else 'give a prompt or a mood'}: "
            f"--emotion takes {', '.join(EMOTIONS)}"
        )
    request = MusicRequest(mood, seconds, wishes, model, threads)
    with claimed(files=[out], special=False):
        with progress_bar(quiet=quiet) as progress:
            best = best_piece(request, seed, tries, progress=progress)
        encode(best.clip, out)
    if is_json(text_format, as_json):
        typer.echo(json.dumps({"file": str(out), "emotion": str(mood), **_made(best)}, indent=2))
    else:
        made = _made(best)
        instruments = ", ".join(dict.fromkeys(made["instruments"].values()))
        typer.echo(
            f"{out}: {best.clip.duration_s:.1f} s, {mood} {best.probability:.0%}; "
            f"{made['tempo_bpm']:g} bpm, {instruments}"
        )


def _made(best: Candidate) -> dict[str, Any]:
    """What was made, for programs."""
    choice = best.choice
    return {
        "duration_s": round(best.clip.duration_s, 3),
        "probability": round(best.probability, 6),
        "answered": None if best.answered is None else str(best.answered),
        "try": best.number + 1,
        "tempo_bpm": choice.tempo_bpm,
        "tonic": choice.tonic,
        "scale": list(choice.scale),
        "instruments": choice.instruments,
        "drums": choice.beat or None,
    }
