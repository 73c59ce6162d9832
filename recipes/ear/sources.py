"""What there is to hear: one Item a file, out of the labelled data and folders of free music.

    python -m recipes.ear.sources --data DATA --pool POOL --made MADE

makes the synthetic part (MIDI played through soundfonts, espeak-ng's speech, noise) in MADE and
prints the hours by corpus. DATA is the labelled data, POOL holds unpacked Debian packages, one
folder each. Needs pyfluidsynth and symusic, and Debian's espeak-ng, libfluidsynth3,
fluid-soundfont-gm and musescore-general-soundfont.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from moodprint.audio.media import find_media, probe
from moodprint.errors import MoodprintError

SOUNDFONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf3/MuseScore_General.sf3"),
)
EMOPIA_EMOTION = {"1": "happy", "2": "angry", "3": "sad", "4": "calm"}
LONGEST_S = 90.0
SHORTEST_POOL_S = 20.0


@dataclass(frozen=True)
class Item:
    """A file to hear, from its middle at most LONGEST_S seconds, and what is known of it.

    ``group`` never stands on two sides of a split. Labels are '' or nan where unknown; valence
    and arousal lie in [-1, 1]. ``presence`` is music, speech, other, or '' (ask the teacher).
    """

    path: Path
    corpus: str
    group: str
    emotion: str = ""
    quadrant: str = ""
    valence: float = float("nan")
    arousal: float = float("nan")
    presence: str = ""


def all_items(data: Path, pool: Path, made: Path) -> list[Item]:
    """Every item there is, each file once."""
    labelled = [
        *four_quadrants(data),
        *musifeast(data),
        *game_moods(data, pool, made),
        *scp_fear(data),
        *midi(data, made),
        *not_music(data),
        *ravdess(data),
        *synthetic(made),
    ]
    known = {item.path.resolve() for item in labelled}
    return labelled + [item for item in unlabelled(pool) if item.path.resolve() not in known]


def four_quadrants(data: Path) -> Iterator[Item]:
    """Songs of the 4Q set, by artist."""
    for row in _rows(data / "4q" / "labels.csv"):
        yield Item(
            data / "4q" / row["file"],
            "4q",
            row["group"],
            row["emotion"],
            row["quadrant"],
            presence="music",
        )


def musifeast(data: Path) -> Iterator[Item]:
    """Ratings from 1 to 5 are brought to [-1, 1]."""
    for row in _rows(data / "musifeast17" / "labels.csv"):
        yield Item(
            data / "musifeast17" / row["file"],
            "musifeast17",
            "artist:" + row["group"],
            row["emotion"],
            valence=(float(row["valence_mean"]) - 3) / 2,
            arousal=(float(row["arousal_mean"]) - 3) / 2,
            presence="music",
        )


def game_moods(data: Path, pool: Path, made: Path) -> Iterator[Item]:
    """Tracks of free games whose titles say a mood, by game."""
    for row in _rows(data / "game_moods" / "tracks.csv"):
        path = pool / row["package"] / row["path"].lstrip("/")
        if not path.exists():
            continue
        if row["member"]:
            path = _unzipped(path, row["member"], made / "members" / row["package"])
        yield Item(path, "game_moods", "game:" + row["package"], row["emotion"], presence="music")


def scp_fear(data: Path) -> Iterator[Item]:
    """Music of a horror game."""
    for row in _rows(data / "scp_fear" / "labels.csv"):
        yield Item(
            data / "scp_fear" / row["file"], "scp_fear", "game:scp", "fear", presence="music"
        )


def midi(data: Path, made: Path) -> Iterator[Item]:
    """One clip of each EMOPIA song and all of VGMIDI, as rendered by ``render_midi``."""
    for row in _rows(data / "emopia" / "label.csv"):
        path = made / "emopia" / (row["ID"] + ".wav")
        if path.exists():
            quadrant = "Q" + row["4Q"]
            song = "song:" + _emopia_song(row["ID"])
            yield Item(path, "emopia", song, EMOPIA_EMOTION[row["4Q"]], quadrant, presence="music")
    quadrants = {("1", "1"): "Q1", ("-1", "1"): "Q2", ("-1", "-1"): "Q3", ("1", "-1"): "Q4"}
    for row in _rows(data / "vgmidi" / "labels.csv"):
        path = made / "vgmidi" / (row["id"] + ".wav")
        if path.exists():
            quadrant = quadrants[row["valence"], row["arousal"]]
            emotion = EMOPIA_EMOTION[quadrant[1]]
            yield Item(
                path, "vgmidi", "series:" + row["series"], emotion, quadrant, presence="music"
            )


def not_music(data: Path) -> Iterator[Item]:
    """Speech and other sounds."""
    for row in _rows(data / "not_music" / "labels.csv"):
        path = data / "not_music" / row["file"]
        yield Item(path, "not_music", path.stem, presence=row["presence"])


def ravdess(data: Path) -> Iterator[Item]:
    """Sung phrases: heard to learn what singing is, never used as a label of music."""
    for row in _rows(data / "ravdess_song" / "labels.csv"):
        yield Item(
            data / "ravdess_song" / row["file"], "ravdess_song", row["group"], row["emotion"]
        )


def synthetic(made: Path) -> Iterator[Item]:
    """Speech and noise that ``make`` made."""
    for path in find_media(made / "espeak") if (made / "espeak").exists() else []:
        yield Item(path, "espeak", path.stem, presence="speech")
    for path in find_media(made / "noise") if (made / "noise").exists() else []:
        yield Item(path, "noise", path.stem, presence="other")


def unlabelled(pool: Path) -> Iterator[Item]:
    """Music of the pool that is long enough; nothing is known of it."""
    for package in sorted(path for path in pool.iterdir() if path.is_dir()):
        for path in find_media(package):
            if path.stat().st_size > 100_000 and _lasts(path, SHORTEST_POOL_S):
                yield Item(path, "pool", "game:" + package.name)


def _lasts(path: Path, seconds: float) -> bool:
    try:
        return (probe(path).duration_s or 0) >= seconds
    except MoodprintError:
        return False


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _unzipped(archive: Path, member: str, folder: Path) -> Path:
    target = folder / Path(member).name
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive) as file:
            target.write_bytes(file.read(member))
    return target


# ---- what is made ----------------------------------------------------------------------------


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
            target.parent.mkdir(parents=True, exist_ok=True)
            clip = player.play(path)
            half = target.with_suffix(".part.wav")
            soundfile.write(half, clip.mono, clip.sample_rate_hz)
            half.rename(target)


def _emopia_jobs(data: Path, made: Path) -> Iterator[tuple[Path, Path]]:
    """One clip of each song."""
    seen: set[str] = set()
    for row in _rows(data / "emopia" / "label.csv"):
        path = data / "emopia" / "midi" / (row["ID"] + ".mid")
        if _emopia_song(row["ID"]) not in seen and path.exists():
            seen.add(_emopia_song(row["ID"]))
            yield path, made / "emopia" / (row["ID"] + ".wav")


def _emopia_song(clip_id: str) -> str:
    """Q1_0vLPYiPN7qY_0 -> 0vLPYiPN7qY; the middle part may itself hold underscores."""
    return clip_id.split("_", 1)[1].rsplit("_", 1)[0]


def _vgmidi_jobs(data: Path, made: Path) -> Iterator[tuple[Path, Path]]:
    for row in _rows(data / "vgmidi" / "labels.csv"):
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
