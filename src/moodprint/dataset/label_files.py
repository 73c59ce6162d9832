"""Labels as other programs keep them: Audacity, ELAN, Label Studio, and our own answers, corrected.

Each gives stretches of sound with a label. The sound is looked for where the file says, beside it,
and under the file's own name.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from moodprint.audio.media import find_media
from moodprint.cells import cells
from moodprint.errors import CorpusError
from moodprint.text_input import CsvTable, read_csv, read_text

_OF_OURS = re.compile(r"\s+\((?:sure|likely|possible|0\.\d+|1\.00)\)(?:\s+-\s.*)?$")
"""How sure an answer is, and its known track, behind the emotion in what we write."""
_NO_LABEL = re.compile(r"(?:unsure\b|no music\b)")
"""What our answers say where they give no emotion: nobody has put a label there."""
_UPLOADED = re.compile(r"^[0-9a-f]{8}-")
"""Label Studio puts this before the names of files that were uploaded."""
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)


@dataclass(frozen=True)
class LabelledStretch:
    """A stretch of a file with its label; to the file's end where ``end_s`` is None."""

    path: Path
    label: str
    start_s: float = 0.0
    end_s: float | None = None


def is_label_file(path: Path) -> bool:
    """Whether a file is read here, by its suffix: ``.txt``, ``.eaf``, ``.json``."""
    return path.suffix.lower() in _READERS


def read_label_file(path: Path, tier: str = "emotion") -> list[LabelledStretch]:
    """The labelled stretches of a file, in order of time within each sound.

    ``tier`` names ELAN's tier, and Label Studio's control where there are several. Our answers'
    "unsure" and "no music" are no labels.

    Raises:
        MissingFileError, EncodingError: no such file, or it is no text.
        CorpusError: it holds no labels in the format of its suffix, or names sound that is not
            there.
    """
    found = list(_READERS[path.suffix.lower()](path, tier))
    for each in found:
        end_s = each.start_s + 1 if each.end_s is None else each.end_s
        if not 0 <= each.start_s < end_s < inf:
            raise CorpusError(f"{path}: {each.start_s} to {each.end_s} s is no stretch of sound")
    return [each for each in found if each.label and not _NO_LABEL.match(each.label)]


def is_our_table(table: CsvTable) -> bool:
    """Whether a CSV is one of our answers, with rows for files and segments."""
    return {"source", "level", "emotion", "start_s", "end_s"} <= set(table.columns)


def read_our_table(path: Path) -> list[LabelledStretch]:
    """The segments of answers that we wrote as CSV; those without an emotion are left out.

    Raises:
        CorpusError: a time is no number, or sound is not there.
    """
    marks: dict[str, list[_Mark]] = {}
    for row in read_csv(path).rows:
        if row.cells["level"] == "segment":
            where = f"{path}, line {row.line}"
            start_s, end_s = (_seconds(row.cells[name], where) for name in ("start_s", "end_s"))
            emotion = "" if row.cells.get("abstained") == "true" else row.cells["emotion"].strip()
            marks.setdefault(row.cells["source"], []).append(_Mark(start_s, end_s, emotion))
    return [
        stretch
        for source, found in marks.items()
        for stretch in _joined(_sound_of(source, path), found)
        if stretch.label
    ]


@dataclass(frozen=True)
class _Mark:
    """A stretch of time with a label, of a file that is known."""

    start_s: float
    end_s: float
    label: str


def _joined(sound: Path, marks: Sequence[_Mark]) -> Iterator[LabelledStretch]:
    """Overlapping segments cut where they meet, and neighbours with one label put together."""
    last: _Mark | None = None
    for mark in [*cells(sorted(marks, key=lambda mark: mark.start_s)), None]:
        if last and mark and mark.label == last.label and mark.start_s <= last.end_s + 1e-6:
            last = _Mark(last.start_s, mark.end_s, last.label)
            continue
        if last:
            yield LabelledStretch(sound, last.label, last.start_s, last.end_s)
        last = mark


def _audacity(path: Path, tier: str) -> Iterator[LabelledStretch]:
    """Lines of start, end and label between tabs; the sound has the file's name."""
    del tier
    sound = None
    for number, line in enumerate(read_text(path).splitlines(), 1):
        parts = line.split("\t")
        if not line.strip() or line.startswith("\\"):  # the frequencies of the label before
            continue
        where = f"{path}, line {number}"
        if len(parts) < 3:
            raise CorpusError(f"{where}: is no label of Audacity (start, end, label between tabs)")
        start_s, end_s = (_seconds(part, where) for part in parts[:2])
        sound = sound or _sound_named(path)
        label = _plain(parts[2])
        yield LabelledStretch(sound, label, start_s, end_s if end_s > start_s else None)


