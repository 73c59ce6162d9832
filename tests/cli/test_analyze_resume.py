"""`moodprint analyze --resume`: what is taken over, what is analysed anew, what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

JOURNAL = Path(".out.json.moodprint.partial")


def analysed() -> list[str]:
    notes = Path(os.environ["MOODPRINT_TEST_NOTES"])
    lines = notes.read_text().splitlines() if notes.exists() else []
    notes.unlink(missing_ok=True)
    return sorted(lines)


def output() -> list[dict]:
    return json.loads(Path("out.json").read_bytes())


def test_resume_hears_what_is_new_only(analyze) -> None:
    analyze("songs/a.wav", "songs/b.flac", "-o", "out.json")
    analysed()
    status, _, _ = analyze("songs", "-o", "out.json", "--resume")
    assert status == 0
    assert analysed() == ["songs/c.ogg"]
    resumed = Path("out.json").read_bytes()
    analyze("songs", "-o", "whole.json")
    assert resumed == Path("whole.json").read_bytes()


def test_resume_keeps_what_is_not_named_now(analyze) -> None:
    analyze("songs/a.wav", "-o", "out.json")
    analyze("songs/c.ogg", "-o", "out.json", "--resume")
    sources = [result["source"] for result in json.loads(Path("out.json").read_bytes())]
    assert sources == ["songs/a.wav", "songs/c.ogg"]


def test_resume_tries_failed_files_again(analyze) -> None:
    analyze("songs/a.wav", "later.wav", "-o", "out.json")
    Path("later.wav").write_bytes(Path("songs/a.wav").read_bytes())
    status, _, _ = analyze("songs/a.wav", "later.wav", "-o", "out.json", "--resume")
    assert status == 0
    assert [r["source"] for r in json.loads(Path("out.json").read_bytes())] == [
        *("songs/a.wav", "later.wav"),
    ]


def test_resume_refuses_an_output_that_is_something_else(analyze) -> None:
    Path("out.json").write_text('{"precious": 1}')
    status, _, err = analyze("songs", "-o", "out.json", "--resume")
    assert status == 1
    assert len(err.splitlines()) == 1
    assert Path("out.json").read_text() == '{"precious": 1}'


SLOW = """
import sys
sys.path[:0] = {paths!r}
from fake_analysis import SlowAnalysis
from moodprint.cli.app import main
from moodprint.recognition import run

if __name__ == "__main__":
    run.FileAnalysis = SlowAnalysis
    run.accept = lambda bundle: None
    main(sys.argv[1:])
