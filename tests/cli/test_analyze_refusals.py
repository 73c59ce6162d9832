"""`moodprint analyze` refuses before any work what could only lose it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from moodprint.bundle import open_bundle
from moodprint.reports.exports import FORMATS

SONGS = ["songs/a.wav", "songs/b.flac", "songs/c.ogg"]


@pytest.fixture
def refused(analyze):
    """Run it where it must be refused: the one line that says why."""
    before = [Path(song).read_bytes() for song in SONGS]

    def run(*words: object, status: int = 2) -> str:
        ended, out, err = analyze(*words)
        assert (ended, out) == (status, "")
        assert len(err.splitlines()) == 1
        assert not Path(os.environ["MOODPRINT_TEST_NOTES"]).exists(), "nothing was analysed"
        assert [Path(song).read_bytes() for song in SONGS] == before
        return err

    return run


@pytest.mark.parametrize(
    ("out", "report"),
    [
        ("moods.json", "moods.json"),
        ("moods.json", "./moods.json"),
        ("moods.json", "songs/../moods.json"),
        ("moods.json", ".moods.json.moodprint.partial"),
    ],
)
def test_two_outputs_are_two_files(refused, out: str, report: str) -> None:
    assert "is to be written twice" in refused("songs", "-o", out, "--report", report)
    assert not Path("moods.json").exists()


def test_two_outputs_are_two_files_through_links(refused) -> None:
    Path("page.html").symlink_to("moods.json")
    assert "twice" in refused("songs", "-o", "moods.json", "--report", "page.html")


def test_an_output_in_a_folder_is_none_of_the_others(refused) -> None:
    Path("subtitles").mkdir()
    words = ["songs", "-f", "webvtt", "-o", "subtitles", "--report", "subtitles/b.vtt"]
    assert "twice" in refused(*words)


@pytest.mark.parametrize("report", ["songs", "songs/c.ogg"])
def test_a_report_is_neither_a_folder_nor_a_source(refused, report: str) -> None:
    err = refused("songs", "--report", report)
    assert "is a folder" in err or "stays as it is" in err


def test_an_output_does_not_lie_in_what_another_makes_a_file(refused) -> None:
    assert "lies in" in refused("songs", "-o", "moods.json", "--report", "moods.json/page.html")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"temperature": 1.5', '"temperature": NaN'),
        ('"temperature": 1.5', '"temperature": 0'),
        ('"temperature": 1.5', '"temperature": -1'),
        ('"temperature": 1.5', '"temperature": 1e999'),
        ('"temperature": 1.5', '"temperature": "1.5"'),
        ('"abstain_below": 0.3', '"abstain_below": NaN'),
        ('"abstain_below": 0.3', '"abstain_below": 2'),
        ('"angry"', '"anger"'),
        ('"frames_per_row"', '"rows"'),
        ('"log_mel"', '"mel"'),
        ('"kind"', '"sort"'),
        ('"ear.onnx"', '"ear.pkl"'),
    ],
)
def test_a_card_without_sense_is_refused(refused, old: str, new: str) -> None:
    card = Path("model/card.json")
    assert old in card.read_text()
    card.write_text(card.read_text().replace(old, new))
    err = refused("songs", "-f", "json", status=1)
    assert err.startswith("moodprint: model: its card.json cannot be used: ")


def test_a_model_that_recognises_no_emotions_is_refused(refused) -> None:
    err = refused("songs", "--model", "band", status=1)
    assert "kind note-generator, which recognises no emotions" in err
    assert str(open_bundle("band").path) in err


def test_resuming_needs_an_output(refused) -> None:
    assert "--resume needs --out" in refused("songs", "--resume")
    assert "it goes with --report" in refused("songs", "--sharing")


def test_the_help_names_the_formats_of_the_table(analyze) -> None:
    _, out, _ = analyze("--help")
    assert f"table, {', '.join(FORMATS)}" in " ".join(out.split())


@pytest.mark.parametrize("option", ["--out", "--output", "-o"])
def test_the_output_has_three_spellings(analyze, option: str) -> None:
    assert analyze("songs", option, "moods.json")[0] == 0
    assert len(json.loads(Path("moods.json").read_text())) == 3


@pytest.mark.parametrize(
    ("out", "suggested"),
    [("captions.srt", "captions/"), ("my captions.SRT", "'my captions/'"), ("a/b.srt", "a/b/")],
)
def test_several_files_into_a_file_of_subtitles_are_refused_with_what_would_work(
    refused, out: str, suggested: str
) -> None:
    line = refused("songs", "--out", out)
    assert f"such as  --out {suggested} --format srt  and each gets a file of its own there" in line
