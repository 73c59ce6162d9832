"""From a compilation to its songs: times, by pauses or by chapter marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.level import LevelCurve, measure_file
from moodprint.audio.media import Chapter, probe
from moodprint.audio.silence import TOP_DB, QuietRule, Span, sounding, without_silent_edges
from moodprint.errors import OptionError

SNAP_S = 3.0
"""People set chapter marks by ear: a pause so near to one is where the song really ends."""


@dataclass(frozen=True)
class SongRule:
    """Where one song ends and the next begins.

    ``min_pause_s``: quiet so long ends a song, and so does a rest of that length within one.
    ``min_song_s``: a shorter part is joined to the neighbour across the shorter pause.
    ``use_chapters``: two or more chapter marks are believed rather than the pauses.

    Raises:
        OptionError: a length that makes no sense.
    """

    quiet: QuietRule = field(default_factory=QuietRule)
    min_pause_s: float = 1.0
    min_song_s: float = 2.0
    use_chapters: bool = True

    def __post_init__(self) -> None:
        if not self.min_pause_s > 0:
            raise OptionError(f"a pause lasts longer than 0 s, not {self.min_pause_s:g} s")
        if not self.min_song_s >= 0:
            raise OptionError(f"a song lasts 0 s or longer, not {self.min_song_s:g} s")


@dataclass(frozen=True)
class Song:
    """One song of a file: where it sounds, and its title where a chapter mark has it."""

    span: Span
    title: str = ""


DEFAULT_RULE = SongRule()


def find_songs(path: str | Path, rule: SongRule = DEFAULT_RULE) -> tuple[Song, ...]:
    """The songs of an audio or video file, in order. A file without sound has none.

    Reads the file once, in memory that grows by 0.8 kB a second of sound.

    Raises:
        all that AudioStream raises.
    """
    return SplitFile(rule)(path).songs


@dataclass(frozen=True)
class SongsOfFile:
    """The songs of a file in order, and the warnings of its decoding."""

    songs: tuple[Song, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class SplitFile:
    """``find_songs`` with its rule, as a function that can be sent to other processes."""

    rule: SongRule = DEFAULT_RULE
    decoding: DecodeOptions = DEFAULT_OPTIONS

    def __call__(self, path: str | Path) -> SongsOfFile:
        """Raises all that AudioStream raises."""
        chapters = probe(path).chapters if self.rule.use_chapters else ()
        curve = measure_file(path, options=self.decoding)
        return SongsOfFile(songs_in(curve, chapters, self.rule), curve.warnings)


def songs_in(
    curve: LevelCurve, chapters: Sequence[Chapter] = (), rule: SongRule = DEFAULT_RULE
) -> tuple[Song, ...]:
    """The songs of a level curve, by its chapter marks where there are two, else by pauses."""
    parts = sounding(curve, rule.quiet, rule.min_pause_s)
    if rule.use_chapters and len(chapters) > 1:
        return cut_at_chapters(parts, chapters)
    return tuple(Song(span) for span in joined(parts, rule.min_song_s))


def trim(curve: LevelCurve, song: Span, top_db: float = TOP_DB) -> Span:
    """The song from its first frame less than ``top_db`` below its loudest one to its last.

    ``curve`` is that of the whole file. A song that is silent throughout stays as it is.
    """
    first = round(song.start_s / curve.hop_s)
    last = max(first + 1, round(song.end_s / curve.hop_s))
    levels, edges = curve.levels_db[first:last], curve.edge_db[first:last]
    part = LevelCurve(levels, edges, curve.hop_s, song.duration_s)
    inner = without_silent_edges(part, QuietRule(top_db=top_db))
    if inner is None:
        return song
    return Span(song.start_s + inner.start_s, min(song.start_s + inner.end_s, song.end_s))


def joined(parts: Sequence[Span], min_song_s: float) -> tuple[Span, ...]:
    """Parts none of which is shorter than ``min_song_s``, unless it is the only one.

    The shortest goes first, and joins the neighbour across the shorter pause.
    """
    spans = list(parts)
    while len(spans) > 1:
        shortest = min(range(len(spans)), key=lambda at: spans[at].duration_s)
        if spans[shortest].duration_s >= min_song_s:
            break
        before, after = _pause_s(spans, shortest - 1), _pause_s(spans, shortest)
        first = shortest - 1 if before <= after else shortest
        spans[first : first + 2] = [Span(spans[first].start_s, spans[first + 1].end_s)]
    return tuple(spans)


def cut_at_chapters(parts: Sequence[Span], chapters: Sequence[Chapter]) -> tuple[Song, ...]:
    """One song a chapter, from the pause nearest to its mark; from the mark where none is near.

    Pauses amid a chapter do not end a song; a chapter without sound has none.
    """
    if not parts:
        return ()
    pauses = [Span(a.end_s, b.start_s) for a, b in pairwise(parts)]
    marks = sorted(chapters, key=lambda chapter: chapter.start_s)
    cuts = [_snapped(chapter.start_s, pauses) for chapter in marks[1:]]
    starts = [parts[0].start_s, *(cut.end_s for cut in cuts)]
    ends = [*(cut.start_s for cut in cuts), parts[-1].end_s]
    return tuple(
        Song(Span(start_s, min(end_s, parts[-1].end_s)), chapter.title)
        for start_s, end_s, chapter in zip(starts, ends, marks, strict=True)
        if start_s < min(end_s, parts[-1].end_s)
    )


def _snapped(mark_s: float, pauses: Sequence[Span]) -> Span:
    near = min(pauses, key=lambda pause: _distance_s(mark_s, pause), default=None)
    if near is None or _distance_s(mark_s, near) > SNAP_S:
        return Span(mark_s, mark_s)
    return near


def _distance_s(mark_s: float, pause: Span) -> float:
    return max(pause.start_s - mark_s, mark_s - pause.end_s, 0.0)


def _pause_s(spans: Sequence[Span], before: int) -> float:
    """The pause after a part; endless at the edges of the file."""
    if not 0 <= before < len(spans) - 1:
        return float("inf")
    return spans[before + 1].start_s - spans[before].end_s
