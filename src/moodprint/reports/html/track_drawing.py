"""The drawing of a group of files that share tracks: tracks on the left, files on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from moodprint.plain_text import one_line
from moodprint.recognition.shared_tracks import SharedTrack
from moodprint.reports.terminal.names import shortened
from moodprint.reports.timeline_text import clock
from moodprint.reports.track_words import track_name, use_words

WIDTH = 720
"""Of a drawing, in its own units; of these it shows at least so many pixels:"""
LEAST_WIDTH = 560
_NODE_WIDTH, _LETTERS = 232, 28
"""As many letters of 14 pixels as fit in a node."""
_FILE_HEIGHT, _TRACK_HEIGHT, _STEP = 30, 46, 58
_LABEL_WIDTH = 100
_FILES_X = WIDTH - _NODE_WIDTH - 1


@dataclass(frozen=True)
class Node:
    """A box with a word or two: ``kind`` is file, known or unknown (tracks)."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    text: str
    title: str
    below: str = ""


@dataclass(frozen=True)
class Edge:
    """A line from a track to a file, with its label's place: when it plays there."""

    path: str
    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """A group: its title, what is searched for in it, and what is drawn."""

    title: str
    words: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    height: float
    width: float = WIDTH
    least_width: float = LEAST_WIDTH


def drawing(files: Sequence[str], tracks: Sequence[SharedTrack]) -> Drawing:
    """Of files and the tracks that they share, each track in two of the files or more."""
    height = max(len(tracks) * _STEP, len(files) * (_FILE_HEIGHT + 14)) + 8
    track_y = _places(len(tracks), height)
    file_y = dict(zip(files, _places(len(files), height), strict=True))
    names = shortened([track_name(track) for track in tracks], _LETTERS)
    nodes = [
        *map(_track_node, tracks, names, track_y),
        *_file_nodes(list(file_y), list(file_y.values())),
    ]
    edges = [
        _edge(middle, file_y[file], _label(track, file))
        for track, middle in zip(tracks, track_y, strict=True)
        for file in track.files
    ]
    count = f"{len(tracks)} track{'s' if len(tracks) > 1 else ''}"
    words = " ".join([*map(track_name, tracks), *map(one_line, files)])
    return Drawing(f"{len(files)} files, {count}", words, tuple(nodes), tuple(edges), height)


def _places(count: int, height: float) -> list[float]:
    """The middles of so many boxes under each other."""
    return [round((number + 0.5) * height / count, 1) for number in range(count)]


def _track_node(track: SharedTrack, name: str, middle: float) -> Node:
    return Node(
        kind="known" if track.known else "unknown",
        x=1,
        y=middle - _TRACK_HEIGHT / 2,
        width=_NODE_WIDTH,
        height=_TRACK_HEIGHT,
        text=name,
        title=one_line(track.name),
        below=f"{clock(track.duration_s)} long, in {len(track.files)} files",
    )


def _file_nodes(files: Sequence[str], middles: Sequence[float]) -> list[Node]:
    names = shortened([one_line(PurePath(file).name) or one_line(file) for file in files], _LETTERS)
    return [
        Node(
            kind="file",
            x=_FILES_X,
            y=middle - _FILE_HEIGHT / 2,
            width=_NODE_WIDTH,
            height=_FILE_HEIGHT,
            text=name,
            title=one_line(file),
        )
        for file, name, middle in zip(files, names, middles, strict=True)
    ]


def _label(track: SharedTrack, file: str) -> str:
    first, *more = [use for use in track.uses if use.file == file]
    return use_words(first) + (f" +{len(more)}" if more else "")


def _edge(start: float, end: float, label: str) -> Edge:
    """Straight under its label, which ends at the file."""
    left, right = _NODE_WIDTH + 1, _FILES_X
    bend = right - _LABEL_WIDTH
    middle = (left + bend) / 2
    path = f"M{left} {start}C{middle} {start} {middle} {end} {bend} {end}H{right}"
    return Edge(path, right - 6, end - 5, label)