def _elan(path: Path, tier: str) -> Iterator[LabelledStretch]:
    """The time-aligned annotations of the tier, or of the only one."""
    text = read_text(path)
    if _DOCTYPE.search(text):
        raise CorpusError(f"{path}: holds a DOCTYPE, which ELAN never writes")
    try:
        document = ET.fromstring(text.encode())
    except ET.ParseError as error:
        raise CorpusError(f"{path}: is no ELAN file ({error})") from error
    slots = {
        slot.get("TIME_SLOT_ID", ""): int(slot.get("TIME_VALUE", "")) / 1000
        for slot in document.iter("TIME_SLOT")
        if slot.get("TIME_VALUE", "").isdecimal()  # one without a value is not aligned yet
    }
    tiers = {each.get("TIER_ID", "").casefold(): each for each in document.iter("TIER")}
    chosen = tiers.get(tier.casefold()) if len(tiers) != 1 else next(iter(tiers.values()))
    if chosen is None:
        names = ", ".join(each.get("TIER_ID", "") for each in document.iter("TIER")) or "none"
        raise CorpusError(f"{path}: has no tier {tier!r}; its tiers are {names}")
    media = next(document.iter("MEDIA_DESCRIPTOR"), None)
    named = [] if media is None else [media.get("RELATIVE_MEDIA_URL"), media.get("MEDIA_URL")]
    sound = _sound_of([each for each in named if each], path)
    for each in chosen.iter("ALIGNABLE_ANNOTATION"):
        start_s, end_s = (
            slots.get(each.get(name, ""), nan) for name in ("TIME_SLOT_REF1", "TIME_SLOT_REF2")
        )
        if start_s < end_s:
            value = _plain(each.findtext("ANNOTATION_VALUE") or "")
            yield LabelledStretch(sound, value, start_s, end_s)


def _json(path: Path, tier: str) -> Iterator[LabelledStretch]:
    """Label Studio's export (JSON or JSON-MIN), or our own answers."""
    try:
        tasks = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{path}: is not JSON ({error})") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise CorpusError(
            f"{path}: is neither Label Studio's export nor our answers: those are lists of objects"
        )
    for number, task in enumerate(tasks, 1):
        try:
            yield from _of_task(task, path, tier)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CorpusError(
                f"{path}, entry {number}: is neither Label Studio's export nor one of our answers "
                f"({type(error).__name__}: {error})"
            ) from error


def _of_task(task: Mapping[str, Any], path: Path, tier: str) -> Iterator[LabelledStretch]:
    if "source" in task and ("segments" in task or "error" in task):
        marks = [
            _Mark(float(s["start_s"]), float(s["end_s"]), _emotion_of(s))
            for s in task.get("segments", [])
        ]
        yield from _joined(_sound_of(str(task["source"]), path), marks) if marks else ()
        return
    if "annotations" not in task:
        yield from _of_min_task(task, path, tier)
        return
    kept = [each for each in task["annotations"] if not each.get("was_cancelled")]
    sound = _sound_of(_media_of(task["data"]), path)
    for result in kept[-1]["result"] if kept else ():  # the newest of several
        value = result["value"]
        for label in value.get("labels") or value.get("choices") or ():
            yield _stretch(sound, str(label), value)


def _of_min_task(task: Mapping[str, Any], path: Path, tier: str) -> Iterator[LabelledStretch]:
    """JSON-MIN: a control's name beside the data, with a list of stretches or a choice."""
    sound = _sound_of(_media_of(task), path)
    controls = [tier] if tier in task else [name for name in task if name in ("label", "choice")]
    for name in controls:
        for value in task[name] if isinstance(task[name], list) else [task[name]]:
            if isinstance(value, Mapping):
                for label in value["labels"]:
                    yield _stretch(sound, str(label), value)
            else:
                yield LabelledStretch(sound, str(value).strip())


def _stretch(sound: Path, label: str, value: Mapping[str, Any]) -> LabelledStretch:
    if "start" not in value:
        return LabelledStretch(sound, label.strip())
    return LabelledStretch(sound, label.strip(), float(value["start"]), float(value["end"]))


def _emotion_of(segment: Mapping[str, Any]) -> str:
    """Of one of our segments; '' where it abstains or there is no music."""
    emotion = segment["emotion"]
    return "" if emotion is None or segment.get("abstained") else str(emotion)


def _media_of(data: Mapping[str, Any]) -> list[str]:
    """What may be the address of the sound: it is called audio, or whatever one chose."""
    texts = [value for value in data.values() if isinstance(value, str)]
    return [data["audio"], *texts] if isinstance(data.get("audio"), str) else texts


def _plain(text: str) -> str:
    """A label without what our answers put behind it."""
    return _OF_OURS.sub("", text.strip())


def _seconds(text: str, where: str) -> float:
    try:
        seconds = float(text.strip().replace(",", "."))  # Audacity writes as the locale does
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < inf:
        raise CorpusError(f"{where}: {text.strip()!r} is no time in seconds")
    return seconds


def _sound_named(path: Path) -> Path:
    """The sound that has the label file's name, beside it."""
    stems = (path.stem, path.stem.removesuffix(" labels").removesuffix("-labels"))
    beside = [each for each in find_media(path.parent) if each.parent == path.parent]
    for stem in stems:
        for sound in beside:
            if sound.stem == stem and sound != path:
                return sound
    raise CorpusError(f"{path}: no sound called {path.stem} lies beside it")


def _sound_of(named: str | Sequence[str], path: Path) -> Path:
    """Where a label file says that its sound is, in whatever form of address."""
    tried = [named] if isinstance(named, str) else list(named)
    for name in tried:
        for candidate in _candidates(name, path.parent):
            try:
                if candidate.is_file():
                    return candidate
            except (OSError, ValueError):
                continue
    if not tried:
        return _sound_named(path)
    raise CorpusError(f"{path}: the sound {tried[0]!r} is not there, nor beside it")


def _candidates(name: str, folder: Path) -> Iterator[Path]:
    yield folder / name
    yield Path(name)
    parts = urlsplit(name)
    for address in (parts.query.removeprefix("d="), parts.path):
        plain = unquote(address)
        if not plain:
            continue
        yield folder / plain
        base = PurePosixPath(plain).name
        yield folder / base
        yield folder / _UPLOADED.sub("", base)


_READERS: Mapping[str, Callable[[Path, str], Iterator[LabelledStretch]]] = {
    ".txt": _audacity,
    ".eaf": _elan,
    ".json": _json,
}
