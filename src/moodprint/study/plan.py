"""A study's plan for a folder, written after a look at it: what is labelled how, what belongs
together, and how many of each there are."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.media import find_media
from moodprint.corpus import manifest
from moodprint.dataset.durations import announced_durations_s
from moodprint.dataset.label_columns import MOST_LABELS, columns_by_content
from moodprint.dataset.labels import label_key
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import CorpusError
from moodprint.outputs import AnyPath
from moodprint.text_input import CsvTable, read_csv

FEATURES = ("acoustic", "musicnn", "acoustic+musicnn")
MODELS = ("lda", "logistic", "ridge", "linear_svc", "rbf_svc", "random_forest", "dummy")
"""What the default install and the extra ``study`` can do in minutes for a thousand clips."""

_PROBED = 40
"""Files whose length is asked for."""
_LONG_S = 90.0
"""Longer pieces hold several moods, and are better taken in parts."""
_FOR_HOLDOUT = 10
"""Groups of the rarest label that it takes to keep a fifth aside and still have two for it."""
_FEW_SAMPLES = 200
"""Below, the scores of folds depend on how they fall, and are better repeated."""


@dataclass(frozen=True)
class Labelled:
    """A file with its label and group, and the path as a table names it."""

    path: Path
    name: str
    label: str
    group: str


@dataclass(frozen=True)
class Plan:
    """What a folder holds, and the study that fits it.

    ``corpus`` are the options of the corpus, ``options`` those of the study; ``seen`` are sentences
    on what was found; ``table`` is a CSV of labels to be written beside the plan, where the folder
    has none of its own.
    """

    corpus: Mapping[str, Any]
    options: Mapping[str, Any]
    seen: tuple[str, ...]
    table: str | None = None

    def text(self, labels_name: str) -> str:
        """The YAML; ``labels_name`` is the file that the table is written to."""
        import yaml

        corpus = {**self.corpus, **({} if self.table is None else {"labels": labels_name})}
        options = {"corpora": [corpus], **self.options}
        lines = [f"# {each}" for each in self.seen]
        body = yaml.safe_dump(options, sort_keys=False, allow_unicode=True, default_flow_style=None)
        return "\n".join([*lines, body])


def plan_for(folder: AnyPath, base: AnyPath) -> Plan:
    """Look at a folder: a corpus with a manifest, a table of labels, or a folder a label.

    Paths in the plan are meant from ``base``, where it will stand.

    Raises:
        CorpusError: nothing labelled is found, or too little of it, or all of it is synthetic.
    """
    folder, base = Path(folder), Path(base)
    name = folder.resolve().name or "songs"
    if (folder / manifest.NAME).is_file():
        rows = manifest.excerpts(folder)
        if rows and all(row.synthetic for row, _ in rows):
            raise CorpusError(
                f"{folder}: all of it is synthetic, to learn from and not to test on: plan a study "
                "of real music, and add this folder to its corpora"
            )
        found = [Labelled(e.path, row.id, row.emotion or "", row.group) for row, e in rows]
        how = f"a corpus with a manifest of {len(found)} clips"
        return _plan(found, {"name": name, "folder": _path(folder, base)}, how)
    for path in sorted(folder.glob("*.csv")):
        table = read_csv(path)
        columns = columns_by_content(table, path.parent)
        if columns is not None:
            found = _of_table(table, path.parent, columns)
            how = f"{path.name}: labels by {columns['label']}, groups by {columns['group']}"
            return _plan(found, {"name": name, "labels": _path(path, base), **columns}, how)
    found = _of_folders(folder, base)
    if not found:
        raise CorpusError(
            f"{folder}: neither a manifest, nor a CSV with a column of files and one of labels, "
            "nor a folder a label was found"
        )
    plan = _plan(found, {"name": name}, "a folder a label")
    return Plan(plan.corpus, plan.options, plan.seen, _table(found))


@dataclass(frozen=True)
class _Class:
    """A label as it is mostly spelled, how many samples carry it, and their groups."""

    label: str
    samples: int
    groups: frozenset[str]


def _plan(found: Sequence[Labelled], corpus: Mapping[str, Any], how: str) -> Plan:
    classes = _classes(found)
    taken = _taken(classes)
    if not 2 <= len(taken) <= MOST_LABELS:
        raise CorpusError(
            f"{how}: {len(taken)} labels have two groups or more; 2 to {MOST_LABELS} are needed"
        )
    samples = sum(each.samples for each in taken)
    groups = frozenset().union(*(each.groups for each in taken))
    counted = ", ".join(f"{each.label} {each.samples}" for each in taken)
    seen = [how, f"{samples} samples in {len(groups)} groups: {counted}"]
    left_out = [each.label for each in classes if each not in taken]
    if left_out:
        seen.append(f"left out: {', '.join(left_out)} (other labels, or of one group only)")
    if len(groups) == samples:
        seen.append("each file is a group of its own: name a column of artists if there is one")
    rarest = min(len(each.groups) for each in taken)
    options, said = _options(_ordered(taken), rarest, samples)
    long, also = _segments(found)
    return Plan(corpus, {**options, **long}, (*seen, *said, *also))


def _classes(found: Sequence[Labelled]) -> list[_Class]:
    """The most frequent first; samples without a label are passed over."""
    groups: dict[str, set[str]] = defaultdict(set)
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for each in found:
        key = label_key(each.label)
        if key:
            groups[key].add(each.group or each.name)
            spelled[key][each.label.strip()] += 1
    classes = [
        _Class(counts.most_common(1)[0][0], counts.total(), frozenset(groups[key]))
        for key, counts in spelled.items()
    ]
    return sorted(classes, key=lambda each: -each.samples)


def _taken(classes: Sequence[_Class]) -> list[_Class]:
    """Those that a split can part; the emotions alone, where there are two of them."""
    parted = [each for each in classes if len(each.groups) >= 2]
    emotions = [each for each in parted if label_key(each.label) in EMOTIONS]
    return emotions if len(emotions) >= 2 else parted


def _ordered(classes: Sequence[_Class]) -> list[str]:
    """The labels; emotions in their own order, by which a model can be used to analyse."""
    keys = [label_key(each.label) for each in classes]
    if all(key in EMOTIONS for key in keys):
        return sorted(keys, key=lambda key: list(EMOTIONS).index(Emotion(key)))
    return [each.label for each in classes]


def _options(labels: Sequence[str], rarest: int, samples: int) -> tuple[dict[str, Any], list[str]]:
    seen = []
    options: dict[str, Any] = {"features": list(FEATURES), "models": list(MODELS)}
    options["labels"] = list(labels)
    options["folds"] = max(2, min(5, rarest))
    if rarest < _FOR_HOLDOUT:
        options["holdout_share"] = 0
        seen.append(f"the rarest label has {rarest} groups: too few to hold some out")
    if samples < _FEW_SAMPLES:
        options["repeats"] = 3
        seen.append("few samples: the folds are drawn three times")
    return options, seen


def _segments(found: Sequence[Labelled]) -> tuple[dict[str, Any], list[str]]:
    """Long pieces in parts."""
    probed = [each.path for each in found[:: max(1, len(found) // _PROBED)]]
    known = announced_durations_s(probed)
    if not known or float(np.median(list(known.values()))) < _LONG_S:
        return {}, []
    length = float(np.median(list(known.values())))
    seen = [f"a file lasts {length:.0f} s in the median: four parts of 10 s are taken of each"]
    return {"segment_s": 10, "segments_per_track": 4}, seen


def _of_table(table: CsvTable, base: Path, columns: Mapping[str, str]) -> list[Labelled]:
    return [
        Labelled(base / row.cells[columns["file"]], *(row.cells[columns[kind]] for kind in columns))
        for row in table.rows
    ]


def _of_folders(folder: Path, base: Path) -> list[Labelled]:
    """The first folder is the label; the group is the next one, or the artist before " - "."""
    found = []
    for path in find_media(folder):
        within = path.relative_to(folder).parts
        if len(within) < 2:
            continue
        artist, dash, _ = path.stem.partition(" - ")
        name = _path(path, base)
        group = within[1] if len(within) > 2 else artist.strip() if dash else name
        found.append(Labelled(path, name, within[0], group))
    return found


def _table(found: Sequence[Labelled]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "emotion", "group"])
    writer.writerows([each.name, each.label, each.group] for each in found)
    return text.getvalue()


def _path(path: Path, base: Path) -> str:
    """As the plan names it: from where it stands where that is below, else in full."""
    whole, start = path.resolve(), base.resolve()
    return str(whole.relative_to(start) if whole.is_relative_to(start) else whole)
