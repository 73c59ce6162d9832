"""Corpora of made music, from the request to what `study` reads."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_generator import TINY_GENERATOR

from moodprint.clip import Clip
from moodprint.corpus import manifest
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.corpora import read_corpus
from moodprint.emotion import Emotion
from moodprint.errors import OptionError
from moodprint.synthetic import corpus
from moodprint.synthetic.corpus import CorpusRequest, make_corpus
from moodprint.synthetic.made import MADE, Made, failed_gates

MOODS = (Emotion.HAPPY, Emotion.SAD)


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> CorpusRequest:
    out = tmp_path_factory.mktemp("made") / "corpus"
    return CorpusRequest(out, MOODS, count=4, seconds=6, clip_s=3, tries=1, workers=1)


@pytest.fixture(scope="module")
def made(request_: CorpusRequest) -> Path:
    make_corpus(request_)
    return Path(request_.out)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_rows_say_what_was_made(made: Path) -> None:
    rows = manifest.read_rows(made)
    assert len(rows) == 8
    assert {row.emotion for row in rows} == {"happy", "sad"}
    assert all(row.synthetic and row.licence == "CC0-1.0" for row in rows)
    assert len({row.group for row in rows}) == 4
    report = json.loads((made / "report.json").read_text())
    assert report["made"] == 4
    assert report["kept"] == len({row.song_id for row in rows if row.keep})


def test_what_is_made_is_read_as_any_corpus(made: Path, tmp_path: Path) -> None:
    samples = read_corpus(CorpusConfig(name="made", folder=made), tmp_path)
    kept = [row for row in manifest.read_rows(made) if row.keep]
    assert len(samples) == len(kept)
    for sample in samples:
        clip = sample.excerpt.decode(mono=True)
        assert clip.duration_s == pytest.approx(3)
        assert np.abs(clip.samples).max() > 0.01


def test_the_same_request_makes_the_same_corpus(
    made: Path, request_: CorpusRequest, tmp_path: Path
) -> None:
    again = replace(request_, out=tmp_path / "again", workers=2)
    make_corpus(again)
    assert _bytes(tmp_path / "again") == _bytes(made)


def test_a_run_that_was_cut_short_goes_on(
    made: Path, request_: CorpusRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _bytes(made)
    lines = (made / MADE).read_text().splitlines()
    (made / MADE).write_text("\n".join(lines[:2]) + "\n" + lines[2][:40])
    (made / json.loads(lines[0])["file"]).write_bytes(b"broken")
    numbers: list[int] = []
    compose = corpus._Piece.__call__

    def count(self: corpus._Piece, number: int) -> Made:
        numbers.append(number)
        return compose(self, number)

    monkeypatch.setattr(corpus._Piece, "__call__", count)
    make_corpus(request_)
    assert sorted(numbers) == [0, 2, 3]
    assert _bytes(made) == before


def test_other_options_take_another_folder(made: Path, request_: CorpusRequest) -> None:
    with pytest.raises(OptionError, match="other options"):
        make_corpus(replace(request_, seed=2))


@pytest.mark.parametrize(
    ("samples", "answered", "gates"),
    [
        (np.full((2, 44_100 * 4), 0.1), Emotion.SAD, ()),
        (np.full((2, 44_100 * 4), 0.1), Emotion.HAPPY, ("off-mood",)),
        (np.full((2, 44_100 * 4), 0.1), None, ("off-mood",)),
        (np.full((2, 44_100 * 4), 1.0), Emotion.SAD, ("clipped",)),
        (np.zeros((2, 44_100 * 4)), Emotion.SAD, ("silent",)),
    ],
)
def test_gates_turn_away(
    samples: np.ndarray, answered: Emotion | None, gates: tuple[str, ...]
) -> None:
    clip = Clip(samples.astype(np.float32), 44_100)
    assert failed_gates(clip, Emotion.SAD, answered) == gates


def test_copies_of_known_music_and_of_each_other_are_turned_away(
    made: Path, request_: CorpusRequest, tmp_path: Path
) -> None:
    from moodprint.fingerprint import MatchIndex

    first, second, *_ = [
        replace(Made(**{**json.loads(line), "failed": ()}), emotion=Emotion.HAPPY)
        for line in (made / MADE).read_text().splitlines()
    ]
    index = MatchIndex.create(tmp_path / "index")
    index.add([made / second.file])
    copy = made / "audio" / "copy.flac"
    copy.write_bytes((made / first.file).read_bytes())
    twice = replace(first, file="audio/copy.flac")
    asked = replace(request_, known=tmp_path / "index")
    try:
        pieces = corpus._without_copies(asked, made, [first, second, twice], None, lambda *_: None)
    finally:
        copy.unlink()
    assert [piece.failed for piece in pieces] == [(), ("known",), ("duplicate",)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0}, {"count": 10**9}, {"seconds": 0.1}, {"clip_s": 30}, {"clip_s": 0},
        {"emotions": ()}, {"engine": "none"}, {"seconds": float("nan")},
    ],
)  # fmt: skip
def test_requests_that_cannot_be_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        CorpusRequest(tmp_path, **wrong)


def test_a_corpus_is_drawn_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(corpus._MODEL_BY_ENGINE, "diffusion", str(TINY_GENERATOR))
    request = CorpusRequest(
        tmp_path / "drawn",
        (Emotion.HAPPY, Emotion.SAD),
        count=2,
        seconds=2,
        clip_s=1,
        engine="diffusion",
        listener=None,
        workers=1,
    )
    assert make_corpus(request).made == 2
    rows = manifest.read_rows(tmp_path / "drawn")
    assert {row.emotion for row in rows} == {"happy", "sad"}
    assert {row.licence for row in rows} == {corpus.card_licence(str(TINY_GENERATOR))}
    assert all(row.synthetic for row in rows)
    before = {path.name: path.read_bytes() for path in (tmp_path / "drawn" / "audio").iterdir()}
    again = replace(request, out=tmp_path / "again")
    make_corpus(again)
    assert before == {
        path.name: path.read_bytes() for path in (Path(again.out) / "audio").iterdir()
    }


@pytest.mark.parametrize(("engine", "seconds"), [("diffusion", 601), ("notes", 4000)])
def test_lengths_that_an_engine_has_not_are_refused(
    tmp_path: Path, engine: str, seconds: float
) -> None:
    with pytest.raises(OptionError):
        CorpusRequest(tmp_path, engine=engine, seconds=seconds)
