from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from moodprint.emotion import Emotion
from moodprint.reports.terminal.details import details
from moodprint.reports.terminal.terminal import Terminal


def _printed(timeline, width=100):
    console = Console(file=io.StringIO(), width=width)
    console.print(details(timeline, width, Terminal(has_colours=False)))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_answer_numbers_strip_axis_and_stretches(timeline):
    lines = _printed(timeline)
    assert lines[:5] == [
        "songs/one.mp3  0:20  ear 1",
        "calm (0.66); calm 42%, fear 17%, happy 25%, unsure 17%",
        "valence +0.50, arousal -0.60 (each from -1 to 1)",
        "calm 0.66, angry 0.08, fear 0.08, happy 0.08, sad 0.08",
        "heard: music 75%, speech 12%, silence 12%",
    ]
    assert lines[6].startswith("ccccccc")
    assert "f" in lines[6]
    assert lines[7].startswith("0:00")
    assert lines[10] == "0:00-0:06  calm (0.72)          valence +0.50  arousal -0.60"
    assert "0:09-0:11  no music (speech)" in lines
    assert lines[-1].endswith("A & B <Theme> --> C")


def test_a_file_without_music(speech_timeline):
    lines = _printed(speech_timeline)
    assert lines[1:3] == ["no music was heard", "heard: speech 100%"]


def test_it_fits_a_narrow_terminal(timeline):
    assert max(map(len, _printed(timeline, 40))) <= 40


def test_a_name_with_markup_and_escapes_is_printed_as_it_is(timeline):
    odd = replace(timeline, source="[red]a[/red]\x1b[2J.mp3")
    assert _printed(odd)[0].startswith("[red]a[/red]\\x1b[2J.mp3")


def test_many_stretches_end_in_a_count(timeline, make_music):
    turns = (Emotion.CALM, Emotion.SAD) * 40
    segments = tuple(make_music(5.0 * n, 5.0 * n + 5, e) for n, e in enumerate(turns))
    lines = _printed(replace(timeline, duration_s=400.0, segments=segments))
    assert lines[-1].startswith("... and 20 more stretches")


def test_an_empty_timeline(timeline):
    assert _printed(replace(timeline, duration_s=0.0, segments=()))[1] == "calm (0.66)"


def test_an_explained_file_says_why_for_the_whole_and_each_stretch(explained_timeline):
    lines = _printed(explained_timeline, width=140)
    assert lines[5] == "why calm: the cues point elsewhere (slow (62 bpm), A minor)"
    assert lines[6] == "(such cues say what the network says of 64% of other music)"
    stretches = [line for line in lines if "valence" in line][1:]
    assert "slow (60 bpm); against it: A minor" in stretches[0]
    assert len(stretches) == 4
    assert not any("slow" in line for line in lines if "no music" in line)


def test_a_narrow_terminal_gives_the_reasons_the_room_of_the_plane(explained_timeline):
    lines = _printed(explained_timeline, width=80)
    assert max(map(len, lines)) <= 80
    assert sum("valence" in line for line in lines) == 1
    assert any("slow (60 bpm)" in line for line in lines)


def test_why_an_answer_is_unsure_is_said(timeline, make_answer):
    unsure = replace(
        timeline,
        overall=make_answer(Emotion.SAD, 0.3, abstained=True),
        reason="no emotion stands out: the likeliest, sad, has 0.30, and 0.32 is needed",
    )
    lines = _printed(unsure)
    assert lines[1].startswith("unsure, perhaps sad; ")
    assert unsure.reason in lines


def test_letters_stand_for_colours_and_are_explained(timeline):
    lines = _printed(timeline)
    [legend] = [line for line in lines if "angry" in line and "unsure" in line]
    assert legend.startswith("a angry  c calm  f fear  h happy  s sad")
