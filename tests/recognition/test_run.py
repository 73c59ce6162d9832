"""The analysis of many files as one call, around a fake model."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cards import emotion_network_card, generator_card
from fake_analysis import EXPLANATION, FakeAnalysis, answer

from moodprint.bundle import write_bundle
from moodprint.errors import BundleError, OptionError
from moodprint.prediction import Failure, Timeline
from moodprint.recognition import run
from moodprint.recognition.adaptation import FEWEST
from moodprint.recognition.run import STAGE, AnalysisRequest, analyze_files
from moodprint.recognition.settings import AnalysisSettings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with songs of rising level, and a fake model that notes what it hears."""
    rng = np.random.default_rng(1)
    for n in range(FEWEST):
        level = 0.05 * (n + 1)
        soundfile.write(tmp_path / f"{n}.wav", rng.uniform(-level, level, 8_000), 8_000)
    card = emotion_network_card(calibration={"temperature": 1.0, "abstain_below": 0.1})
    write_bundle(tmp_path / "model", card, {"ear.onnx": b"never loaded"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "FileAnalysis", FakeAnalysis)
    monkeypatch.setattr(run, "accept", lambda _: None)
    monkeypatch.setenv("MOODPRINT_TEST_NOTES", str(tmp_path / "notes"))
    return tmp_path


def heard() -> list[str]:
    """The files that were analysed since this was last asked."""
    notes = Path(os.environ["MOODPRINT_TEST_NOTES"])
    lines = notes.read_text().splitlines() if notes.exists() else []
    notes.unlink(missing_ok=True)
    return sorted(lines)


def request(*entries: str | Failure, **changes: object) -> AnalysisRequest:
    return replace(AnalysisRequest(entries, model="model", workers=1), **changes)


ALL = [f"{n}.wav" for n in range(FEWEST)]
MISSING = Failure("songs/*", "songs/*: no audio or video file has such a name")


def test_answers_come_in_the_order_of_the_entries(folder: Path) -> None:
    answers = analyze_files(request("2.wav", MISSING, "none.wav", "0.wav"))
    assert [each.source for each in answers] == ["2.wav", "songs/*", "none.wav", "0.wav"]
    assert [type(each) for each in answers] == [Timeline, Failure, Failure, Timeline]
    assert answers[1] is MISSING


def test_no_entries_give_no_answers(folder: Path) -> None:
    assert analyze_files(request()) == []


def test_a_file_that_is_named_twice_is_analysed_once_and_answered_twice(folder: Path) -> None:
    first, second = analyze_files(request("1.wav", "1.wav"))
    assert first == second
    assert heard() == ["1.wav"]


def test_progress_is_a_step_a_file(folder: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    analyze_files(request("0.wav", MISSING, "1.wav"), progress=lambda *step: steps.append(step))
    assert steps == [(STAGE, 1, 2), (STAGE, 2, 2)]


def test_the_request_goes_to_the_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def analysis(**options: object) -> FakeAnalysis:
        asked.append(options)
        return FakeAnalysis(explain=bool(options["explain"]))

    monkeypatch.setattr(run, "FileAnalysis", analysis)
    settings = AnalysisSettings(segment_s=3.0, hop_s=1.5)
    [explained] = analyze_files(request("0.wav", settings=settings, index="known", explain=True))
    assert explained.explanation == EXPLANATION
    [options] = asked
    assert options["settings"] is settings
    assert (options["bundle"], options["index"]) == ("model", "known")


def test_a_model_that_recognises_no_emotions_is_refused_before_any_work(folder: Path) -> None:
    write_bundle(folder / "notes-model", generator_card(), {"generator.onnx": b""})
    with pytest.raises(BundleError, match="recognises no emotions"):
        analyze_files(request("0.wav", model="notes-model"))
    assert heard() == []


def test_a_journal_keeps_the_answers_until_they_are_delivered(folder: Path) -> None:
    journal = folder / "journal"
    kept: list[int] = []

    def deliver(answers: object) -> None:
        kept.append(journal.read_text().count("\n"))

    analyze_files(request("0.wav", "1.wav", journal=journal), deliver=deliver)
    assert kept == [3], "the options and two answers"
    assert not journal.exists()


def test_a_delivery_that_fails_leaves_the_journal_to_be_taken_up(folder: Path) -> None:
    journal = folder / "journal"

    def full(answers: object) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        analyze_files(request(*ALL[:3], journal=journal), deliver=full)
    assert heard() == ALL[:3]
    answers = analyze_files(request(*ALL[:4], journal=journal, resume=True))
    assert heard() == ["3.wav"]
    again = analyze_files(request(*ALL[:4]))
    assert [each.to_dict() for each in answers] == [each.to_dict() for each in again]


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": AnalysisSettings(segment_s=4.0)},
        {"settings": AnalysisSettings(hop_s=1.0)},
        {"settings": AnalysisSettings(smoothing_s=0.0)},
        {"index": "known"},
        {"explain": True},
    ],
)
def test_a_run_of_other_options_is_not_taken_up(folder: Path, changes: dict) -> None:
    journal = folder / "journal"
    cut_short(request("0.wav", journal=journal))
    before = journal.read_bytes()
    with pytest.raises(OptionError, match="had other options"):
        analyze_files(request("0.wav", journal=journal, resume=True, **changes))
    assert journal.read_bytes() == before


