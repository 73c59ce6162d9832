"""What there is to hear: one Item a file, out of the labelled data and folders of free music.

DATA is the labelled data, POOL holds unpacked Debian packages, one folder each, and MADE what
`synthesis` made.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from moodprint.audio.media import find_media, probe
from moodprint.errors import MoodprintError
from moodprint.files import write_atomically

EMOPIA_EMOTION = {"1": "happy", "2": "angry", "3": "sad", "4": "calm"}
LONGEST_S = 90.0
SHORTEST_POOL_S = 20.0
BENCHMARK_VOICES = 40
"""So many voices are kept for ``benchmarks/robustness.py``."""


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
        *wild_moods(data),
        *midi(data, made),
        *not_music(data),
        *ravdess(data),
        *synthetic(made),
    ]
    known = {item.path.resolve() for item in labelled}
    return labelled + [item for item in unlabelled(pool) if item.path.resolve() not in known]


def four_quadrants(data: Path) -> Iterator[Item]:
    """Songs of the 4Q set, by artist."""
    for row in rows(data / "4q" / "labels.csv"):
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
    for row in rows(data / "musifeast17" / "labels.csv"):
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
    for row in rows(data / "game_moods" / "tracks.csv"):
        path = pool / row["package"] / row["path"].lstrip("/")
        if not path.exists():
            continue
        if row["member"]:
            path = _unzipped(path, row["member"], made / "members" / row["package"])
        yield Item(path, "game_moods", "game:" + row["package"], row["emotion"], presence="music")


def scp_fear(data: Path) -> Iterator[Item]:
    """Music of a horror game."""
    for row in rows(data / "scp_fear" / "labels.csv"):
        yield Item(
            data / "scp_fear" / row["file"], "scp_fear", "game:scp", "fear", presence="music"
        )


def wild_moods(data: Path) -> Iterator[Item]:
    """Music of many hands whose files or titles name a mood, by source; where the label is in
    doubt, the music is unlabelled."""
    for row in rows(data / "wild_moods" / "labels.csv"):
        sure = not row["quality"].startswith("doubt")
        yield Item(
            data / "wild_moods" / row["file"],
            "wild_moods",
            "source:" + row["group"],
            row["emotion"] if sure else "",
            presence="music" if sure else "",
        )


def midi(data: Path, made: Path) -> Iterator[Item]:
    """One clip of each EMOPIA song and all of VGMIDI, as rendered by ``render_midi``."""
    for row in rows(data / "emopia" / "label.csv"):
        path = made / "emopia" / (row["ID"] + ".wav")
        if path.exists():
            quadrant = "Q" + row["4Q"]
            song = "song:" + emopia_song(row["ID"])
            yield Item(path, "emopia", song, EMOPIA_EMOTION[row["4Q"]], quadrant, presence="music")
    quadrants = {("1", "1"): "Q1", ("-1", "1"): "Q2", ("-1", "-1"): "Q3", ("1", "-1"): "Q4"}
    for row in rows(data / "vgmidi" / "labels.csv"):
        path = made / "vgmidi" / (row["id"] + ".wav")
        if path.exists():
            quadrant = quadrants[row["valence"], row["arousal"]]
            emotion = EMOPIA_EMOTION[quadrant[1]]
            yield Item(
                path, "vgmidi", "series:" + row["series"], emotion, quadrant, presence="music"
            )


def not_music(data: Path) -> Iterator[Item]:
    """Speech and other sounds; but not the first voices, by which robustness is measured."""
    listed = list(rows(data / "not_music" / "labels.csv"))
    voices = [row["file"] for row in listed if row["presence"] == "speech"]
    kept = set(voices[:BENCHMARK_VOICES])
    for row in listed:
        path = data / "not_music" / row["file"]
        if row["file"] not in kept:
            yield Item(path, "not_music", path.stem, presence=row["presence"])


def ravdess(data: Path) -> Iterator[Item]:
    """Sung phrases: there to learn what singing is, never used as a label of music."""
    for row in rows(data / "ravdess_song" / "labels.csv"):
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


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table with a header."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _unzipped(archive: Path, member: str, folder: Path) -> Path:
    target = folder / Path(member).name
    if not target.exists():
        with zipfile.ZipFile(archive) as file:
            write_atomically(target, file.read(member))
    return target


def emopia_song(clip_id: str) -> str:
    """Q1_0vLPYiPN7qY_0 -> 0vLPYiPN7qY; the middle part may itself hold underscores."""
    return clip_id.split("_", 1)[1].rsplit("_", 1)[0]
