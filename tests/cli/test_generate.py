import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from midi_writer import midi_bytes
from typer.testing import CliRunner

from moodprint.bundle import DEFAULT_GENERATOR, shipped_bundles
from moodprint.cli.generate import app
from moodprint.errors import InputError, NoPermissionError, OptionError


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mid"
    path.write_bytes(midi_bytes([[(0, 1, 60, 90), (1, 2, 64, 90)], [(0, 2, 40, 90)]]))
    return path


def _run(*words: object) -> str:
    result = CliRunner().invoke(app, ["notes", *map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3"])
def test_a_song_becomes_a_file(song: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out.{suffix}"
    said = _run(song, "--out", out)
    assert "1.3 s" in said
    info = soundfile.info(out)
    assert info.channels == 1
    assert info.duration == pytest.approx(1.3, abs=0.2)


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(
    song: Path, tmp_path: Path
) -> None:
    files = {}
    for name, seed, threads in [("a", 1, 1), ("b", 1, 3), ("c", 2, 1)]:
        out = tmp_path / f"{name}.wav"
        _run(song, "--seed", seed, "--threads", threads, "--out", out)
        files[name] = out.read_bytes()
    assert files["a"] == files["b"] != files["c"]


def test_options_reach_the_player(song: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    _run(song, "--spread", 0.8, "--emotion", "sad", "--out", out)
    info = soundfile.info(out)
    assert info.channels == 2
    assert info.duration > 1.6


def test_bends_of_a_recording_are_played_where_asked(tmp_path: Path) -> None:
    time_s = np.arange(22_050) / 22_050
    phase = 2 * np.pi * 440 * time_s - 3 * np.cos(2 * np.pi * 4 * time_s)  # half a semitone
    tone = 0.2 * sum(np.sin(h * phase) / h**1.5 for h in range(1, 8))
    soundfile.write(tmp_path / "song.wav", tone * np.minimum(1, 100 * time_s), 22_050)
    for name, options in (("straight", []), ("bent", ["--keep-bends"])):
        _run(tmp_path / "song.wav", *options, "--out", tmp_path / f"{name}.wav")
    straight, bent = (soundfile.read(tmp_path / f"{n}.wav")[0] for n in ("straight", "bent"))
    assert len(bent) == len(straight)
    assert np.abs(bent - straight).max() > 0.1


@pytest.mark.parametrize("spelling", ["--model", "--instrument-bundle"])
def test_a_model_is_named_or_a_folder(song: Path, tmp_path: Path, spelling: str) -> None:
    copy = shutil.copytree(shipped_bundles()[DEFAULT_GENERATOR], tmp_path / "bundle")
    for name, model in (("shipped", DEFAULT_GENERATOR), ("copied", copy)):
        _run(song, spelling, model, "--output", tmp_path / f"{name}.wav")
    assert (tmp_path / "shipped.wav").read_bytes() == (tmp_path / "copied.wav").read_bytes()
    with pytest.raises(OptionError, match="no model is called 'nowhere'"):
        _run(song, spelling, "nowhere", "--out", tmp_path / "o.wav")


def test_without_a_bundle_the_one_that_ships_plays(song: Path, tmp_path: Path) -> None:
    route = ["--instruments", "flute, 0.5*violin+0.5*harp", "--instruments-file", tmp_path / "no"]
    for name, options in (("random", []), ("known", route)):
        assert "1.3 s" in _run(song, *options, "--out", tmp_path / f"{name}.wav")
    assert (tmp_path / "random.wav").read_bytes() != (tmp_path / "known.wav").read_bytes()


def test_instruments_that_come_with_the_generator_are_listed(tmp_path: Path) -> None:
    words = ["instruments", "--known", "--word", "plucked", "--out", str(tmp_path / "no.json")]
    output = CliRunner().invoke(app, words, catch_exceptions=False).output
    assert "xylophone: " in output
    assert "flute: " not in output
    assert not (tmp_path / "no.json").exists()


def test_what_cannot_be_written_or_read_is_refused(song: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="audio format"):
        _run(song, "--out", tmp_path / "out.txt")
    (tmp_path / "broken.mid").write_bytes(song.read_bytes()[:20])
    with pytest.raises(InputError, match="damaged"):
        _run(tmp_path / "broken.mid", "--out", tmp_path / "o.wav")
    assert not (tmp_path / "o.wav").exists()


def test_a_song_is_never_overwritten(tmp_path: Path) -> None:
    song = tmp_path / "song.wav"
    soundfile.write(song, np.zeros(8_000), 8_000)
    (tmp_path / "link.wav").symlink_to(song)
    before = song.read_bytes()
    for out in (song, tmp_path / "link.wav"):
        with pytest.raises(OptionError, match="stays as it is"):
            _run(song, "--out", out)
    assert song.read_bytes() == before


def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moodprint.generation.generators.GENERATORS", None)  # work would fail
    (tmp_path / "file").touch()
    with pytest.raises(NoPermissionError, match="cannot be written"):
        _run(song, "--out", tmp_path / "file" / "out.wav")


def test_instruments_are_found_saved_and_played(song: Path, tmp_path: Path) -> None:
    saved = tmp_path / "found.json"
    words = ["instruments", "--count", 2, "--out", saved]
    result = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    assert "2 of 2 saved" in result.output
    route = ["--instruments", "1-1, 0.5*1-1+0.5*1-2", "--instruments-file", saved]
    _run(song, *route, "--out", tmp_path / "a.wav")
    _run(song, *route, "--seed", 9, "--out", tmp_path / "b.wav")
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
    route[1] = "1-3"
    with pytest.raises(OptionError, match="no instrument is called '1-3'"):
        _run(song, *route, "--out", tmp_path / "c.wav")


def test_unknown_timbre_words_are_refused() -> None:
    words = ["instruments", "--word", "purple"]
    with pytest.raises(OptionError, match="bright"):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_a_file_of_something_else_is_no_place_for_instruments(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"precious": 1}')
    done = CliRunner().invoke(app, ["instruments", "--out", str(tmp_path / "mine.json")])
    assert isinstance(done.exception, InputError)
    assert done.stdout == "", "no instrument was drawn"
    assert (tmp_path / "mine.json").read_text() == '{"precious": 1}'
