"""What is said of all files together: shares, passages, tracks, CSV."""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.prediction import UNSURE, Failure, Presence, Segment, Timeline
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.recognition.sharing import Sharing
from moodprint.reports.html.overview import MOST_PASSAGES, Overview, overview_csv
from moodprint.reports.html.preview import Preview
from moodprint.reports.html.sections import Section


def sections_of(*timelines):
    return [
        Section(f"file-{number}", timeline, Preview(None), None)
        for number, timeline in enumerate(timelines, 1)
    ]


@pytest.fixture
def film(make_answer):
    def made(source: str, *moods: tuple[float, float, Emotion, float], track=None) -> Timeline:
        segments = tuple(
            Segment(start_s, end_s, Presence.MUSIC, make_answer(emotion, p), track=track)
            for start_s, end_s, emotion, p in moods
        )
        return Timeline(source, moods[-1][1], segments[0].prediction, segments, "ear")

    return made


def test_moods_are_told_by_time_and_not_by_files(film):
    long = film("long", (0, 90, Emotion.FEAR, 0.8))
    short = film("short", (0, 10, Emotion.HAPPY, 0.8))
    shares = Overview(sections_of(long, short), []).moods
    assert [(share.name, share.seconds) for share in shares] == [("fear", 90), ("happy", 10)]
    assert [share.words for share in shares] == ["fear 90% (1:30)", "happy 10% (0:10)"]


def test_unsure_comes_last_and_presence_is_told_of_all_time(timeline):
    overview = Overview(sections_of(timeline), [])
    assert overview.moods[-1].name == UNSURE
    assert overview.moods[-1].colour is None
    assert [share.name for share in overview.presences] == ["music", "speech", "silence"]
    assert sum(share.seconds for share in overview.presences) == pytest.approx(20)


def test_files_are_counted_by_what_became_of_them(timeline, speech_timeline, make_answer):
    unsure = replace(timeline, overall=make_answer(Emotion.SAD, 0.3, abstained=True))
    overview = Overview(
        sections_of(timeline, timeline, speech_timeline, unsure), [Failure("x", "x: bad")]
    )
    assert overview.counts == [("answered", 2), ("unsure", 1), ("no music", 1), ("failed", 1)]
    assert Overview([], []).counts == []


def test_the_strongest_passages_come_first_one_a_file(film):
    films = [
        film("a", (0, 10, Emotion.FEAR, 0.6), (10, 20, Emotion.SAD, 0.7)),
        film("b", (0, 10, Emotion.FEAR, 0.9), (10, 14, Emotion.ANGRY, 0.99)),
        film(
            "c",
            (0, 10, Emotion.FEAR, 0.7),
            (10, 20, Emotion.CALM, 0.5),
            (20, 30, Emotion.FEAR, 0.8),
        ),
        film("d", (0, 10, Emotion.FEAR, 0.5)),
    ]
    titles = {title: found for title, _, found in Overview(sections_of(*films), []).passages}
    assert list(titles) == ["Most fearful", "Saddest", "Calmest"], "4 s of anger are too short"
    fearful = titles["Most fearful"]
    assert len(fearful) == MOST_PASSAGES
    assert [each.section.name for each in fearful] == ["b", "c", "a"]
    assert [each.probability for each in fearful] == pytest.approx([0.9, 0.8, 0.6])
    assert fearful[1].stretch.start_s == 20


def test_what_is_unsure_is_no_passage(make_answer):
    segment = Segment(0, 20, Presence.MUSIC, make_answer(Emotion.FEAR, 0.9, abstained=True))
    timeline = Timeline("a", 20, segment.prediction, (segment,), "ear")
    assert Overview(sections_of(timeline), []).passages == []


def test_known_tracks_in_two_files_are_told_without_being_asked(film):
    one = film("x/a.mp4", (0, 10, Emotion.FEAR, 0.6), track="songs/rain.flac")
    other = film("x/b.mp4", (0, 8, Emotion.SAD, 0.6), track="songs/rain.flac")
    alone = film("x/c.mp4", (0, 8, Emotion.SAD, 0.6), track="songs/sun.flac")
    [track] = Overview(sections_of(one, other, alone), []).tracks
    assert (track["name"], track["files"], track["length"]) == ("rain.flac", 2, "0:10")
    assert [(use["id"], use["name"], use["times"]) for use in track["uses"]] == [
        ("file-1", "a.mp4", "0:00-0:10"),
        ("file-2", "b.mp4", "0:00-0:08"),
    ]


def test_what_was_found_by_sharing_is_told_with_links_to_files_that_are_here(film):
    track = SharedTrack("track A", (TrackUse("a", 1, 9), TrackUse("gone", 0, 8)))
    sections = sections_of(film("a", (0, 10, Emotion.FEAR, 0.6)))
    [told] = Overview(sections, [], Sharing((track,), ())).tracks
    assert [use["id"] for use in told["uses"]] == ["file-1", None]


def test_the_csv_has_a_row_a_file_and_runs_nothing(timeline, speech_timeline):
    evil = replace(timeline, source="=cmd|' /C calc'!A0.mp3")
    sections = sections_of(timeline, speech_timeline, evil)
    failures = [Failure("bad.mp3", "=1+1: is no audio")]
    url = Overview(sections, failures).csv_url
    data = base64.b64decode(url.split(",")[1])
    assert data == overview_csv(sections, failures)
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert [row["answer"] for row in rows] == ["calm", "no music", "calm", "failed"]
    assert float(rows[0]["share_calm"]) == pytest.approx(timeline.shares["calm"], abs=1e-4)
    assert rows[1]["valence"] == ""
    assert not rows[3]["error"].startswith("=")
    assert not rows[2]["file"].startswith("=")


@given(data=st.data())
def test_any_answers_have_an_overview(any_results, data):
    answers = data.draw(any_results)
    timelines = [answer for answer in answers if isinstance(answer, Timeline)]
    overview = Overview(sections_of(*timelines), [])
    for shares in (overview.moods, overview.presences):
        assert sum(share.share for share in shares) == pytest.approx(1 if shares else 0)
    assert all(len(found) <= MOST_PASSAGES for _, _, found in overview.passages)
    assert len(overview_csv(overview.sections, []).decode().splitlines()) >= len(timelines) + 1