"""


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_loses_only_the_files_in_flight(analyze, blow: signal.Signals) -> None:
    for number in range(12):
        Path(f"songs/{number:02}.wav").write_bytes(Path("songs/a.wav").read_bytes())
    Path("slow.py").write_text(SLOW.format(paths=sys.path))
    words = ["analyze", "songs", "-o", "out.json", "--workers", "1", "--model", "model"]
    with subprocess.Popen([sys.executable, "slow.py", *words], stderr=subprocess.PIPE) as run:
        end_s = time.monotonic() + 60
        while not JOURNAL.exists() or JOURNAL.read_bytes().count(b"\n") < 5:
            assert time.monotonic() < end_s
            time.sleep(0.01)
        run.send_signal(blow)
        assert b"Traceback" not in run.stderr.read()
    assert not Path("out.json").exists()
    done = JOURNAL.read_bytes().count(b"\n") - 1
    lost = len(analysed()) - done
    assert lost <= 1, "one worker has one file in flight"
    assert analyze("songs", "-o", "out.json", "--resume")[0] == 0
    assert len(analysed()) == 15 - done
    assert not JOURNAL.exists()
    analyze("songs", "-o", "whole.json")
    assert Path("out.json").read_bytes() == Path("whole.json").read_bytes()


def test_a_file_that_was_replaced_is_analysed_anew(analyze) -> None:
    analyze("songs", "-o", "out.json")
    before = output()
    Path("songs/a.wav").write_bytes(Path("songs/a.wav").read_bytes()[:-400])
    analysed()
    analyze("songs", "-o", "out.json", "--resume")
    assert analysed() == ["songs/a.wav"]
    assert output()[0]["duration_s"] < before[0]["duration_s"]
    assert output()[1:] == before[1:]


def test_a_file_of_the_same_size_is_told_by_its_time(analyze) -> None:
    analyze("songs", "-o", "out.json")
    analysed()
    os.utime("songs/b.flac", ns=(1, 1))
    analyze("songs", "-o", "out.json", "--resume")
    assert analysed() == ["songs/b.flac"]


def test_the_answer_for_a_file_that_is_gone_stays(analyze) -> None:
    analyze("songs/a.wav", "-o", "out.json")
    Path("songs/a.wav").unlink()
    assert analyze("songs/a.wav", "songs/b.flac", "-o", "out.json", "--resume")[0] == 0
    assert [each["source"] for each in output()] == ["songs/a.wav", "songs/b.flac"]


OTHERS = [
    (["--hop", "1"], "hop_s was 2.5 and is 1.0 now"),
    (["--segment", "3"], "segment_s was 5.0 and is 3.0 now"),
    (["--explain"], "explain was False and is True now"),
    (["--track", "1"], "track was None and is 1 now"),
    (["--longest", "60"], "longest_s was 86400.0 and is 60.0 now"),
    (["--index", "known"], "index was None and is known now"),
    (["--model", "ear"], "model was toy-3 and is ear"),
]


@pytest.mark.parametrize(("words", "difference"), OTHERS)
def test_a_finished_output_of_other_options_is_refused(analyze, words, difference) -> None:
    analyze("songs", "-o", "out.json")
    before = Path("out.json").read_bytes()
    status, _, err = analyze("songs", "-o", "out.json", "--resume", *words)
    assert status == 2
    assert len(err.splitlines()) == 1
    assert difference in err
    assert "name a new output" in err
    assert Path("out.json").read_bytes() == before
    assert not JOURNAL.exists()


def test_answers_that_do_not_say_how_they_were_made_are_refused(analyze) -> None:
    analyze("songs", "-o", "out.json")
    answers = output()
    del answers[1]["origin"]
    Path("out.json").write_text(json.dumps(answers))
    status, _, err = analyze("songs", "-o", "out.json", "--resume")
    assert status == 2
    assert "songs/b.flac does not say with which options" in err


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("others", [[], ["songs"]])
def test_a_file_that_ends_its_process_is_tried_twice(analyze, others, workers) -> None:
    Path("segfault.wav").write_bytes(Path("songs/a.wav").read_bytes())
    words = [*others, "segfault.wav", "-o", "out.json", "--workers", workers]
    for ends, hint in ((1, False), (2, True), (2, True)):
        status, _, err = analyze(*words, "--resume")
        assert status == 1
        assert len(err.splitlines()) == 1
        assert "segfault.wav: the process at work on it was killed (SIGSEGV" in err
        assert ("touch the file" in err) is hint
        assert output()[-1]["process_ends"] == ends
    assert Path("tries").read_text().count("segfault.wav") == 2
    os.utime("segfault.wav", ns=(1, 1))
    analyze(*words, "--resume")
    assert Path("tries").read_text().count("segfault.wav") == 3
    assert output()[-1]["process_ends"] == 1, "it is another file now"
    analyze(*words)
    assert Path("tries").read_text().count("segfault.wav") == 4


def test_what_ended_its_process_in_a_run_cut_short_is_counted(analyze) -> None:
    Path("segfault.wav").write_bytes(Path("songs/a.wav").read_bytes())
    analyze("segfault.wav", "-o", "out.json")
    [failure] = output()
    head = {"moodprint_journal": 1, **failure["origin"]["options"]}
    Path("out.json").unlink()
    lines = [json.dumps(each) for each in (head, failure)]
    JOURNAL.write_text("".join(f"{line}\n" for line in lines))
    _, _, err = analyze("segfault.wav", "-o", "out.json", "--resume")
    assert "2 times" in err
    assert not JOURNAL.exists()


@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_a_users_own_file_in_the_way_of_the_journal_is_left(analyze, resume) -> None:
    JOURNAL.write_text("my notes\n")
    status, _, err = analyze("songs", "-o", "out.json", *resume)
    assert status == 2
    assert "is in the way, and is no journal" in err
    assert JOURNAL.read_text() == "my notes\n"


@pytest.mark.parametrize("name", ["out.json.partial", "out.json.partial.new"])
def test_files_beside_the_output_are_the_users(analyze, name) -> None:
    Path(name).write_text("my notes")
    assert analyze("songs", "-o", "out.json")[0] == 0
    assert Path(name).read_text() == "my notes"


def test_a_link_in_the_place_of_the_journal_is_not_followed(analyze) -> None:
    Path("victim").write_text("precious")
    JOURNAL.symlink_to("victim")
    status, _, err = analyze("songs", "-o", "out.json")
    assert status == 1
    assert "cannot be written" in err
    assert Path("victim").read_text() == "precious"


def test_a_run_without_explanations_is_not_taken_up_with_them(analyze) -> None:
    JOURNAL.write_text('{"moodprint_journal": 1, "hop_s": 2.5}\n')
    status, _, err = analyze("songs", "-o", "out.json", "--resume", "--explain")
    assert status == 2
    assert "had other options" in err


def test_a_second_run_on_one_output_is_told(analyze) -> None:
    Path("slow.py").write_text(SLOW.format(paths=sys.path))
    for number in range(12):
        Path(f"songs/{number:02}.wav").write_bytes(Path("songs/a.wav").read_bytes())
    words = ["analyze", "songs", "-o", "out.json", "--workers", "1", "--model", "model"]
    with subprocess.Popen([sys.executable, "slow.py", *words]) as first:
        end_s = time.monotonic() + 60
        while not JOURNAL.exists() or JOURNAL.read_bytes().count(b"\n") < 2:
            assert time.monotonic() < end_s
            time.sleep(0.01)
        status, _, err = analyze("songs/a.wav", "-o", "out.json")
        assert status == 1
        assert len(err.splitlines()) == 1
        assert "another run" in err
        assert first.wait(60) == 0
    assert len(output()) == 15
    assert analyze("songs/a.wav", "-o", "out.json")[0] == 0
