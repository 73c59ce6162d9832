"""Labels of other programs become samples; what is none of theirs is refused in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from moodprint.dataset.config import CorpusConfig, DatasetConfig
from moodprint.dataset.corpora import read_corpus
from moodprint.dataset.gather import gather
from moodprint.dataset.label_files import LabelledStretch, read_label_file
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import CorpusError, MoodprintError
from moodprint.prediction import NO_MUSIC, Prediction, Presence, Segment, Timeline
from moodprint.reports.exports import exporter, write


def answer(emotion: Emotion, *, abstained: bool = False) -> Prediction:
    shares = {each: 0.6 if each is emotion else 0.1 for each in EMOTIONS}
    return Prediction(emotion, shares, 0.0, 0.0, 0.6, abstained, None if abstained else 0.65)


def music(start_s: float, end_s: float, emotion: Emotion, *, abstained: bool = False) -> Segment:
    return Segment(start_s, end_s, Presence.MUSIC, answer(emotion, abstained=abstained))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    soundfile.write(tmp_path / "song.wav", np.zeros(16_000), 16_000)
    return tmp_path


def read(path: Path) -> list[tuple[str, float, float | None]]:
    found = read_label_file(path)
    assert all(each.path.name == "song.wav" and each.path.is_file() for each in found)
    return [(each.label, each.start_s, each.end_s) for each in found]


def test_audacity_labels_are_of_the_sound_beside_them(folder: Path) -> None:
    text = "0.5\t4.25\tSad\n\\\t200.0\t900.0\n5,0\t9,5\t happy \n12\t12\tcalm\n\n"
    (folder / "song.txt").write_text(text)
    assert read(folder / "song.txt") == [
        ("Sad", 0.5, 4.25),
        ("happy", 5, 9.5),
        ("calm", 12, None),
    ]


def test_elan_gives_the_tier_that_is_named(folder: Path) -> None:
    pympi = pytest.importorskip("pympi")
    eaf = pympi.Elan.Eaf(author="someone")
    eaf.add_linked_file(str(folder / "song.wav"), relpath="./song.wav")
    for tier in ("Emotion", "notes"):
        eaf.add_tier(tier)
    eaf.add_annotation("Emotion", 500, 4000, "sad")
    eaf.add_annotation("Emotion", 4000, 9000, "happy")
    eaf.add_annotation("notes", 0, 100, "a cough")
    eaf.to_file(str(folder / "any name.eaf"))
    assert read(folder / "any name.eaf") == [("sad", 0.5, 4.0), ("happy", 4.0, 9.0)]
    with pytest.raises(CorpusError, match=r"no tier 'mood'; its tiers are .*Emotion, notes"):
        read_label_file(folder / "any name.eaf", "mood")


TASK = {"data": {"id": "7", "audio": "/data/upload/3/0a1b2c3d-song.wav"}}
RESULT = [
    {"type": "labels", "value": {"start": 1.5, "end": 6, "labels": ["Fear"], "channel": 0}},
    {"type": "choices", "value": {"choices": ["sad"]}},
]


@pytest.mark.parametrize(
    "address",
    [
        "/data/upload/3/0a1b2c3d-song.wav",
        "http://localhost:8080/data/upload/3/0a1b2c3d-song.wav",
        "/data/local-files/?d=song.wav",
        "song.wav",
        "s3://bucket/deep/song.wav",
    ],
)
def test_label_studio_in_both_of_its_forms(folder: Path, address: str) -> None:
    task = {"data": {"audio": address}, "annotations": [{"result": RESULT}]}
    (folder / "export.json").write_text(json.dumps([task]))
    assert read(folder / "export.json") == [("Fear", 1.5, 6), ("sad", 0, None)]
    small = {"audio": address, "id": 3, "emotion": [RESULT[0]["value"]]}
    (folder / "min.json").write_text(json.dumps([small, {"audio": address, "emotion": "calm"}]))
    assert read(folder / "min.json") == [("Fear", 1.5, 6), ("calm", 0, None)]


def test_of_several_annotations_the_newest_counts_and_cancelled_ones_do_not(folder: Path) -> None:
    newest = [{"type": "choices", "value": {"choices": ["happy"]}}]
    annotations = [{"result": RESULT}, {"result": newest}, {"result": [], "was_cancelled": True}]
    (folder / "e.json").write_text(json.dumps([{**TASK, "annotations": annotations}]))
    assert read(folder / "e.json") == [("happy", 0, None)]
    (folder / "e.json").write_text(json.dumps([{**TASK, "annotations": []}]))
    assert read(folder / "e.json") == []


@pytest.fixture
def ours(folder: Path) -> Timeline:
    segments = (
        music(0, 5, Emotion.CALM),
        music(2.5, 7.5, Emotion.CALM),
        replace(music(7.5, 12.5, Emotion.SAD), track="x (y) - z"),
        music(12.5, 15, Emotion.ANGRY, abstained=True),
        Segment(15, 20, Presence.SPEECH, NO_MUSIC),
        music(20, 25, Emotion.CALM),
    )
    return Timeline(str(folder / "song.wav"), 25, answer(Emotion.CALM), segments, "ear")


@pytest.mark.parametrize("form", ["audacity", "elan", "json", "csv"])
def test_our_own_answers_come_back_as_labels(folder: Path, ours: Timeline, form: str) -> None:
    path = folder / f"song{exporter(form).suffix}"
    write([ours], form, path)
    corpus = CorpusConfig("mine", labels=path)
    samples = read_corpus(corpus, folder)
    assert [(each.label, each.excerpt.start_s, each.excerpt.end_s) for each in samples] == [
        ("calm", 0, 7.5),
        ("sad", 7.5, 12.5),
        ("calm", 20, 25),
    ]
    assert {each.group for each in samples} == {str(folder / "song.wav")}


def test_a_correction_is_a_label(folder: Path, ours: Timeline) -> None:
    write([ours], "audacity", folder / "song.txt")
    text = (folder / "song.txt").read_text()
    (folder / "song.txt").write_text(text.replace("unsure, perhaps angry", "Fear"))
    assert ("Fear", 12.5, 15.0) in read(folder / "song.txt")


def test_a_folder_of_label_files_is_a_corpus(folder: Path) -> None:
    soundfile.write(folder / "other.flac", np.zeros(16_000), 16_000)
    (folder / "song.txt").write_text("0\t4\tsad\n")
    (folder / "other.txt").write_text("0\t4\tHAPPY\n5\t6\tboss\n")
    dataset = gather(DatasetConfig(corpora=(CorpusConfig("mine", folder=folder),)), folder)
    assert [each.label for each in dataset.samples] == ["happy", "sad"]
    assert dataset.left_out == {"boss": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("song.txt", "just a note"),
        ("song.txt", "1\tx\tsad"),
        ("song.txt", "-1\t2\tsad"),
        ("song.txt", "nan\t2\tsad"),
        ("lonely.txt", "0\t1\tsad"),
        ("song.eaf", "<a"),
        ("song.eaf", "<a/>"),
        ("song.eaf", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("song.json", "{"),
        ("song.json", "{}"),
        ("song.json", "[3]"),
        ("song.json", '[{"annotations": 3}]'),
        ("song.json", '[{"data": {"audio": "none.wav"}, "annotations": []}]'),
        ("song.json", '[{"source": "song.wav", "segments": [{"start_s": 0}]}]'),
        (
            "song.json",
            '[{"audio": "song.wav", "emotion": [{"start": 9, "end": 2, "labels": ["a"]}]}]',
        ),
        (
            "song.json",
            '[{"audio": "song.wav", "emotion": [{"start": 0, "end": 1e999, "labels": ["a"]}]}]',
        ),
        ("song.json", '[{"audio": "a\\u0000b", "emotion": "sad"}]'),
        ("song.json", "[" * 100_000),
    ],
)
def test_what_is_no_labels_is_refused_in_one_line(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    with pytest.raises(CorpusError) as refused:
        read_label_file(folder / name)
    assert str(refused.value).startswith(str(folder / name))
    assert "\n" not in str(refused.value)


@given(st.sampled_from([".txt", ".eaf", ".json"]), st.binary(max_size=200))
def test_any_bytes_are_labels_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / f"song{suffix}"
    path.write_bytes(content)
    try:
        found = read_label_file(path)
    except MoodprintError:
        return
    assert all(isinstance(each, LabelledStretch) for each in found)
