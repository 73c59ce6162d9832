"""One file in detail: the answer in words, its strip over a time axis, and its stretches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from rich.console import Group
from rich.table import Table
from rich.text import Text

from moodprint.plain_text import one_line
from moodprint.prediction import Segment, Timeline
from moodprint.reports.explanation_text import explanation_words
from moodprint.reports.spans import spans
from moodprint.reports.terminal.terminal import Terminal
from moodprint.reports.timeline_text import (
    clock,
    moods_in_order,
    presence_shares,
    presence_sureness,
    signed,
    timeline_words,
)

_MOST_STRETCHES = 60
_WIDEST_STRIP = 100
_WIDTH_FOR_A_PLANE, _WIDTH_FOR_ALL = 60, 110


def details(timeline: Timeline, width: int, terminal: Terminal) -> Group:
    """All there is to say of one file, for a terminal ``width`` signs wide."""
    pieces = max(1, min(width, _WIDEST_STRIP))
    title = Text(one_line(timeline.source), "bold" if terminal.has_colours else "")
    return Group(
        title.append(f"  {clock(timeline.duration_s)}  {one_line(timeline.model)}", "not bold"),
        Text(timeline_words(timeline)),
        *(Text(line) for line in _numbers(timeline)),
        *(Text(line) for line in (*_tags(timeline), *_why(timeline))),
        Text(),
        terminal.strip(timeline, pieces),
        terminal.axis(timeline.duration_s, pieces),
        terminal.legend(),
        Text(),
        _stretches(timeline, width, terminal),
        *_left_out(timeline),
    )


def _numbers(timeline: Timeline) -> Iterator[str]:
    overall = timeline.overall
    if overall.valence is not None and overall.arousal is not None:
        plane = f"valence {signed(overall.valence)}, arousal {signed(overall.arousal)}"
        yield f"{plane} (each from -1 to 1)"
    if overall.emotion is not None:
        ranked = sorted(overall.probabilities.items(), key=lambda item: -item[1])
        yield ", ".join(f"{emotion} {probability:.2f}" for emotion, probability in ranked)
        if timeline.reason and len(moods_in_order(timeline)) < 2:  # several: the sentence says so
            yield one_line(timeline.reason)
    shares = presence_shares(timeline)
    presence = ", ".join(f"{name} {share:.0%}" for name, share in shares.items() if share)
    if presence:
        sure = presence_sureness(timeline)
        yield f"heard: {presence}" + (f" ({sure})" if sure else "")


def _tags(timeline: Timeline) -> Iterator[str]:
    if timeline.tags is not None and str(timeline.tags):
        yield f"the file: {timeline.tags}"


def _why(timeline: Timeline) -> Iterator[str]:
    why, emotion = timeline.explanation, timeline.overall.emotion
    if why is None or emotion is None:
        return
    yield f"why {emotion}: {explanation_words(why, emotion)}"
    if why.agreement is not None:
        yield f"(such cues say what the network says of {why.agreement:.0%} of other music)"


def _stretches(timeline: Timeline, width: int, terminal: Terminal) -> Table:
    """A row a stretch: from, to, what, where it lies on the plane, and why."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    explained = any(segment.explanation for segment in timeline.segments)
    for span in spans(timeline.segments)[:_MOST_STRETCHES]:
        times = Text(f"{clock(span.start_s)}-{clock(span.end_s)}", justify="right")
        row = [times, terminal.answer(span)]
        if width >= (_WIDTH_FOR_ALL if explained else _WIDTH_FOR_A_PLANE):
            row.append(Text(_plane(span)))
        if span.explanation is not None and span.prediction.emotion is not None:
            row.append(Text(explanation_words(span.explanation, span.prediction.emotion)))
        elif explained:
            row.append(Text())
        row.append(Text(one_line(PurePath(span.track or "").name)))
        grid.add_row(*row)
    return grid


def _plane(span: Segment) -> str:
    valence, arousal = span.prediction.valence, span.prediction.arousal
    if valence is None or arousal is None:
        return ""
    return f"valence {signed(valence)}  arousal {signed(arousal)}"


def _left_out(timeline: Timeline) -> Iterator[Text]:
    count = len(spans(timeline.segments)) - _MOST_STRETCHES
    if count > 0:
        yield Text(f"... and {count} more stretches: --format json or --report shows all")
