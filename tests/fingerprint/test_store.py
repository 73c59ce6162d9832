"""Commits are whole or nothing, for readers at the same time and after a writer was killed."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moodprint.errors import IndexFileError, InputError
from moodprint.files import DRAFTS
from moodprint.fingerprint import MatchIndex
from moodprint.fingerprint.peaks import Peaks, SpectralPeaks
from moodprint.fingerprint.records import IndexedTrack
from moodprint.fingerprint.segment import IndexSegment, segment_of
from moodprint.fingerprint.store import Store


def made_up(number: int, peaks: int = 300) -> IndexSegment:
    random = np.random.default_rng(number)
    frame = np.sort(random.uniform(0, 10 * peaks / 10, peaks)).astype(np.float32)
    octave = random.uniform(0, 4.5, peaks).astype(np.float32)
    return segment_of(
        IndexedTrack(f"t{number}", str(number), peaks / 30), SpectralPeaks(Peaks(frame, octave), 60)
    )


def written(segments: Any, version: int = 2, checksum: int | None = None) -> str:
    """A manifest that holds this, with the right checksum where none is given."""
    if checksum is None:
        checksum = zlib.crc32(json.dumps(segments, sort_keys=True).encode())
    fields = {"format": "moodprint match index", "version": version, "segments": segments}
    return json.dumps({**fields, "checksum": checksum})


def names(store: Store) -> list[str]:
    return [track.name for segment in store.segments for track in segment.tracks]


def test_commits_add_up_in_few_segments(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "index")
    with store.writing():
        for number in range(20):
            store.commit(made_up(number))
    assert names(store) == [f"t{number}" for number in range(20)]
    assert len(store.segments) <= 5
    again = Store(tmp_path / "index")
    again.reload()
    assert names(again) == names(store)
    assert len(list((tmp_path / "index" / "segments").iterdir())) == len(store.segments)


def test_a_reader_sees_a_commit_when_it_reloads(tmp_path: Path) -> None:
    writer = Store.create(tmp_path / "index")
    reader = Store(tmp_path / "index")
    reader.reload()
    with writer.writing():
        writer.commit(made_up(0))
        assert names(reader) == []
        reader.reload()
        assert names(reader) == ["t0"]
        held = reader.segments[0]
        writer.commit(made_up(1))  # merges: the folder that the reader has open goes
        assert held.keys().size > 0
        reader.reload()
        assert names(reader) == ["t0", "t1"]


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    first = Store.create(tmp_path / "index")
    second = Store(tmp_path / "index")
    with (
        first.writing(),
        pytest.raises(IndexFileError, match="another process is adding"),
        second.writing(),
    ):
        pass
    with second.writing():
        second.commit(made_up(0))


def test_readers_are_never_disturbed(tmp_path: Path) -> None:
    writer = Store.create(tmp_path / "index")
    done, faults, seen = threading.Event(), [], []

    def read() -> None:
        reader = Store(tmp_path / "index")
        while not done.is_set():
            try:
                reader.reload()
            except IndexFileError as error:
                faults.append(error)
            seen.append(len(names(reader)))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    with writer.writing():
        for number in range(30):
            writer.commit(made_up(number, peaks=40))
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert max(seen) <= 30


WRITER = """
import sys
from pathlib import Path
from moodprint.fingerprint import MatchIndex
index = MatchIndex.open_or_create(sys.argv[1])
files = sorted(Path(sys.argv[2]).iterdir())
index.add(files, workers=1, progress=lambda *step: print(step, flush=True))
"""


def test_a_killed_writer_loses_at_most_the_files_in_flight(
    songs_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    command = [sys.executable, "-c", WRITER, str(folder), str(songs_folder)]
    for lines in (1, 2):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ)
        assert process.stdout
        printed = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert len(MatchIndex.open(folder).tracks) >= len(printed)
    report = MatchIndex.open(folder).add(sorted(songs_folder.iterdir()), workers=1)
    assert len(report.known) >= 2
    assert len(report.known) + len(report.added) == 8
    tracks = MatchIndex.open(folder).tracks
    assert sorted(track.name for track in tracks) == sorted(map(str, songs_folder.iterdir()))


def test_what_a_killed_writer_left_is_swept_away(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "index")
    half = tmp_path / "index" / "segments" / "0123abcd"
    half.mkdir()
    (half / "starts.npy").write_bytes(b"half")
    draft = tmp_path / "index" / DRAFTS.replace("*", "1")
    draft.write_text("{")
    Store(tmp_path / "index").reload()  # readers do not care
    with store.writing():
        assert not half.exists()
        assert not draft.exists()


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (None, "no match index"),
        ("", "no manifest"),
        ("[]", "no manifest"),
        ('{"format": "other", "version": 1, "segments": []}', "no manifest"),
        (written({"name": "a"}), "no manifest"),
        (written([7]), "no manifest"),
        (written([{"name": "a", "checksum": 1, "more": 2}]), "no manifest"),
        (written([], version=99), "version 99"),
        (written(["old"], version=1), "index of version 1.*make it anew"),
        (written([{"name": "../x", "checksum": 1}]), "cannot be"),
        (written([{"name": "gone", "checksum": 1}]), "no whole"),
        (written([], checksum=7), "damaged"),
        (written([]).replace("checksum", "chicksum"), "no manifest"),
        ("[" * 100_000, "no manifest"),
    ],
)
def test_a_broken_manifest_is_refused(tmp_path: Path, manifest: str | None, reason: str) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(IndexFileError, match=reason):
        MatchIndex.open(tmp_path)


def test_the_manifest_is_small_and_plain(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "index")
    with store.writing():
        store.commit(made_up(0))
    fields = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert set(fields) == {"format", "version", "segments", "checksum"}
    assert fields["segments"] == [asdict(entry) for entry in store.entries]


def test_a_full_disk_is_named_and_the_index_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.create(tmp_path / "index")
    with store.writing():
        store.commit(made_up(0))

    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with (
        store.writing(),
        pytest.raises(InputError, match=r"starts\.npy: cannot be written \(No space"),
    ):
        store.commit(made_up(1))
    assert len(list((tmp_path / "index" / "segments").iterdir())) == 1
    again = Store(tmp_path / "index")
    again.reload()
    assert names(again) == ["t0"]


def test_reloading_is_quick_when_nothing_changed(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "index")
    with store.writing():
        store.commit(made_up(0))
    held = store.segments
    start = time.process_time()
    store.reload()
    assert store.segments[0] is held[0]
    assert time.process_time() - start < 0.1
