"""`moodprint models`: what is here, and what its card says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cards import emotion_network_card

from moodprint.bundle import bundle, write_bundle
from moodprint.cli.app import main

CARD = emotion_network_card(name="ear", version="7") | {
    "licence": "Apache-2.0",
    "metrics": {"uar": {"value": 0.61, "low": 0.58, "high": 0.64}},
    "data": [{"name": "4q", "sha256": "ab"}],
    "story": "a\x1b[31m\nb",
}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_bundle(tmp_path / "ear", CARD, {"ear.onnx": b"weights"})
    monkeypatch.setattr(bundle, "shipped_bundles", lambda: {"ear": tmp_path / "ear"})
    monkeypatch.setattr("moodprint.cli.models.shipped_bundles", lambda: {"ear": tmp_path / "ear"})
    return tmp_path / "ear"


def models(capsys: pytest.CaptureFixture, *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["models", *words])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_the_list_tells_name_kind_and_licence(model: Path, capsys) -> None:
    status, out, _ = models(capsys, "list")
    assert status == 0
    assert out == "ear-7: emotion-network, Apache-2.0 (used unless another is named)\n"
    [summary] = json.loads(models(capsys, "list", "--json")[1])
    kind = {"kind": "emotion-network", "hears": True, "licence": "Apache-2.0"}
    assert summary == {"model": "ear-7", **kind, "default": True}


def test_info_tells_all_of_the_card(model: Path, capsys) -> None:
    _, out, _ = models(capsys, "info")
    lines = out.splitlines()
    assert "labels: angry, calm, fear, happy, sad" in lines
    assert "    low: 0.58" in lines
    assert ["4q", "ab"] in map(str.split, lines), "what is alike is a table"
    assert "\x1b" not in out
    card = json.loads(models(capsys, "info", str(model), "--json")[1])
    assert card.items() >= CARD.items()


@pytest.mark.parametrize(("name", "status"), [("eer", 2), (".", 1)])
def test_what_is_no_model_is_one_line(model: Path, capsys, name: str, status: int) -> None:
    code, out, err = models(capsys, "info", name)
    assert (code, out) == (status, "")
    assert len(err.splitlines()) == 1


def test_what_ships_is_listed_with_its_kind(capsys) -> None:
    status, out, _ = models(capsys, "list", "--json")
    assert status == 0
    found = {each["model"].rsplit("-", 1)[0]: each for each in json.loads(out)}
    assert found["ear"]["kind"] == "emotion-network"
    assert found["band"]["kind"] == "note-generator"
    assert {name for name, each in found.items() if each["default"]} == {"ear", "band", "painter"}
    assert all(each["licence"] for each in found.values())


def test_a_card_without_sense_is_one_line(model: Path, capsys) -> None:
    card = model / "card.json"
    card.write_text(card.read_text().replace("1.5", "NaN"))
    code, out, err = models(capsys, "info")
    assert (code, out) == (1, "")
    assert err.endswith("its card.json cannot be used: NaN is no number\n")


def test_the_list_leaves_out_what_does_not_hear_unless_all_are_asked_for(capsys) -> None:
    assert models(capsys, "list")[1].startswith("ear-")
    assert "band" not in models(capsys, "list")[1]
    assert "band-1: note-generator" in models(capsys, "list", "--all")[1]
    listed = json.loads(models(capsys, "list", "--json")[1])
    hears = {each["kind"]: each["hears"] for each in listed}
    assert hears["emotion-network"] is True
    assert hears["note-generator"] is False


@pytest.mark.parametrize("name", ["ear", "band", "painter", "musicnn", "basic_pitch"])
@pytest.mark.parametrize("columns", ["40", "120"])
def test_every_card_is_shown_on_any_terminal(name, columns, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    status, out, err = models(capsys, "info", name)
    assert (status, err) == (0, "")
    assert "licence: " in out
