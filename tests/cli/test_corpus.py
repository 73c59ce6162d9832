"""`moodprint corpus` as a program reads it."""

import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from moodprint.cli.app import main
from moodprint.cli.corpus import app
from moodprint.corpus.manifest import read_rows

RATE = 16_000


@pytest.fixture
def mix(tmp_path):
    at = np.arange(4 * RATE) / RATE
    song = np.sin(2 * np.pi * 330 * at) * np.exp(-3 * (at % 0.5))
    sound = np.concatenate([song, np.zeros(2 * RATE), song])
    soundfile.write(tmp_path / "mix.flac", sound, RATE)
    return tmp_path / "mix.flac"


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_split_as_json(mix):
    songs = json.loads(run("split", mix, "--format", "json").stdout)
    assert [set(song) for song in songs] == [{"start_s", "end_s"}] * 2
    found = [(song["start_s"], song["end_s"]) for song in songs]
    np.testing.assert_allclose(found, [(0, 4), (6, 10)], atol=0.05)


def test_split_as_csv_and_table(mix):
    lines = run("split", mix, "--format", "csv").stdout.splitlines()
    assert lines[0] == "start_s,end_s"
    assert len(lines) == 3
    assert "0:06.0" in run("split", mix).stdout


def test_split_with_a_level(mix):
    assert len(json.loads(run("split", mix, "--dbfs", -40, "--format", "json").stdout)) == 2
    one = run("split", mix, "--top-db", 40, "--min-pause", 3, "--format", "json")
    assert len(json.loads(one.stdout)) == 1


@pytest.mark.parametrize(
    ("words", "status"), [(["--top-db", "40", "--dbfs", "-40"], 2), (["--dbfs", "12"], 2)]
)
def test_split_refuses_what_makes_no_sense(mix, words, status, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["corpus", "split", str(mix), *words])
    assert stop.value.code == status
    assert "moodprint: " in capsys.readouterr().err


@pytest.fixture
def recordings(tmp_path, mix):
    (tmp_path / "music" / "calm").mkdir(parents=True)
    (tmp_path / "music" / "calm" / "mix.flac").write_bytes(mix.read_bytes())
    return tmp_path / "music"


def test_from_a_list_of_sources_to_a_valid_corpus(recordings, tmp_path):
    (tmp_path / "sources.yaml").write_text("calm: music/calm\nsad: nowhere")
    collected = run("collect", tmp_path / "sources.yaml", "--out", tmp_path / "all", "--json")
    assert collected.exit_code == 1
    answer = json.loads(collected.stdout)
    assert (len(answer["fetched"]), len(answer["failures"])) == (1, 1)
    words = ("build", tmp_path / "all", "--out", tmp_path / "corpus", "--length", 3, "--json")
    built = json.loads(run(*words).stdout)
    assert (built["recordings"], built["songs"], built["segments"]) == (1, 2, 2)
    found = json.loads(run("info", tmp_path / "corpus", "--format", "json").stdout)
    assert found["emotions"] == [{"emotion": "calm", "hours": 0.0017, "songs": 2, "clips": 2}]
    assert found == built["info"]
    assert json.loads(run("validate", tmp_path / "corpus", "--json").stdout) == []
    (tmp_path / "all" / answer["fetched"][0]).unlink()
    spoiled = run("validate", tmp_path / "corpus")
    assert spoiled.exit_code == 1
    assert spoiled.stdout.startswith("missing: ")


def test_tables_for_people(recordings, tmp_path):
    built = run("build", recordings, "--out", tmp_path / "corpus", "--methods", "names")
    assert built.exit_code == 0, built.output
    assert "calm" in built.stdout
    assert "1 sources; 0 duplicates" in run("info", tmp_path / "corpus").stdout
    assert "all is well" in run("validate", tmp_path / "corpus").stdout


@pytest.mark.parametrize(
    "words",
    [["--methods", "hearsay"], ["--write", "xyz"], ["--remainder", "eat"], ["--length", "0"]],
)
def test_build_refuses_what_makes_no_sense(recordings, tmp_path, words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["corpus", "build", str(recordings), "--out", str(tmp_path / "corpus"), *words])
    assert stop.value.code == 2
    assert not (tmp_path / "corpus").exists()
    assert "moodprint: " in capsys.readouterr().err


def test_a_list_is_built_from_and_what_it_lacks_is_left_out(recordings, tmp_path):
    (tmp_path / "SOURCES.YAML").write_text("calm: music/calm\nsad: nowhere")
    built = run("build", tmp_path / "SOURCES.YAML", "--output", tmp_path / "corpus", "--json")
    answer = json.loads(built.stdout)
    assert built.exit_code == 1
    assert (answer["recordings"], answer["songs"]) == (1, 2)
    assert [name for name, _ in answer["failures"]] == [str(tmp_path / "nowhere")]
    assert "left out" in built.stderr
    (source,) = {row.source for row in read_rows(tmp_path / "corpus")}
    assert source.startswith("sources/calm/mix-")


def test_terminal_codes_in_names_are_not_obeyed(recordings, tmp_path):
    evil = "\033[2J\033]0;PWN\007"
    (recordings / "calm" / "mix.flac").rename(recordings / "calm" / f"a{evil}.flac")
    (recordings / "calm" / f"b{evil}.mp3").write_bytes(b"no sound")
    words = ("build", recordings, "--out", tmp_path / "corpus", "--methods", "")
    built = run(*words)
    assert built.exit_code == 1
    assert "left out" in built.stderr
    (recordings / "calm" / f"a{evil}.flac").unlink()
    spoiled = run("validate", tmp_path / "corpus")
    assert spoiled.stdout.startswith("missing: ")
    for outcome in (built, spoiled, run("info", tmp_path / "corpus")):
        assert "\033" not in outcome.output


def test_a_hostile_list_is_refused_in_one_line_before_anything_runs(tmp_path, capsys, monkeypatch):
    spy = tmp_path / "bin" / "apt-get"
    spy.parent.mkdir()
    spy.write_text(f"#!/bin/sh\necho called >> {tmp_path / 'called'}\n")
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}:/usr/bin:/bin")
    for entry in ('{package: "-oDir::Bin::Methods=/x", path: /x}', "{package: game, path: /../x}"):
        (tmp_path / "list.yaml").write_text(f"calm: [{entry}]")
        with pytest.raises(SystemExit) as stop:
            main(["corpus", "collect", str(tmp_path / "list.yaml"), "--out", str(tmp_path / "o")])
        assert stop.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "called").exists()


def test_build_from_a_list_of_dead_addresses_ends_as_collect_does(tmp_path, capsys) -> None:
    (tmp_path / "list.yaml").write_text("calm: nowhere")
    lines = []
    for command in ("collect", "build"):
        with pytest.raises(SystemExit) as ended:
            main(["corpus", command, str(tmp_path / "list.yaml"), "--out", str(tmp_path / command)])
        assert ended.value.code == 1
        lines.append(capsys.readouterr().err)
    assert all("nowhere" in line and len(line.splitlines()) == 1 for line in lines)
    assert "nothing could be fetched: " in lines[1]
