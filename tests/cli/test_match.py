"""`moodprint match` as people and programs call it."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import soundfile

from moodprint.cli.app import main

RATE = 16_000


def melody(seed, duration_s):
    """Notes with overtones, five a second: another tune for each seed."""
    random = np.random.default_rng(seed)
    samples = np.zeros(int(duration_s * RATE))
    for start_s in random.uniform(0, duration_s - 0.5, int(5 * duration_s)):
        at = np.arange(int(0.5 * RATE)) / RATE
        pitch_hz = 110 * 2 ** (random.integers(0, 36) / 12)
        note = sum(np.sin(2 * np.pi * pitch_hz * k * at) / k for k in range(1, 6))
        begin = int(start_s * RATE)
        samples[begin : begin + len(at)] += note * np.exp(-5 * at)
    return samples / np.abs(samples).max() * 0.5


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("songs")
    for seed in range(3):
        soundfile.write(folder / f"song_{seed}.flac", melody(seed, 20), RATE)
    return folder


@pytest.fixture(scope="module")
def known(songs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("known") / "index"
    with pytest.raises(SystemExit) as ended:
        main(["match", "index", str(songs), "--index", str(folder)])
    assert ended.value.code == 0
    return folder


def run(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(["match", *map(str, words), "--workers", "1"])
    printed = capsys.readouterr()
    return ended.value.code, printed.out, printed.err


def test_index_says_what_became_of_the_files(songs, known, capsys):
    code, out, err = run(capsys, "index", songs, "--index", known, "--json")
    counts = {name: len(value) for name, value in json.loads(out).items() if name != "tracks"}
    assert (code, err) == (0, "")
    assert counts == {"added": 0, "known": 3, "failed": 0}
    assert json.loads(out)["tracks"] == 3


def test_query_keeps_the_contract(songs, known, tmp_path, capsys):
    queries = tmp_path / "queries"
    queries.mkdir()
    soundfile.write(queries / "part.wav", melody(1, 20)[5 * RATE : 17 * RATE], RATE)
    soundfile.write(queries / "unknown.wav", melody(9, 12), RATE)
    code, out, _ = run(capsys, "query", queries, "--index", known, "--format", "json")
    part, unknown = json.loads(out)
    assert code == 0
    assert unknown == {"query": str(queries / "unknown.wav"), "matches": []}
    assert part["query"] == str(queries / "part.wav")
    (match,) = part["matches"]
    assert list(match) == ["track", "track_offset_s", "query_offset_s", "speed", "score"]
    assert match["track"] == str(songs / "song_1.flac")
    assert match["track_offset_s"] - match["query_offset_s"] == pytest.approx(5, abs=0.1)
    assert match["speed"] == pytest.approx(1, abs=0.002)


def test_query_as_a_table_and_into_a_file(songs, known, tmp_path, capsys):
    target = tmp_path / "matches.txt"
    code, out, _ = run(capsys, "query", songs / "song_2.flac", "--index", known, "--output", target)
    assert (code, out) == (0, "")
    assert "song_2.flac" in target.read_text(encoding="utf-8")


def test_a_bad_file_gets_its_error_and_the_rest_go_on(songs, known, tmp_path, capsys):
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    (tmp_path / "good.flac").write_bytes((songs / "song_0.flac").read_bytes())
    code, out, err = run(capsys, "query", tmp_path, "--index", known, "--format", "json")
    bad, good = json.loads(out)
    assert code == 1
    assert bad["matches"] == []
    assert "bad.wav" in bad["error"]
    assert good["matches"][0]["track"] == str(songs / "song_0.flac")
    assert err.count("bad.wav") == 1


def test_all_pairs_in_each_format(songs, tmp_path, capsys):
    (tmp_path / "first.flac").write_bytes((songs / "song_0.flac").read_bytes())
    soundfile.write(tmp_path / "<b>part.wav", melody(0, 20)[4 * RATE : 14 * RATE], RATE)
    soundfile.write(tmp_path / "other.wav", melody(7, 12), RATE)
    code, out, _ = run(capsys, "query", tmp_path, "--all-pairs", "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert answer["failed"] == []
    assert answer["groups"] == [[str(tmp_path / "<b>part.wav"), str(tmp_path / "first.flac")]]
    assert answer["pairs"][0]["duration_s"] == pytest.approx(10, abs=2)
    page = tmp_path / "sharing.html"
    assert (
        run(capsys, "query", tmp_path, "--all-pairs", "--format", "html", "--output", page)[0] == 0
    )
    text = page.read_text(encoding="utf-8")
    assert "2 of 3 files share music" in text
    assert "<b>part" not in text
    assert "first.flac" in run(capsys, "query", tmp_path, "--all-pairs")[1]


def test_shared_tracks_are_named_after_an_index_and_cut_out(songs, known, tmp_path, capsys):
    (tmp_path / "first.flac").write_bytes((songs / "song_0.flac").read_bytes())
    soundfile.write(tmp_path / "part.wav", melody(0, 20)[4 * RATE : 14 * RATE], RATE)
    words = ("query", tmp_path, "--all-pairs", "--index", known, "--cut", tmp_path / "cut")
    code, out, err = run(capsys, *words, "--json")
    (track,) = json.loads(out)["tracks"]
    assert (code, track["name"]) == (0, str(songs / "song_0.flac"))
    assert track["known"]
    assert err == f"moodprint: wrote {tmp_path / 'cut' / 'song_0.flac'}\n"
    assert soundfile.info(tmp_path / "cut" / "song_0.flac").duration == pytest.approx(20, abs=1)


@pytest.mark.parametrize("words", [["--all-pairs"], ["--index", "{known}"]])
def test_a_source_is_never_overwritten(songs, known, tmp_path, capsys, words):
    song = tmp_path / "song_0.flac"
    song.write_bytes((songs / "song_0.flac").read_bytes())
    words = [word.format(known=known) for word in words]
    code, out, err = run(capsys, "query", tmp_path, *words, "--output", song)
    assert (code, out) == (2, "")
    assert "stays as it is" in err
    assert song.read_bytes() == (songs / "song_0.flac").read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["query", "{songs}"], 2, "--index"),
        (["query", "{songs}", "--index", "{known}", "--format", "html"], 2, "--all-pairs"),
        (["query", "{songs}", "--index", "{songs}"], 1, "no match index"),
        (["query", "{songs}/none", "--index", "{known}"], 1, "does not exist"),
        (["query", "{empty}", "--index", "{known}"], 1, "holds no audio"),
        (["query", "{songs}", "--index", "{known}", "--cut", "cut"], 2, "--all-pairs"),
        (["query", "{songs}", "--all-pairs", "--cut", "{songs}/song_0.flac"], 2, "is no folder"),
        (["query", "{songs}", "--all-pairs", "--index", "{songs}"], 1, "no match index"),
        (["query", "{songs}", "--all-pairs", "--format", "html"], 2, "--out FILE"),
        (["index", "{songs}", "--index", "{songs}"], 1, "no match index"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    songs, known, tmp_path, capsys, words, code, reason
):
    filled = [word.format(songs=songs, known=known, empty=tmp_path) for word in words]
    ended, out, err = run(capsys, *filled)
    assert (ended, out) == (code, "")
    assert reason in err
    assert err.count("\n") == 1


def test_several_sources_are_taken_in_their_order(songs, known, tmp_path, capsys):
    words = (songs / "song_2.flac", f"{songs}/song_[01]*", tmp_path / "none.wav", tmp_path)
    code, out, err = run(capsys, "query", *words, "--index", known, "--format", "json")
    answers = json.loads(out)
    names = ["song_2.flac", "song_0.flac", "song_1.flac"]
    assert [answer["query"] for answer in answers[:3]] == [str(songs / name) for name in names]
    assert all(answer["matches"][0]["track"] == answer["query"] for answer in answers[:3])
    assert ["error" in answer for answer in answers] == [False] * 3 + [True] * 2
    assert code == 1
    assert err.count("\n") == 2


def test_names_come_from_standard_input_too(songs, known, tmp_path, capsys, monkeypatch):
    names = io.TextIOWrapper(io.BytesIO(f"{songs}/song_0.flac\0{songs}/song_1.flac".encode()))
    monkeypatch.setattr("sys.stdin", names)
    code, out, _ = run(capsys, "index", "-", "--index", tmp_path / "new", "--format", "json")
    assert code == 0
    assert len(json.loads(out)["added"]) == 2


def test_a_source_is_never_written_over(songs, known, tmp_path, capsys):
    song = tmp_path / "song.flac"
    song.write_bytes((songs / "song_0.flac").read_bytes())
    (tmp_path / "link.json").symlink_to(song)
    for words in (("--index", known), ("--all-pairs",)):
        for target in (song, tmp_path / "link.json"):
            code, out, err = run(capsys, "query", song, *words, "--format", "json", "--out", target)
            assert (code, out) == (2, "")
            assert "stays as it is" in err
    assert song.read_bytes() == (songs / "song_0.flac").read_bytes()


def test_terminal_codes_in_names_are_not_obeyed(songs, known, tmp_path, capsys):
    evil = tmp_path / "a\033[2J\033]0;PWN\007.flac"
    evil.write_bytes((songs / "song_0.flac").read_bytes())
    (tmp_path / "bad\033[2J.wav").write_bytes(b"no sound")
    _, out, err = run(capsys, "query", tmp_path, "--index", known)
    assert "PWN" in out
    assert "\033" not in out + err
    _, out, err = run(capsys, "query", tmp_path, songs, "--all-pairs")
    assert "song_0" in out
    assert "\033" not in out + err


def test_what_cannot_be_compared_is_named(songs, tmp_path, capsys):
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    words = ("query", tmp_path, songs, "--all-pairs", "--format", "json")
    code, out, err = run(capsys, *words)
    (failed,) = json.loads(out)["failed"]
    assert (code, failed["path"]) == (1, str(tmp_path / "bad.wav"))
    assert err.count("bad.wav") == 1


@pytest.mark.parametrize(
    ("name", "begins"), [("s.html", "<!doctype"), ("s.JSON", "{"), ("s.txt", " ")]
)
def test_the_suffix_of_the_output_tells_the_format(songs, tmp_path, capsys, name, begins):
    out = tmp_path / name
    two = [songs / f"song_{number}.flac" for number in (0, 1)]
    assert run(capsys, "query", *two, "--all-pairs", "--out", out)[0] == 0
    assert out.read_text(encoding="utf-8").startswith(begins)
