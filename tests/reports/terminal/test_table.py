from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from moodprint.emotion import Emotion
from moodprint.reports.terminal.table import show, usual_console


@pytest.fixture(scope="session")
def timeline(timeline):
    """Without a known track, which is told apart: see below."""
    segments = tuple(replace(segment, track=None) for segment in timeline.segments)
    return replace(timeline, segments=segments)


def _shown(results, **options):
    console = Console(file=io.StringIO(), **{"width": 100, **options})
    show(results, console)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_row_a_file_then_what_went_wrong(timeline, speech_timeline, failure):
    lines = _shown([timeline, speech_timeline, failure])
    assert lines[0].split() == ["file", "emotion", "how", "sure", "length", "over", "time"]
    assert lines[1].split()[:4] == ["songs/one.mp3", "calm", "0.66", "0:20"]
    assert lines[2].split()[:4] == ["talk.wav", "no", "music", "0:10"]
    assert lines[3].split() == ["bad.mp3", "failed"]
    assert lines[4].startswith("a angry  c calm")
    assert lines[5:7] == ["talk.wav: no music was heard", failure.error]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
def test_it_keeps_to_the_width(width, timeline, speech_timeline):
    long = replace(timeline, source="a/very/long/way/to/the/song/" * 3 + "name-that-counts.mp3")
    lines = _shown([long, replace(speech_timeline, reason=None)], width=width)
    assert max(map(cell_len, lines)) <= max(width, 32)
    if width >= 60:
        assert "a/very" in lines[1]
        assert "…" in lines[1]
        assert "counts.mp3" in lines[1]


def test_wide_terminals_get_the_plane_and_what_was_heard(timeline):
    lines = _shown([timeline, timeline], width=160)
    assert "+0.50    -0.60" in lines[1]
    assert "music 75%, speech 12%, silence 12%" in lines[1]


def test_narrow_terminals_get_no_strip_and_no_legend(timeline):
    lines = _shown([timeline, timeline], width=50)
    assert lines[0].split() == ["file", "emotion", "how", "sure"]
    assert len(lines) == 4


def test_one_file_comes_in_detail(timeline):
    assert _shown([timeline])[1].startswith("calm (0.66); calm 42%")


def test_warnings_are_told_on_one_line(timeline):
    warned = replace(timeline, warnings=("cut\noff " + "x" * 200,))
    assert _shown([warned])[-1] == f"songs/one.mp3: warning: cut off {'x' * 200}"


def test_wide_characters_and_markup_in_names(timeline):
    odd = replace(timeline, source="[bold]" + "音楽" * 40 + ".mp3")
    lines = _shown([odd, odd], width=80)
    assert all(cell_len(line) <= 80 for line in lines)
    assert "音楽.mp3" in lines[1]


def test_colours_reach_the_terminal(timeline):
    shown = _shown([timeline, timeline], force_terminal=True, color_system="truecolor")
    assert "38;2;13;123;114" in shown[1]
    plain = _shown([timeline, timeline], force_terminal=True, no_color=True)
    assert "38;2" not in "".join(plain)


def test_nothing_to_show():
    assert _shown([]) == []


def test_a_pipe_has_room(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert usual_console().width == 120
    monkeypatch.setenv("COLUMNS", "77")
    assert usual_console().width == 77


def test_explained_files_get_a_line_each(explained_timeline, timeline):
    lines = _shown([explained_timeline, timeline], width=120)
    said = "songs/one.mp3: why calm: the cues point elsewhere (slow (62 bpm), A minor)"
    assert lines[-2] == said
    assert sum("why" in line for line in lines) == 1


def test_answers_that_abstain_have_a_question_mark(timeline, make_answer):
    unsure = replace(timeline, overall=make_answer(Emotion.SAD, 0.3, abstained=True))
    assert _shown([unsure, timeline])[1].split()[:4] == ["songs/one.mp3", "sad", "?", "unsure"]


def test_failures_alone_are_a_line_each_without_a_table(failure):
    lines = _shown([failure, failure])
    assert lines[:2] == [failure.error] * 2
    assert lines[2] == "2 files: 2 failed"


def test_a_single_failure_has_no_detail_to_show(failure):
    assert _shown([failure]) == [failure.error]


def test_errors_do_not_steer_the_terminal(failure):
    hostile = replace(failure, source="a\x1b[2J.mp3", error="a\x1b[2J.mp3: is empty")
    assert not any("\x1b" in line for line in _shown([hostile, hostile]))


@pytest.mark.parametrize("width", [20, 59, 60, 69, 70, 119, 120, 149, 150])
def test_columns_come_with_the_room_for_them(width, timeline):
    head = _shown([timeline, timeline], width=width)[0]
    assert ("length" in head) == (width >= 60)
    assert ("over time" in head) == (width >= 70)
    assert ("valence  arousal" in head) == (width >= 120)
    assert ("heard" in head) == (width >= 150)


def test_a_file_of_several_moods_is_told_by_them(timeline, make_music):
    turns = (Emotion.SAD, Emotion.HAPPY, Emotion.FEAR)
    segments = tuple(make_music(20.0 * n, 20.0 * n + 20, e) for n, e in enumerate(turns))
    two, three = (replace(timeline, segments=segments[:count]) for count in (2, 3))
    first, second = _shown([two, three])[1:3]
    assert first.split()[:4] == ["songs/one.mp3", "sad,", "happy", "changes"]
    assert second.split()[:5] == ["songs/one.mp3", "sad,", "happy", "...", "changes"]


def test_how_sure_is_told_by_how_often_such_answers_are_right(timeline, make_answer):
    likely = replace(timeline, overall=replace(make_answer(Emotion.SAD), reliability=0.7))
    assert _shown([likely, timeline])[1].split()[:3] == ["songs/one.mp3", "sad", "likely"]


def test_known_tracks_have_a_column_where_there_is_room_and_a_line_elsewhere(timeline):
    segments = [replace(each, track="archive/Theme One.flac") for each in timeline.segments]
    known = replace(timeline, segments=tuple(segments))
    wide = _shown([known, replace(timeline, segments=timeline.segments[:3])], width=120)
    assert wide[0].split()[-2:] == ["known", "tracks"]
    assert wide[1].rstrip().endswith("Theme One.flac")
    narrow = _shown([known, timeline], width=60)
    assert "songs/one.mp3: known tracks: Theme One.flac" in narrow


def test_the_last_line_counts_what_came_of_all(timeline, speech_timeline, failure, make_answer):
    unsure = replace(timeline, segments=(), overall=make_answer(Emotion.SAD, 0.3, abstained=True))
    answers = [timeline, timeline, unsure, speech_timeline, failure]
    assert _shown(answers)[-1] == "5 files: 2 answered, 1 unsure, 1 without music, 1 failed"
    assert "1 file" not in _shown([timeline])[-1]
