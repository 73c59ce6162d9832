"""Many queries: one answer each, in order, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile

from moodprint.clip import FloatArray
from moodprint.engine import Outcome
from moodprint.errors import IndexFileError, WorkerCrashedError
from moodprint.fingerprint import Match, MatchIndex, QueryAnswer, query_files
from moodprint.fingerprint.batch import QueryFile

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def index(songs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> MatchIndex:
    index = MatchIndex.create(tmp_path_factory.mktemp("index") / "known")
    paths = [songs_folder / f"song_{seed}.wav" for seed in (0, 1)]
    index.add(paths, names=["first", "second"], workers=1)
    return index


@pytest.fixture
def queries(tmp_path: Path, make_song: Callable[..., FloatArray]) -> list[Path]:
    """A part of the second song, a file that is no sound, and a song that nobody knows."""
    paths = [tmp_path / name for name in ("part.wav", "bad.wav", "unknown.wav")]
    soundfile.write(paths[0], make_song(1)[5 * RATE_HZ : 25 * RATE_HZ], RATE_HZ)
    paths[1].write_bytes(b"no sound")
    soundfile.write(paths[2], make_song(77), RATE_HZ)
    return paths


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_come_in_order_and_a_bad_file_fails_alone(
    index: MatchIndex, queries: list[Path], workers: int
) -> None:
    steps: list[tuple[str, int, int]] = []
    part, bad, unknown = query_files(
        queries, index.folder, workers=workers, progress=lambda *step: steps.append(step)
    )
    assert [answer.query for answer in (part, bad, unknown)] == [str(path) for path in queries]
    assert [match.track for match in part.matches] == ["second"]
    assert part.error is unknown.error is None
    assert bad.error is not None
    assert bad.error.startswith(str(queries[1]))
    assert bad.matches == unknown.matches == ()
    assert steps == [("query files", done, 3) for done in (1, 2, 3)]


def test_an_answer_is_the_one_that_the_index_gives(index: MatchIndex, queries: list[Path]) -> None:
    (answer,) = query_files(queries[:1], index.folder, workers=1)
    assert answer.matches == index.query(queries[0])


def test_a_track_is_asked_by_its_name_without_its_file(index: MatchIndex) -> None:
    (answer,) = query_files(["first"], index.folder, peaks_index=index.folder, workers=1)
    assert [(match.track, match.speed) for match in answer.matches] == [
        ("first", pytest.approx(1, abs=1e-3))
    ]
    (by_path,) = query_files(["first"], index.folder, workers=1)
    assert by_path.error == "first: does not exist"


def test_what_is_added_meanwhile_is_seen(
    songs_folder: Path, queries: list[Path], tmp_path: Path
) -> None:
    index = MatchIndex.create(tmp_path / "growing")
    query = QueryFile(str(index.folder))
    assert query(str(queries[0])).matches == ()
    index.add([songs_folder / "song_1.wav"], names=["late"], workers=1)
    assert [match.track for match in query(str(queries[0])).matches] == ["late"]


class Crashing:
    """An engine in which the second item's process dies."""

    def run(
        self, function: Any, items: Iterable[Any], **options: Any
    ) -> Iterator[Outcome[Any, Any]]:
        for number, item in enumerate(items):
            if number == 1:
                yield Outcome(item, error=WorkerCrashedError("the process was killed (SIGSEGV)"))
            else:
                yield Outcome(item, value=function(item))


def test_a_file_whose_decoder_crashes_fails_alone(
    index: MatchIndex, songs_folder: Path, queries: list[Path], tmp_path: Path
) -> None:
    part, crashed, _ = query_files(queries, index.folder, engine=Crashing())
    assert part.matches
    assert crashed.error == f"{queries[1]}: the process was killed (SIGSEGV)"
    files = [str(songs_folder / f"song_{seed}.wav") for seed in range(3)]
    report = MatchIndex.create(tmp_path / "new").add(files, engine=Crashing())
    assert report.added == (files[0], files[2])
    assert report.failed == ((files[1], f"{files[1]}: the process was killed (SIGSEGV)"),)


def test_a_missing_index_ends_it(tmp_path: Path, queries: list[Path]) -> None:
    with pytest.raises(IndexFileError, match="no match index"):
        list(query_files(queries, tmp_path / "nowhere", workers=1))
    assert list(query_files([], tmp_path / "nowhere", workers=1)) == []


def test_an_answer_as_a_program_reads_it() -> None:
    match = Match("a", 1.0, 2.0, 3.0, 1.0, 0.0, 50.0)
    assert QueryAnswer("q", (match,)).to_dict() == {"query": "q", "matches": [match.to_dict()]}
    assert QueryAnswer("q", error="bad").to_dict() == {"query": "q", "matches": [], "error": "bad"}
