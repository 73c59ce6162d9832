"""MatchIndex: known tracks on disk, and which of them a sound holds."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from moodprint.audio.media import readable_file
from moodprint.clip import Clip
from moodprint.engine import Progress, no_progress
from moodprint.errors import InputError, OptionError
from moodprint.fingerprint.peaks import FRAME_S, Peaks, SpectralPeaks, extract_peaks
from moodprint.fingerprint.records import AddReport, Match, Track
from moodprint.fingerprint.search import candidates
from moodprint.fingerprint.segment import segment_of
from moodprint.fingerprint.spans import Stretch, matches_of
from moodprint.fingerprint.store import Store
from moodprint.fingerprint.verify import aligned

CREDIBLE_SCORE = 20.0
"""Decades of evidence from which a match is reported; see docs/matching.md for its calibration."""

_WINDOW_S = 15.0
_HOP_S = 10.0
_THREADS = 2


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
        """The index in a folder; IndexFileError where there is none or it is broken."""
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
    def tracks(self) -> tuple[Track, ...]:
        return tuple(track for segment in self._store.segments for track in segment.tracks)

    def add(
        self,
        paths: Iterable[str | Path],
        *,
        names: Sequence[str] | None = None,
        progress: Progress = no_progress,
    ) -> AddReport:
        """Add files under ``names`` (their paths where None), each committed when it is heard.

        ``progress`` counts files, whatever became of them. One that cannot be read is reported
        and the rest go on.

        Raises:
            IndexFileError: another process is adding. OptionError: not one name for each path.
        """
        files = [Path(path) for path in paths]
        if names is not None and len(names) != len(files):
            raise OptionError(f"{len(files)} paths need as many names, not {len(names)}")
        labels = [str(path) for path in files] if names is None else list(names)
        added, known, failed = [], [], []
        with self._store.writing():
            hashes = {track.content_hash for track in self.tracks}
            for path, _, outcome in _heard(files, labels, hashes):
                if isinstance(outcome, InputError):
                    failed.append((str(path), str(outcome)))
                elif outcome is None or outcome[0].content_hash in hashes:
                    known.append(str(path))
                else:
                    self._store.commit(segment_of(*outcome))
                    hashes.add(outcome[0].content_hash)
                    added.append(str(path))
                progress("index files", len(added) + len(known) + len(failed), len(files))
        return AddReport(tuple(added), tuple(known), tuple(failed))

    def recall(self, name: str) -> SpectralPeaks | None:
        """What was heard of a known track, from the index alone; None for an unknown name."""
        for segment in self._store.segments:
            for number, track in enumerate(segment.tracks):
                if track.name == name:
                    return SpectralPeaks(segment.peaks_of(number), track.duration_s)
        return None

    def add_heard(self, sounds: Iterable[tuple[Track, SpectralPeaks]]) -> None:
        """Add sounds heard before, such as stretches of files; those whose hash is known are not.

        Raises:
            IndexFileError: another process is adding.
        """
        with self._store.writing():
            hashes = {track.content_hash for track in self.tracks}
            for track, heard in sounds:
                if track.content_hash not in hashes:
                    self._store.commit(segment_of(track, heard))
                    hashes.add(track.content_hash)

    def query(self, source: str | Path | Clip) -> tuple[Match, ...]:
        """Which tracks a file or clip holds, best first; nothing where nothing is credible."""
        return self.matches(extract_peaks(source))

    def matches(self, heard: SpectralPeaks) -> tuple[Match, ...]:
        """As ``query``, of a sound already heard."""
        segments = self._store.segments
        stretches = []
        for window in _windows(heard.peaks):
            for candidate in candidates(window, segments):
                alignment = aligned(window, candidate, segments[candidate.segment])
                if alignment and alignment.score >= CREDIBLE_SCORE:
                    stretches.append(Stretch((candidate.segment, candidate.track), alignment))
        names = {
            stretch.track: segments[stretch.track[0]].tracks[stretch.track[1]].name
            for stretch in stretches
        }
        return tuple(matches_of(stretches, names))


def tracks_in(path: str | Path, index: MatchIndex | str | Path) -> list[Match]:
    """Every known track in a file, in order of ``query_offset_s``."""
    known = index if isinstance(index, MatchIndex) else MatchIndex.open(index)
    return sorted(known.query(path), key=lambda match: (match.query_offset_s, -match.score))


def _windows(peaks: Peaks) -> Iterator[Peaks]:
    """Windows of 15 s, one every 10 s: any 5 s lie whole in one of them."""
    last = float(peaks.frame[-1]) if len(peaks) else -1.0
    start, hop = 0.0, _HOP_S / FRAME_S
    while start <= last:
        window = peaks.between(start, start + _WINDOW_S / FRAME_S)
        if len(window):
            yield window
        if start + _WINDOW_S / FRAME_S > last:
            return
        start += hop


_Outcome = tuple[Track, SpectralPeaks] | InputError | None


def _heard(
    files: list[Path], names: list[str], known: set[str]
) -> Iterator[tuple[Path, str, _Outcome]]:
    """Files heard by a few threads, in order, at most a few ahead."""
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: deque[tuple[Path, str, Future[_Outcome]]] = deque()
        for path, name in zip(files, names, strict=True):
            waiting.append((path, name, pool.submit(_hear, path, name, known)))
            if len(waiting) > _THREADS:
                first = waiting.popleft()
                yield first[0], first[1], first[2].result()
        for path, name, future in waiting:
            yield path, name, future.result()


def _hear(path: Path, name: str, known: set[str]) -> _Outcome:
    """The track and its peaks; None where its content is known; or why it cannot be read."""
    try:
        with readable_file(path).open("rb") as file:
            content_hash = hashlib.file_digest(file, "blake2b").hexdigest()[:32]
        if content_hash in known:
            return None
        heard = extract_peaks(path)
    except InputError as error:
        return error
    return Track(name, content_hash, round(heard.duration_s, 3)), heard
