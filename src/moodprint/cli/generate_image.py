"""`moodprint generate image` and `generate sound`: sound as a picture, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moodprint.outputs import claimed


def generate_image(
    sound: Annotated[Path, typer.Argument(help="Audio or video.")],
    out: Annotated[Path, typer.Option("--out", "--output", "-o", help="A png.")],
    start: Annotated[float, typer.Option(help="From this second on.")] = 0.0,
    seconds: Annotated[float, typer.Option(help="How long a stretch; a pixel each 10 ms.")] = 5.12,
    stereo: Annotated[
        bool, typer.Option("--stereo", help="Left and right in colours of their own.")
    ] = False,
) -> None:
    """Draw a stretch of sound as a spectrogram, in the format of Riffusion v1.

    \b
    Examples:
      moodprint generate image song.mp3 --out picture.png
      moodprint generate image film.mp4 --start 60 --seconds 10 --stereo --out picture.png
    """
    from moodprint.files import write_atomically
    from moodprint.generation.spectrogram.exchange import PictureRequest, picture_of_sound
    from moodprint.generation.spectrogram.picture import check_picture_suffix

    check_picture_suffix(out)
    request = PictureRequest(sound, start, seconds, stereo)
    with claimed(files=[out], sources=[sound], special=False):
        write_atomically(out, picture_of_sound(request))
    typer.echo(f"{out}: drawn")


def generate_sound(
    picture: Annotated[
        Path,
        typer.Argument(help="A spectrogram, ours or Riffusion's: png, jpeg or webp."),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="wav, flac, ogg, opus or mp3, by its suffix."),
    ],
    iterations: Annotated[
        int, typer.Option(min=0, max=1000, help="Of Griffin-Lim: more take longer.")
    ] = 8,
) -> None:
    """Make a picture of a spectrogram sound, by the parameters that it keeps.

    \b
    Examples:
      moodprint generate sound picture.png --out sound.wav
    """
    from moodprint.audio.encode import check_suffix, encode
    from moodprint.generation.spectrogram.exchange import sound_of_picture

    check_suffix(out)
    with claimed(files=[out], sources=[picture], special=False):
        clip = sound_of_picture(picture, iterations)
        encode(clip, out)
    typer.echo(f"{out}: {clip.duration_s:.1f} s")
