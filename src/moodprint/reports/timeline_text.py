"""Answers and times in words, said the same way in every report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from moodprint.cells import cells
from moodprint.emotion import Emotion
from moodprint.plain_text import one_line
from moodprint.prediction import UNSURE, Answer, Failure, Prediction, Presence, Segment, Timeline
from moodprint.reports.spans import spans

_SHORTEST_CHANGE_S = 5.0
"""A mood that lasts less than a segment may be a slip."""

_MOST_MOODS = 5
"""More do not fit in a sentence."""

_LEAST_SHARE = 0.05
"""Of the music: less is not worth a word."""

_SURE, _LIKELY = 0.8, 0.6
"""The shares of such answers that were right from which an answer is called so."""

_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000)


def clock(seconds: float, decimals: int = 0) -> str:
    """A time as people read it: ``0:07``, ``4:35``, ``1:02:09``, with decimals ``4:35.3``."""
    hours, minutes, rest, fraction = _on_the_clock(seconds, decimals)
    time = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{time}.{fraction:0{decimals}}" if decimals else time


def stamp(seconds: float, decimal_mark: str) -> str:
    """A time as subtitles write it: ``00:04:35.250``; hours grow past two digits."""
    hours, minutes, rest, thousandths = _on_the_clock(seconds, 3)
    return f"{hours:02}:{minutes:02}:{rest:02}{decimal_mark}{thousandths:03}"


def tick_step_s(duration_s: float, most: int) -> float:
    """How far apart the marks of an axis of time stand so that their times are round and there
    are at most ``most`` of them, beside that at 0."""
    return next(
        (step for step in _TICK_STEPS_S if duration_s / step <= most), _TICK_STEPS_S[-1] * 10
    )


def _on_the_clock(seconds: float, decimals: int) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds and the digits behind the point, rounded before they are parted:
    59.96 s to one decimal are a minute."""
    whole, fraction = divmod(int(seconds * 10**decimals + 0.5), 10**decimals)
    minutes, rest = divmod(whole, 60)
    return *divmod(minutes, 60), rest, fraction


def signed(value: float) -> str:
    """A valence or arousal: ``+0.52``, ``-0.10``; what rounds to nothing is ``+0.00``."""
    return f"{round(value, 2) + 0.0:+.2f}"


def sureness(prediction: Prediction) -> str:
    """How sure an answer is: ``sure``, ``likely``, ``possible``, ``unsure``; '' without music.

    The words go by how often such answers were right. Where that was not measured, the confidence
    stands instead: ``0.71``.
    """
    if prediction.emotion is None:
        return ""
    if prediction.abstained:
        return UNSURE
    if prediction.reliability is None:
        return f"{prediction.confidence:.2f}"
    return _word(prediction.reliability)


def _word(probability: float) -> str:
    if probability >= _SURE:
        return "sure"
    return "likely" if probability >= _LIKELY else "possible"


def prediction_words(
    prediction: Prediction, presence: Presence | None = None, presence_sure: float | None = None
) -> str:
    """``calm (likely)``; ``unsure, perhaps calm``; ``no music (speech)``. See ``sureness``.

    Where the presence is not sure, ``perhaps`` says so: ``no music (perhaps other)``, and of music
    ``calm (likely, if this is music)``.
    """
    in_doubt = presence_sure is not None and presence_sure < _LIKELY
    if prediction.emotion is None:
        return f"no music ({'perhaps ' * in_doubt}{presence})" if presence else "no music"
    if prediction.abstained:
        return f"unsure, perhaps {prediction.emotion}"
    return f"{prediction.emotion} ({sureness(prediction)}{', if this is music' * in_doubt})"


def answer_words(segment: Segment) -> str:
    """What a segment says: its prediction, and how far its music lies under a voice where that is
    why it is unsure: ``unsure, perhaps calm (music 16 dB under a voice)``."""
    said = prediction_words(segment.prediction, segment.presence, segment.presence_confidence)
    below_db = segment.music_below_voice_db
    if below_db is None or not segment.prediction.abstained:
        return said
    return f"{said} (music {below_db:.0f} dB under a voice)"


def segment_words(segment: Segment) -> str:
    """What a segment says on one line, with the known track where one was found."""
    said = answer_words(segment)
    return said if segment.track is None else f"{said} - {one_line(segment.track)}"


