"""What recipes/ear/sources.py finds in folders that are laid out as the labelled data are."""

from __future__ import annotations

import csv
import math
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from recipes.ear import sources


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def pool(tmp_path):
    folder = tmp_path / "pool"
    folder.mkdir()
    return folder


@pytest.fixture
def made(tmp_path):
    return tmp_path / "made"


def write_rows(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def write_sound(path: Path, seconds: float, rate: int = 16_000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(0).normal(0, 0.1, int(seconds * rate))
    soundfile.write(path, noise.astype(np.float32), rate)


def test_songs_of_4q_carry_artist_emotion_and_quadrant(data):
    row = {"file": "a.mp3", "group": "artist x", "emotion": "sad", "quadrant": "Q3"}
    write_rows(data / "4q" / "labels.csv", [row])
    (item,) = sources.four_quadrants(data)
    assert (item.group, item.emotion, item.quadrant) == ("artist x", "sad", "Q3")
    assert item.path == data / "4q" / "a.mp3"
    assert math.isnan(item.valence)


@pytest.mark.parametrize(("rating", "expected"), [("1", -1.0), ("3", 0.0), ("5", 1.0)])
def test_ratings_from_1_to_5_become_minus_1_to_1(data, rating, expected):
    row = {"file": "a.mp3", "group": "x", "emotion": "happy"}
    row |= {"valence_mean": rating, "arousal_mean": rating}
    write_rows(data / "musifeast17" / "labels.csv", [row])
    (item,) = sources.musifeast(data)
    assert (item.valence, item.arousal) == (expected, expected)
    assert item.group == "artist:x"


def test_game_tracks_that_are_not_in_the_pool_are_passed_over(data, pool, made):
    row = {"package": "game", "path": "/usr/a.ogg", "member": "", "emotion": "calm"}
    write_rows(data / "game_moods" / "tracks.csv", [row, {**row, "path": "/usr/b.ogg"}])
    (pool / "game" / "usr").mkdir(parents=True)
    (pool / "game" / "usr" / "b.ogg").touch()
    (item,) = sources.game_moods(data, pool, made)
    assert (item.path.name, item.group) == ("b.ogg", "game:game")


def test_a_track_inside_an_archive_is_taken_out_once(data, pool, made):
    row = {"package": "game", "path": "/music.pk3", "member": "m/a.ogg", "emotion": "calm"}
    write_rows(data / "game_moods" / "tracks.csv", [row])
    (pool / "game").mkdir()
    with zipfile.ZipFile(pool / "game" / "music.pk3", "w") as archive:
        archive.writestr("m/a.ogg", b"sound")
    (item,) = sources.game_moods(data, pool, made)
    assert item.path.read_bytes() == b"sound"
    item.path.write_bytes(b"kept")
    assert next(sources.game_moods(data, pool, made)).path.read_bytes() == b"kept"


def test_midi_is_listed_where_it_was_rendered(data, made):
    write_rows(
        data / "emopia" / "label.csv",
        [{"ID": "Q1_song_x_0", "4Q": "1"}, {"ID": "Q3_other_0", "4Q": "3"}],
    )
    rows = [
        {"id": "g1", "series": "s", "valence": "-1", "arousal": "1", "midi": "g1_0.mid"},
        {"id": "g2", "series": "s", "valence": "1", "arousal": "-1", "midi": "g2_0.mid"},
    ]
    write_rows(data / "vgmidi" / "labels.csv", rows)
    for place in ("emopia/Q3_other_0.wav", "vgmidi/g1.wav"):
        (made / place).parent.mkdir(parents=True)
        (made / place).touch()
    piano, game = sources.midi(data, made)
    assert (piano.corpus, piano.group, piano.emotion) == ("emopia", "song:other", "sad")
    assert (game.quadrant, game.emotion, game.group) == ("Q2", "angry", "series:s")


def test_only_long_music_of_the_pool_counts(pool):
    write_sound(pool / "game" / "long.wav", 21)
    write_sound(pool / "game" / "short.wav", 19)
    (pool / "game" / "broken.wav").write_bytes(b"RIFF" + bytes(200_000))
    items = list(sources.unlabelled(pool))
    assert [item.path.name for item in items] == ["long.wav"]
    assert (items[0].corpus, items[0].group, items[0].emotion) == ("pool", "game:game", "")


def test_what_was_made_is_speech_or_other_sound(made):
    assert not list(sources.synthetic(made))
    write_sound(made / "espeak" / "000.wav", 0.1)
    write_sound(made / "noise" / "000.wav", 0.1)
    assert [item.presence for item in sources.synthetic(made)] == ["speech", "other"]


@pytest.mark.parametrize(
    ("quality", "emotion", "presence"), [("ok", "sad", "music"), ("doubt: quiet", "", "")]
)
def test_labels_in_doubt_are_not_believed(data, quality, emotion, presence):
    row = {"file": "audio/a.opus", "group": "x/y", "emotion": "sad", "quality": quality}
    write_rows(data / "wild_moods" / "labels.csv", [row])
    (item,) = sources.wild_moods(data)
    assert (item.emotion, item.presence, item.group) == (emotion, presence, "source:x/y")
    assert item.path == data / "wild_moods" / "audio/a.opus"


def test_the_voices_of_the_benchmark_are_not_learned_from(data):
    rows = [
        {"file": f"{kind}{n}.ogg", "presence": kind}
        for n in range(42)
        for kind in ("other", "speech")
    ]
    write_rows(data / "not_music" / "labels.csv", rows)
    items = list(sources.not_music(data))
    assert [item.group for item in items if item.presence == "speech"] == ["speech40", "speech41"]
    assert sum(item.presence == "other" for item in items) == 42