def test_a_run_of_another_model_is_not_taken_up(folder: Path) -> None:
    journal = folder / "journal"
    cut_short(request("0.wav", journal=journal))
    write_bundle(folder / "model", emotion_network_card(version="4"), {"ear.onnx": b"new"})
    with pytest.raises(OptionError, match="toy-3"):
        analyze_files(request("0.wav", journal=journal, resume=True))


def cut_short(asked: AnalysisRequest) -> None:
    with pytest.raises(KeyboardInterrupt):
        analyze_files(asked, deliver=interrupted)
    assert asked.journal is not None
    assert json.loads(asked.journal.read_text().splitlines()[0])["model"] == "toy-3"


def interrupted(answers: object) -> None:
    raise KeyboardInterrupt


def test_without_resume_all_is_heard_anew(folder: Path) -> None:
    journal = folder / "journal"
    cut_short(request("0.wav", journal=journal))
    heard()
    analyze_files(request("0.wav", journal=journal))
    assert heard() == ["0.wav"]


def test_known_answers_are_taken_over_and_those_of_other_files_come_first(folder: Path) -> None:
    Path("old.wav").write_bytes(Path("0.wav").read_bytes())
    known = {each.source: each for each in analyze_files(request("old.wav", "0.wav"))}
    heard()
    answers = analyze_files(request("1.wav", "0.wav", known=known))
    assert [each.source for each in answers] == ["old.wav", "1.wav", "0.wav"]
    assert answers[2] is known["0.wav"]
    assert heard() == ["1.wav"]


def test_adapted_answers_stand_among_each_other(folder: Path) -> None:
    plain = analyze_files(request(*ALL))
    adapted = analyze_files(request(*ALL, adapt=True))
    assert [each.source for each in adapted] == ALL
    assert all(each.model.endswith(f", adapted to {FEWEST} files") for each in adapted)
    assert len({each.overall.emotion for each in adapted}) > 1
    assert len({each.overall.emotion for each in plain}) == 1


def test_what_the_journal_keeps_is_not_adapted_yet(folder: Path) -> None:
    journal = folder / "journal"
    with pytest.raises(KeyboardInterrupt):
        analyze_files(request(*ALL, journal=journal, adapt=True), deliver=interrupted)
    assert "adapted" not in journal.read_text()
    resumed = analyze_files(request(*ALL, journal=journal, adapt=True, resume=True))
    again = analyze_files(request(*ALL, adapt=True))
    for one, other in zip(resumed, again, strict=True):
        assert one.source == other.source
        np.testing.assert_allclose(
            list(one.overall.probabilities.values()),
            list(other.overall.probabilities.values()),
            atol=1e-4,  # a journal keeps six decimals
        )


@pytest.mark.parametrize(
    ("entries", "changes", "message"),
    [
        (ALL, {"explain": True}, "choose explain or adapt"),
        (ALL[:-1], {}, f"takes {FEWEST} files or more, not {FEWEST - 1}"),
        (ALL, {"known": {"0.wav": answer("0.wav", 1.0, 0.5)}}, "weighs all files anew"),
    ],
)
def test_what_cannot_be_adapted_is_refused_at_once(entries, changes, message) -> None:
    with pytest.raises(OptionError, match=message):
        request(*entries, **changes, adapt=True)


def test_too_little_music_to_adapt_is_told_when_it_is_known(folder: Path) -> None:
    missing = tuple(f"none{n}.wav" for n in range(FEWEST))
    with pytest.raises(OptionError, match="0 are here"):
        analyze_files(request(*missing, adapt=True))
