"""The synthetic part of what there is to hear: MIDI played through soundfonts, speech, noise.

    python -m recipes.ear.synthesis --data DATA --pool POOL --made MADE

makes it in MADE and prints the hours of all items by corpus. DATA is the labelled data, POOL holds
unpacked Debian packages, one folder each. Needs pyfluidsynth and symusic, and Debian's espeak-ng,
libfluidsynth3, fluid-soundfont-gm and musescore-general-soundfont.
"""

from __future__ import annotations

import argparse
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from moodprint.audio.media import probe
from moodprint.files import atomic_file
from recipes.ear.sources import LONGEST_S, all_items, emopia_song, rows

SOUNDFONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf3/MuseScore_General.sf3"),
)


def make(data: Path, made: Path) -> None:
    """Render MIDI, speak and make noise, skipping what is there."""
    render_midi(data, made)
    speak(made / "espeak")
    make_noise(made / "noise")


def render_midi(data: Path, made: Path) -> None:
    """Every other file through one soundfont, the rest through the other."""
    from recipes.ear.render import SoundfontPlayer  # needs FluidSynth, which nothing else here does

    jobs = [*_emopia_jobs(data, made), *_vgmidi_jobs(data, made)]
    for turn, font in enumerate(SOUNDFONTS):
        todo = [
            (path, target) for path, target in jobs[turn :: len(SOUNDFONTS)] if not target.exists()
        ]
        if not todo:
            continue
        player = SoundfontPlayer(font)
        for path, target in todo:
            clip = player.play(path)
            with atomic_file(target) as file:
                soundfile.write(file, clip.mono, clip.sample_rate_hz, format="WAV")


def _emopia_jobs(data: Path, made: Path) -> Iterator[tuple[Path, Path]]:
    """One clip of each song."""
    seen: set[str] = set()
    for row in rows(data / "emopia" / "label.csv"):
        path = data / "emopia" / "midi" / (row["ID"] + ".mid")
        if emopia_song(row["ID"]) not in seen and path.exists():
            seen.add(emopia_song(row["ID"]))
            yield path, made / "emopia" / (row["ID"] + ".wav")


def _vgmidi_jobs(data: Path, made: Path) -> Iterator[tuple[Path, Path]]:
    for row in rows(data / "vgmidi" / "labels.csv"):
        name = Path(row["midi"]).stem.rsplit("_", 1)[0] + ".mid"
        path = data / "vgmidi" / "midi" / name
        if path.exists():
            yield path, made / "vgmidi" / (row["id"] + ".wav")


_SENTENCES = (
    "The committee will meet again on Thursday to talk about the new bridge and what it may cost.",
    "Nobody knew where the letter came from, yet everyone in the village had read it by noon.",
    "Breaking news this morning: prices rose for the third month in a row, officials said.",
    "If you like this video, do not forget to subscribe and leave a comment down below.",
    "She walked along the river for an hour, counting the boats, until the rain began to fall.",
    "They do not want you to know the truth, but the documents are clear, share this with friends.",
)
_VOICES = ("en-us", "en-gb", "de", "fr", "es", "it", "ru", "pl", "pt", "nl", "hi", "tr")


def speak(folder: Path) -> None:
    """72 texts read by espeak-ng in twelve languages."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    for index in range(72):
        voice = _VOICES[index % len(_VOICES)] + rng.choice(["", "+f2", "+f3", "+m2", "+m4", "+m7"])
        speed, pitch = int(rng.integers(120, 220)), int(rng.integers(20, 80))
        target = folder / f"{index:03d}.wav"
        text = " ".join(rng.permutation(_SENTENCES)[:3])
        if not target.exists():
            options = ["-v", voice, "-s", str(speed), "-p", str(pitch)]
            subprocess.run(["espeak-ng", *options, "-w", str(target), text], check=True)


def make_noise(folder: Path, count: int = 40) -> None:
    """White, pink and brown noise, hum, clicks, and noise that comes and goes: 30 s each."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(11)
    rate, length = 16_000, 30 * 16_000
    time_s = np.arange(length) / rate
    frequency = np.maximum(np.fft.rfftfreq(length, 1 / rate), 1.0)
    for index in range(count):
        slope = (0.0, 0.5, 1.0, 1.5)[index % 4]
        spectrum = np.fft.rfft(rng.standard_normal(length)) / frequency**slope
        sound = np.fft.irfft(spectrum, length)
        sound /= np.abs(sound).max()
        kind = index // 4 % 5
        if kind == 1:
            sound *= 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.1, 3) * time_s)
        elif kind == 2:
            sound = 0.3 * sound + sum(
                0.3 / k * np.sin(2 * np.pi * 50 * k * time_s) for k in range(1, 6)
            )
        elif kind == 3:
            sound *= rng.random(length) < 20 / rate
        gain = 10 ** (rng.uniform(-40, -3) / 20)
        samples = (gain * sound / np.abs(sound).max()).astype(np.float32)
        soundfile.write(folder / f"{index:03d}.wav", samples, rate)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    make(options.data, options.made)
    items = all_items(options.data, options.pool, options.made)
    hours: dict[str, float] = defaultdict(float)
    for item in items:
        hours[item.corpus] += min(LONGEST_S, probe(item.path).duration_s or 0) / 3600
    for corpus, count in Counter(item.corpus for item in items).items():
        print(f"{corpus:14} {count:5} files {hours[corpus]:6.2f} h")


if __name__ == "__main__":
    main()
