"""MatchIndex: known tracks on disk, and which of them a sound holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from pathlib import Path

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.clip import Clip
from moodprint.engine import (
    Engine,
    Outcome,
    Progress,
    available_cores,
    file_limits,
    no_progress,
    progress_within,
    run,
)
from moodprint.errors import OptionError
from moodprint.fingerprint.extract import ReadTrack, error_line
from moodprint.fingerprint.peaks import SpectralPeaks, extract_peaks
from moodprint.fingerprint.records import AddReport, IndexedTrack, Match
from moodprint.fingerprint.search import candidates
from moodprint.fingerprint.segment import segment_of
from moodprint.fingerprint.store import Store
from moodprint.fingerprint.verify import align
from moodprint.fingerprint.windows import AlignedWindow, matches_of, windows

CREDIBLE_SCORE = 20.0
"""Decades of evidence from which a match is reported; see docs/matching.md for its calibration."""


class MatchIndex:
    """An index on disk. Many processes may query it while one adds to it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def create(cls, path: str | Path) -> MatchIndex:
        """An empty index in a new or empty folder; IndexFileError where something is there."""
        return cls(Store.create(Path(path)))

    @classmethod
    def open(cls, path: str | Path) -> MatchIndex:
        """The index in a folder; IndexFileError where there is none or it is damaged."""
        index = cls(Store(Path(path)))
        index.reopen()
        return index

    @classmethod
    def open_or_create(cls, path: str | Path) -> MatchIndex:
        """The index in a folder, new where the folder is missing or empty."""
        folder = Path(path)
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return cls.create(folder)
        return cls.open(folder)

    def reopen(self) -> None:
        """See what others have added since."""
        self._store.reload()

    @property
    def folder(self) -> Path:
        """Where the index lies."""
        return self._store.folder

    @property
    def tracks(self) -> tuple[IndexedTrack, ...]:
        """All known tracks, in the order in which they were added."""
        return tuple(track for segment in self._store.segments for track in segment.tracks)

    def add(
        self,
        paths: Iterable[str | Path],
        *,
        names: Sequence[str] | None = None,
        decoding: DecodeOptions = DEFAULT_OPTIONS,
        workers: int | None = None,
        engine: Engine | None = None,
        progress: Progress = no_progress,
    ) -> AddReport:
        """Add files under ``names`` (their paths where None), each kept as soon as it is read.
        ``decoding`` says what of each is decoded.

        ``workers`` processes (one a core where None) decode; they are added in order. ``progress``
        counts files, whatever became of them. One that cannot be read, or whose decoder crashes
        or hangs, is reported and the rest go on.

        Raises:
            IndexFileError: another process is adding. OptionError: not one name for each path.
        """
        files = [str(path) for path in paths]
        if names is not None and len(names) != len(files):
            raise OptionError(f"{len(files)} paths need as many names, not {len(names)}")
        work = list(zip(files, files if names is None else names, strict=True))
        workers = min(workers or available_cores(), max(1, len(work)))
        reports = []
        with self._store.writing():
            hashes = {track.content_hash for track in self.tracks}
            read = ReadTrack(frozenset(hashes), decoding)
            limits = file_limits(itemgetter(0))
            outcomes = run(read, work, engine=engine, workers=workers, limits=limits)
            with progress_within(progress, "index files", len(work), in_parts=False) as reading:
                for outcome in outcomes:
                    reports.append(self._taken_in(outcome, hashes))
                    reading.finish(outcome.item)
        return AddReport.of(reports)

    def add_peaks(self, sounds: Iterable[tuple[IndexedTrack, SpectralPeaks]]) -> None:
        """Add sounds whose peaks are known already, such as stretches of files.

        Those whose hash is in the index are left out.

        Raises:
            IndexFileError: another process is adding.
        """
        with self._store.writing():
            hashes = {track.content_hash for track in self.tracks}
            for track, sound in sounds:
                self._keep(track, sound, hashes)

    def peaks_of(self, name: str) -> SpectralPeaks | None:
        """The peaks of a known track, from the index alone; None for an unknown name."""
        for segment in self._store.segments:
            for number, track in enumerate(segment.tracks):
                if track.name == name:
                    return SpectralPeaks(segment.peaks_of(number), track.duration_s)
        return None

    def query(
        self, source: str | Path | Clip, decoding: DecodeOptions = DEFAULT_OPTIONS
    ) -> tuple[Match, ...]:
        """Which tracks a file or clip holds, best first; nothing where nothing is credible.

        ``decoding`` says what of a file is decoded.

        Raises:
            InputError and its kinds: the file cannot be decoded.
        """
        return self.query_peaks(extract_peaks(source, decoding))

    def query_peaks(self, sound: SpectralPeaks) -> tuple[Match, ...]:
        """As ``query``, of a sound whose peaks are known already."""
        segments = self._store.segments
        found = []
        for window in windows(sound.peaks):
            for candidate in candidates(window, segments):
                alignment = align(window, candidate, segments[candidate.segment])
                if alignment and alignment.score >= CREDIBLE_SCORE:
                    found.append(AlignedWindow((candidate.segment, candidate.track), alignment))
        names = {
            window.track: segments[window.track[0]].tracks[window.track[1]].name for window in found
        }
        return tuple(matches_of(found, names))

    def _taken_in(
        self,
        outcome: Outcome[tuple[str, str], tuple[IndexedTrack, SpectralPeaks] | None],
        hashes: set[str],
    ) -> AddReport:
        """What became of one file, which is kept where it is new."""
        path, _ = outcome.item
        if outcome.error is not None:
            return AddReport(failed=((path, error_line(path, outcome.error)),))
        read = outcome.unwrap()
        if read is None or not self._keep(*read, hashes):
            return AddReport(known=(path,))
        warnings = tuple((path, warning) for warning in read[1].warnings)
        return AddReport(added=(path,), warnings=warnings)

    def _keep(self, track: IndexedTrack, sound: SpectralPeaks, hashes: set[str]) -> bool:
        """Commit a track unless its hash is among ``hashes``; then it is."""
        if track.content_hash in hashes:
            return False
        self._store.commit(segment_of(track, sound))
        hashes.add(track.content_hash)
        return True


def tracks_in(
    path: str | Path,
    index: MatchIndex | str | Path,
    decoding: DecodeOptions = DEFAULT_OPTIONS,
) -> list[Match]:
    """Every known track in a file, in order of ``query_offset_s``."""
    known = index if isinstance(index, MatchIndex) else MatchIndex.open(index)
    return sorted(
        known.query(path, decoding), key=lambda match: (match.query_offset_s, -match.score)
    )
