"""``--track`` and ``--longest`` of every command that decodes files."""

from __future__ import annotations

import json

import pytest
from two_tracks import two_tracks

from moodprint.cli.app import main

COMMANDS = {
    "analyze": ["analyze"],
    "corpus split": ["corpus", "split"],
    "match index": ["match", "index", "--index", "index"],
    "match query": ["match", "query", "--index", "index"],
    "match query --all-pairs": ["match", "query", "--all-pairs"],
}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in a folder that holds two.mkv: (status, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    two_tracks(tmp_path / "two.mkv", durations_s=(2, 4))

    def run_here(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([*words, "--json"])
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    run_here("match", "index", "two.mkv", "--index", "index", "--track", "1")
    return run_here


@pytest.mark.parametrize("command", COMMANDS)
def test_a_track_that_is_not_there_is_one_line(run, command):
    code, _, err = run(*COMMANDS[command], "two.mkv", "--track", "3")
    assert (code, err) == (1, "moodprint: two.mkv: has 2 audio tracks, and no track 3\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_tracks_are_counted_from_one(run, command):
    assert run(*COMMANDS[command], "two.mkv", "--track", "0")[0] == 2


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"analyze", "match index"}))
def test_where_there_are_other_tracks_it_is_said(run, command):
    _, _, err = run(*COMMANDS[command], "two.mkv")
    assert err == "moodprint: two.mkv: heard is audio track 1 (eng) of 2; --track takes another\n"


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"analyze", "match index"}))
def test_what_is_left_out_is_said(run, command):
    _, _, err = run(*COMMANDS[command], "two.mkv", "--track", "2", "--longest", "1.5")
    assert err == "moodprint: two.mkv: only its first 1.5 s were heard\n"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_length_without_sense_is_refused(run, command, seconds):
    code, _, err = run(*COMMANDS[command], "two.mkv", "--longest", seconds)
    assert code == 2
    assert "longest sound lasts more than 0 s" in err


def test_the_track_is_the_one_that_is_analysed(run):
    code, out, _ = run("analyze", "two.mkv", "--track", "2")
    (answer,) = json.loads(out)
    assert (code, answer["duration_s"], answer["warnings"]) == (0, 4.0, [])
    (answer,) = json.loads(run("analyze", "two.mkv")[1])
    assert answer["duration_s"] == 2.0
    assert "--track takes another" in answer["warnings"][0]


def test_a_track_of_a_file_is_split(run):
    code, out, _ = run("corpus", "split", "two.mkv", "--track", "2")
    assert (code, json.loads(out)) == (0, [{"start_s": 0.0, "end_s": 4.0}])


def test_another_track_of_a_known_file_is_added_to_an_index(run):
    for counts in ((1, 0), (0, 1)):
        _, out, _ = run(*COMMANDS["match index"], "two.mkv", "--track", "2")
        report = json.loads(out)
        assert (len(report["added"]), len(report["known"])) == counts


@pytest.mark.parametrize(
    "words", [["features", "extract", "-o", "f.csv"], ["generate", "notes", "-o", "n.wav"]]
)
def test_features_and_notes_take_a_track(run, tmp_path, words, capsys):
    def run_here(*more: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main([*words, "two.mkv", *more])
        return ended.value.code, capsys.readouterr().err

    code, err = run_here("--track", "3")
    assert code == 1
    assert "has 2 audio tracks, and no track 3" in err
    assert run_here("--track", "2") == (0, "")
    assert run_here() == (
        0,
        "moodprint: two.mkv: heard is audio track 1 (eng) of 2; --track takes another\n",
    )