def timeline_words(timeline: Timeline) -> str:
    """The answer in a sentence: ``calm (likely: about 6 in 10 such answers are right)``.

    Several moods are told in their order and with their shares of the music's time:
    ``sad 0:00 to 0:16, then happy; sad 47%, happy 53%``. A mood that lasts less than 5 seconds is
    not among them, and no more than five are told.
    """
    overall = timeline.overall
    if overall.emotion is None:
        return timeline.reason or "no music was heard"
    moods = moods_in_order(timeline)
    if len(moods) > 1:
        return f"{_in_order(moods, timeline.duration_s)}; {shares_words(timeline)}"
    answer = prediction_words(overall)
    if not overall.abstained and overall.reliability is not None:
        in_ten = f"about {min(9, round(10 * overall.reliability))} in 10 such answers are right"
        answer = f"{answer[:-1]}: {in_ten})"
    shares = shares_words(timeline)
    return f"{answer}; {shares}" if "," in shares else answer


def totals_words(answers: Sequence[Answer]) -> str:
    """``12 files: 8 answered, 2 unsure, 1 without music, 1 failed``: how many of each there are."""
    kinds = Counter(map(_kind, answers))
    named = (f"{kinds[kind]} {kind}" for kind in _KINDS if kinds[kind])
    return f"{len(answers)} file{'s' if len(answers) != 1 else ''}: {', '.join(named)}"


_KINDS = ("answered", "unsure", "without music", "failed")


def _kind(answer: Answer) -> str:
    """A file of several moods is answered by them, though none stands for its whole."""
    if isinstance(answer, Failure):
        return "failed"
    if answer.overall.emotion is None:
        return "without music"
    is_unsure = answer.overall.abstained and len(moods_in_order(answer)) < 2
    return "unsure" if is_unsure else "answered"


def tracks_words(timeline: Timeline) -> str:
    """The known tracks in a file by the names of their files, each once, in order of time."""
    tracks = dict.fromkeys(s.track for s in timeline.segments if s.track is not None)
    return ", ".join(one_line(PurePath(track).name or track) for track in tracks)


def shares_words(timeline: Timeline) -> str:
    """``sad 47%, happy 53%``: the moods in order of time, then what is unsure, if not tiny."""
    shares = {name: share for name, share in timeline.shares.items() if share >= _LEAST_SHARE}
    order = dict.fromkeys(str(segment.prediction.emotion) for segment in timeline.segments)
    named = [name for name in (*order, UNSURE) if name in shares]
    return ", ".join(f"{name} {shares[name]:.0%}" for name in named)


@dataclass(frozen=True)
class Mood:
    """A stretch of time of one emotion, in seconds; what lasts too short or is unsure may lie in
    it."""

    emotion: Emotion
    start_s: float
    end_s: float


def moods_in_order(timeline: Timeline) -> list[Mood]:
    """The emotions that are credible for 5 seconds or more, in order of time; no two alike in a
    row."""
    moods: list[Mood] = []
    for span in spans(timeline.segments):
        answer = span.prediction
        lasts = span.end_s - span.start_s >= _SHORTEST_CHANGE_S
        if answer.emotion is None or answer.abstained or not lasts:
            continue
        if moods and moods[-1].emotion == answer.emotion:
            moods[-1] = replace(moods[-1], end_s=span.end_s)
        else:
            moods.append(Mood(answer.emotion, span.start_s, span.end_s))
    return moods


def _in_order(moods: Sequence[Mood], duration_s: float) -> str:
    """``sad 0:00 to 0:16, then happy``: one that lasts to the end needs no times but a gap's."""
    parts = []
    for mood, before in zip(moods, [None, *moods], strict=False):
        times = f"{clock(mood.start_s)} to {clock(mood.end_s)}"
        if before is not None and duration_s - mood.end_s < _SHORTEST_CHANGE_S:
            follows = mood.start_s - before.end_s < _SHORTEST_CHANGE_S
            times = "" if follows else f"from {clock(mood.start_s)}"
        parts.append(f"{mood.emotion} {times}".strip())
    more = len(parts) - _MOST_MOODS
    rest = f", and {more} more change{'s' if more > 1 else ''}" if more > 0 else ""
    return ", then ".join(parts[:_MOST_MOODS]) + rest


def presence_sureness(timeline: Timeline) -> str:
    """How sure it is what was heard, in a word: ``sure``, ``likely`` or ``possible``; '' where that
    is not known. It goes by the mean over time."""
    sure = [
        (cell.presence_confidence, cell.end_s - cell.start_s)
        for cell in cells(timeline.segments)
        if cell.presence_confidence is not None
    ]
    total_s = sum(length_s for _, length_s in sure)
    if not total_s:
        return ""
    return _word(sum(value * length_s for value, length_s in sure) / total_s)


def presence_shares(timeline: Timeline) -> dict[Presence, float]:
    """The share of the heard time that is music, speech, silence, other; sums to 1, or all 0."""
    held = dict.fromkeys(Presence, 0.0)
    for cell in cells(timeline.segments):
        held[cell.presence] += cell.end_s - cell.start_s
    total = sum(held.values())
    return {presence: seconds / total if total else 0.0 for presence, seconds in held.items()}
