"""`moodprint analyze` around the model: files in, formats out, bad files, killed runs."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import polars
import pytest


def analysed() -> list[str]:
    notes = Path(os.environ["MOODPRINT_TEST_NOTES"])
    lines = notes.read_text().splitlines() if notes.exists() else []
    notes.unlink(missing_ok=True)
    return sorted(lines)


SONGS = ["songs/a.wav", "songs/b.flac", "songs/c.ogg"]


def test_a_folder_is_a_list_in_json(analyze) -> None:
    status, out, err = analyze("songs", "--format", "json")
    assert (status, err) == (0, "")
    results = json.loads(out)
    assert [result["source"] for result in results] == SONGS
    assert results[0].keys() == {
        *("source", "duration_s", "emotion", "probabilities", "valence", "arousal"),
        *(
            "confidence",
            "abstained",
            "reliability",
            "shares",
            "reason",
            "model",
            "warnings",
            "origin",
            "segments",
        ),
    }


def test_a_file_may_have_any_name(analyze) -> None:
    names = [
        "-dash.wav",
        "sp ace.wav",
        "line\nbreak.wav",
        "ünï 音.wav",
        "[x].wav",
        "n" * 200 + ".wav",
    ]
    names.append(os.fsdecode(b"\xff.wav"))
    for name in names:
        Path(name).write_bytes(Path("songs/a.wav").read_bytes())
    status, out, err = analyze("-f", "json", "--", *names)
    assert (status, err) == (0, "")
    assert [result["source"] for result in json.loads(out)] == names
    status, out, err = analyze("--", *names)
    assert (status, err) == (0, "")


def test_people_get_a_table(analyze) -> None:
    status, out, err = analyze("songs")
    assert (status, err) == (0, "")
    assert all(name in out for name in SONGS)


def test_two_runs_are_the_same_to_the_byte(analyze) -> None:
    first, second = (analyze("songs", "-f", "json")[1] for _ in range(2))
    assert first == second


def test_bad_files_are_told_and_the_rest_goes_on(analyze) -> None:
    Path("text.mp3").write_text("no sound")
    Path("empty").mkdir()
    words = ["songs/a.wav", "text.mp3", "missing.mp3", "empty", "songs/c.ogg"]
    status, out, err = analyze(*words, "-f", "json")
    assert status == 1
    results = json.loads(out)
    assert [result["source"] for result in results] == words
    assert ["error" in result for result in results] == [False, True, True, True, False]
    lines = err.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("moodprint: text.mp3: is no audio or video")
    assert lines[1] == "moodprint: missing.mp3: does not exist"
    assert lines[2] == "moodprint: empty: holds no audio or video files"


def test_bad_files_are_told_once_beside_a_table(analyze) -> None:
    status, out, err = analyze("songs/a.wav", "missing.mp3")
    assert status == 1
    assert (out + err).count("missing.mp3: does not exist") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["songs", "-f", "xml"], ["songs", "--segment", "0"], ["songs", "--hop", "9"],
        ["songs", "--segment", "nan"], ["songs", "-o", "x.unknown"], ["songs", "-f", "srt"],
        ["songs", "-f", "table", "-o", "x.txt"], ["songs", "--resume"], [], ["--no-such-option"],
        ["songs", "-f", "json", "-o", "songs"],
    ],
)  # fmt: skip
def test_misuse_is_told_before_any_work(analyze, words: list[str]) -> None:
    status, out, err = analyze(*words)
    assert status == 2
    assert out == ""
    assert "Traceback" not in err
    assert analysed() == []


@pytest.mark.parametrize("name", ["out.json", "new/deep/out.json"])
def test_a_file_is_written_and_nothing_is_left_beside(analyze, name: str) -> None:
    status, out, err = analyze("songs", "--output", name)
    assert (status, out, err) == (0, "", "")
    assert len(json.loads(Path(name).read_bytes())) == 3
    assert [path.name for path in Path(name).parent.glob("*out.json*")] == ["out.json"]


def test_the_suffix_tells_the_format(analyze) -> None:
    analyze("songs", "-o", "out.csv")
    analyze("songs", "-o", "out.parquet")
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text())))
    assert {row["source"] for row in rows} == set(SONGS)
    assert polars.read_parquet("out.parquet")["source"].unique().sort().to_list() == SONGS


def test_a_folder_takes_a_file_for_each(analyze) -> None:
    status, _, err = analyze("songs", "-f", "webvtt", "-o", "subtitles")
    assert (status, err) == (0, "")
    assert sorted(path.name for path in Path("subtitles").iterdir()) == ["a.vtt", "b.vtt", "c.vtt"]


@pytest.mark.parametrize(
    "words", [["-o", "songs/a.wav", "-f", "json"], ["--report", "songs/b.flac"]]
)
def test_a_source_is_never_overwritten(analyze, words: list[str]) -> None:
    before = [Path(song).read_bytes() for song in SONGS]
    status, _, err = analyze("songs", *words)
    assert status == 2
    assert "stays as it is" in err
    assert [Path(song).read_bytes() for song in SONGS] == before
    assert analysed() == []


def test_a_source_is_not_overwritten_through_a_link_or_a_folder(analyze) -> None:
    Path("link.json").symlink_to("songs/a.wav")
    assert analyze("songs", "-o", "link.json")[0] == 2
    Path("songs/a.wav").rename("songs/a.vtt")
    assert analyze("songs/a.vtt", "-f", "webvtt", "-o", "songs")[0] == 2
    assert Path("songs/a.vtt").read_bytes()[:4] == b"RIFF"


def test_an_unwritable_place_is_one_line_before_any_work(analyze) -> None:
    Path("file").touch()
    for words in (["-o", "file/out.json"], ["--report", "/proc/none/report.html"]):
        status, _, err = analyze("songs", *words)
        assert status in (1, 2)
        assert len(err.splitlines()) == 1
        assert analysed() == []


def test_output_goes_through_a_link_and_into_a_pipe(analyze) -> None:
    Path("elsewhere").mkdir()
    Path("out.json").symlink_to("elsewhere/real.json")
    for _ in range(2):
        assert analyze("songs/a.wav", "-f", "json", "-o", "out.json")[0] == 0
        assert Path("out.json").is_symlink()
        assert [path.name for path in Path("elsewhere").iterdir()] == ["real.json"]
    os.mkfifo("pipe")
    with subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE) as reader:
        assert analyze("songs/a.wav", "-f", "json", "-o", "pipe")[0] == 0
        assert reader.stdout.read() == Path("elsewhere/real.json").read_bytes()


def test_a_model_that_is_not_there_is_told_before_any_work(analyze) -> None:
    status, _, err = analyze("songs", "--model", "eer", "-o", "out.json")
    assert status == 2
    assert len(err.splitlines()) == 1
    assert analysed() == []
    assert list(Path().glob("out.json*")) == []


def test_help_shows_examples(analyze) -> None:
    status, out, _ = analyze("--help")
    assert status == 0
    assert 'moodprint analyze music/ "more/**/*.ogg" --out moods.json --resume\n' in out


def test_explain_says_why_and_changes_nothing_else(analyze) -> None:
    _, plain, _ = analyze("songs", "-f", "json")
    _, explained, _ = analyze("songs", "-f", "json", "--explain")
    songs = json.loads(explained)
    for song in songs:
        assert song.pop("explanation")["cues"]["tempo"]["value"] == 180
        assert song["origin"]["options"].pop("explain")
    plain_songs = json.loads(plain)
    for song in plain_songs:
        assert not song["origin"]["options"].pop("explain")
    assert songs == plain_songs
    _, table, _ = analyze("songs/a.wav", "--explain")
    assert "why angry: fast (180 bpm)" in table
