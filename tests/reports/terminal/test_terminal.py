from __future__ import annotations

import io

import pytest
from rich.console import Console

from moodprint.prediction import NO_MUSIC
from moodprint.reports.palette import COLOURS
from moodprint.reports.terminal.terminal import Terminal

COLOURED, PLAIN = Terminal(has_colours=True), Terminal(has_colours=False)


def _console(**options):
    return Console(file=io.StringIO(), **options)


def test_letters_where_there_are_no_colours(timeline):
    assert PLAIN.strip(timeline, 8).plain == "cccf. ?h"
    assert not PLAIN.strip(timeline, 8).spans


def test_blocks_of_colour_where_there_are(timeline):
    drawn = COLOURED.strip(timeline, 8)
    assert drawn.plain == "████. ░█"
    assert [str(span.style).removeprefix("bold ") for span in drawn.spans] == [
        COLOURS["calm"],
        COLOURS["fear"],
        "dim",
        "dim",
        COLOURS["sad"],
        COLOURS["happy"],
    ]


@pytest.mark.parametrize(
    ("console", "coloured"),
    [
        (_console(force_terminal=True, color_system="truecolor"), True),
        (_console(force_terminal=True, color_system="256"), True),
        (_console(force_terminal=True, color_system="truecolor", no_color=True), False),
        (_console(), False),
    ],
)
def test_colours_where_the_console_has_them(console, coloured):
    assert Terminal.for_console(console).has_colours is coloured


def test_no_blocks_for_a_terminal_that_cannot_encode_them():
    ascii_file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = Console(file=ascii_file, force_terminal=True, color_system="standard")
    assert not Terminal.for_console(console).has_colours
    assert PLAIN.legend().plain.isascii()


def test_the_emotion_in_short(timeline):
    assert PLAIN.emotion(timeline.overall).plain == "calm"
    assert PLAIN.emotion(timeline.segments[5].prediction).plain == "sad ?"
    assert PLAIN.emotion(NO_MUSIC).plain == "no music"
    assert PLAIN.answer(timeline.segments[3]).plain == "no music (speech)"


@pytest.mark.parametrize(
    ("duration_s", "pieces", "axis"),
    [
        (60, 40, "0:00      0:15      0:30      0:45"),
        (20, 20, "0:00      0:10"),
        (7200, 40, "0:00      30:00     1:00:00   1:30:00"),
        (0, 40, "0:00"),
        (10, 3, ""),
    ],
)
def test_times_under_the_strip(duration_s, pieces, axis):
    assert PLAIN.axis(duration_s, pieces).plain == axis


def test_the_legend_names_all():
    for terminal in (PLAIN, COLOURED):
        legend = terminal.legend().plain
        assert all(name in legend for name in ("angry", "calm", "fear", "happy", "sad", "unsure"))


def test_a_strip_has_as_many_signs_as_pieces(timeline):
    for terminal in (PLAIN, COLOURED):
        assert [len(terminal.strip(timeline, pieces).plain) for pieces in (1, 7, 60)] == [1, 7, 60]


def test_the_times_of_an_axis_stand_under_their_place(timeline):
    axis = PLAIN.axis(20.0, 40).plain
    assert axis.index("0:05") == 10
    assert axis.index("0:10") == 20
    assert len(axis) <= 40


def test_no_time_has_one_mark(timeline):
    assert PLAIN.axis(0.0, 40).plain == "0:00"
