"""A plan for a folder is one that runs, and says what it was made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.corpus import manifest
from moodprint.dataset.gather import gather
from moodprint.errors import CorpusError
from moodprint.study.config import StudyConfig, load_config
from moodprint.study.plan import plan_for


def sound(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.zeros(1600), 16_000)
    return path


def loaded(folder: Path, base: Path) -> StudyConfig:
    """The plan as a study reads it from a file."""
    plan = plan_for(folder, base)
    if plan.table is not None:
        (base / "labels-of-plan.csv").write_text(plan.table, encoding="utf-8")
    (base / "study.yaml").write_text(plan.text("labels-of-plan.csv"), encoding="utf-8")
    return load_config(base / "study.yaml")


@pytest.fixture
def by_folder(tmp_path: Path) -> Path:
    for mood in ("Sad", "happy", "angry"):
        for artist in "abc":
            sound(tmp_path / "songs" / mood / f"{artist} - {mood}.wav")
    sound(tmp_path / "songs" / "boss" / "one.wav")
    sound(tmp_path / "songs" / "loose.wav")
    return tmp_path / "songs"


def test_a_folder_a_label_becomes_a_table_with_artists(by_folder: Path, tmp_path: Path) -> None:
    config = loaded(by_folder, tmp_path)
    assert config.labels == ("angry", "happy", "sad"), "in the order of the emotions"
    assert (config.folds, config.holdout_share, config.repeats) == (3, 0, 3)
    dataset = gather(config, tmp_path)
    assert len(dataset.samples) == 9
    assert {each.group for each in dataset.samples} == {"a", "b", "c"}
    assert all(each.excerpt.path.is_file() for each in dataset.samples)


def test_it_says_what_was_seen_and_left_out(by_folder: Path, tmp_path: Path) -> None:
    plan = plan_for(by_folder, tmp_path)
    said = " / ".join(plan.seen)
    for words in ("a folder a label", "9 samples in 3 groups", "left out: boss", "too few to hold"):
        assert words in said
    text = plan.text("labels.csv")
    assert all(f"# {each}\n" in text for each in plan.seen)


def test_a_folder_under_a_label_is_the_group(tmp_path: Path) -> None:
    for mood in ("sad", "happy"):
        for game in ("quest", "racer"):
            sound(tmp_path / "m" / mood / game / "x.wav")
    dataset = gather(loaded(tmp_path / "m", tmp_path), tmp_path)
    assert sorted({each.group for each in dataset.samples}) == ["quest", "racer"]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("path,mood,artist,year", ("path", "mood", "artist")),
        ("year,file,Group,Emotion", ("file", "Emotion", "Group")),
        ("clip,answer,year", ("clip", "answer", "clip")),
    ],
)
def test_columns_are_found_by_what_they_hold(
    tmp_path: Path, header: str, columns: tuple[str, str, str]
) -> None:
    names, rows = header.split(","), []
    for number in range(8):
        sound(tmp_path / "songs" / "audio" / f"{number}.wav")
        cells = {
            columns[2]: f"artist {number % 4}",
            columns[1]: ("sad", "calm")[number % 2],
            columns[0]: f"audio/{number}.wav",
            "year": str(1990 + number),
        }
        rows.append(",".join(cells[name] for name in names))
    (tmp_path / "songs" / "labels.csv").write_text("\n".join([header, *rows]))
    config = loaded(tmp_path / "songs", tmp_path)
    [corpus] = config.corpora
    assert (corpus.file, corpus.label, corpus.group) == columns
    assert config.labels == ("calm", "sad")
    assert len(gather(config, tmp_path).samples) == 8


def test_labels_that_are_no_emotions_are_taken_where_there_are_no_emotions(tmp_path: Path) -> None:
    for label in ("Q1", "Q2"):
        for number in range(12):
            sound(tmp_path / "m" / label / f"{number}.wav")
    config = loaded(tmp_path / "m", tmp_path)
    assert sorted(config.labels) == ["Q1", "Q2"]
    assert config.holdout_share == 0.2
    assert "group of its own" in " ".join(plan_for(tmp_path / "m", tmp_path).seen)


@pytest.mark.parametrize("files", [[], ["loose.wav"], ["sad/only.wav"], ["notes.csv"]])
def test_what_holds_too_little_is_refused_in_a_line(tmp_path: Path, files: list[str]) -> None:
    (tmp_path / "m").mkdir()
    for name in files:
        if name.endswith(".csv"):
            (tmp_path / "m" / name).write_text("a,b\n1,2\n")
        else:
            sound(tmp_path / "m" / name)
    with pytest.raises(CorpusError) as refused:
        plan_for(tmp_path / "m", tmp_path)
    assert "\n" not in str(refused.value)


def test_a_corpus_with_a_manifest_is_taken_as_it_is(tmp_path: Path) -> None:
    from moodprint.corpus.build import BuildSettings, build

    rng = np.random.default_rng(1)
    for mood in ("sad", "calm"):
        for number in range(2):
            path = sound(tmp_path / "raw" / mood / f"{mood}{number}.wav")
            soundfile.write(path, 0.1 * rng.standard_normal(16_000 * 12), 16_000)
    build(tmp_path / "raw", tmp_path / "corpus", BuildSettings(methods=frozenset()))
    plan = plan_for(tmp_path / "corpus", tmp_path)
    assert plan.corpus["folder"] == "corpus"
    assert plan.table is None


def test_made_music_alone_is_no_study(tmp_path: Path) -> None:
    row = manifest.Row(
        "a-0", "a", "a.wav", "happy", 0.0, 1.0, "a", hash="x", source_hash="x", synthetic=True
    )
    manifest.write(tmp_path, [row])
    with pytest.raises(CorpusError, match="all of it is synthetic"):
        plan_for(tmp_path, tmp_path)
