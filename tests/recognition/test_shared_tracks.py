"""Stretches that pairs of files share become tracks with names and uses."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from moodprint.fingerprint import Match, QueryAnswer, SharedMusic
from moodprint.prediction import Presence
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse, shared_tracks


def pair(
    first: str, second: str, first_s: float, second_s: float, length_s: float, speed: float = 1.0
) -> tuple[SharedMusic, Presence]:
    found = SharedMusic(first, second, first_s, second_s, length_s, speed, 0.0, 50.0)
    return found, Presence.MUSIC


def known(file: str, track: str, start_s: float, length_s: float, score: float = 40) -> QueryAnswer:
    return QueryAnswer(file, (Match(track, 0.0, start_s, length_s, 1.0, 0.0, score),))


def test_pairs_over_one_place_are_one_track_in_all_their_files() -> None:
    (track,) = shared_tracks([pair("a", "b", 10, 0, 12), pair("c", "b", 5, 0.5, 11)])
    assert (track.name, track.known) == ("track A", False)
    assert track.files == ("a", "b", "c")
    assert track.uses == (TrackUse("a", 10, 22), TrackUse("b", 0, 12), TrackUse("c", 5, 16))
    assert track.duration_s == 12


def test_two_tracks_after_each_other_stay_two() -> None:
    """Their ends scatter: they overlap by a second."""
    first, second = shared_tracks([pair("a", "b", 0, 0, 11), pair("a", "c", 10, 0, 20)])
    assert (first.name, first.files) == ("track A", ("a", "c"))
    assert (second.name, second.files) == ("track B", ("a", "b"))


def test_a_known_track_joins_files_that_were_not_found_beside_each_other() -> None:
    answers = [known("a", "songs/rain.flac", 3, 20), known("b", "songs/rain.flac", 8, 15)]
    (track,) = shared_tracks([], answers)
    assert (track.name, track.known, track.files) == ("songs/rain.flac", True, ("a", "b"))


def test_a_stretch_of_a_known_track_takes_its_name() -> None:
    (track,) = shared_tracks([pair("a", "b", 10, 0, 12)], [known("b", "rain", 0.3, 11)])
    assert (track.name, track.known, track.files) == ("rain", True, ("a", "b"))


def test_of_two_names_for_one_track_that_with_more_evidence_stands() -> None:
    answers = [known("b", "rain", 0, 12, 30), known("a", "copy of rain", 10, 12, 90)]
    (track,) = shared_tracks([pair("a", "b", 10, 0, 12)], answers)
    assert track.name == "copy of rain"


def test_a_known_track_in_one_file_is_not_shared() -> None:
    assert shared_tracks([], [known("a", "rain", 0, 20), QueryAnswer("b")]) == ()
    assert shared_tracks([]) == ()


def test_most_files_come_first_and_names_follow() -> None:
    stretches = [
        pair("a", "b", 0, 0, 60),
        *(pair("c", file, 0, 100, 8) for file in "ab"),
    ]
    tracks = shared_tracks(stretches)
    assert [(track.name, len(track.files)) for track in tracks] == [("track A", 3), ("track B", 2)]


def test_the_second_file_is_told_on_its_own_clock() -> None:
    (track,) = shared_tracks([pair("a", "b", 0, 5, 10, speed=1.1)])
    assert track.uses[1] == TrackUse("b", 5, 16)


def test_other_sound_is_told_as_such() -> None:
    found, _ = pair("a", "b", 0, 0, 10)
    (track,) = shared_tracks([(found, Presence.OTHER)])
    assert track.presence is Presence.OTHER


def test_names_go_on_behind_z() -> None:
    stretches = [pair(f"{n}", f"{n}b", 0, 0, 100 - n) for n in range(28)]
    assert [track.name for track in shared_tracks(stretches)][25:] == [
        "track Z",
        "track AA",
        "track AB",
    ]


def test_it_goes_into_json() -> None:
    track = SharedTrack("track A", (TrackUse("a", 0.12345, 2), TrackUse("b", 1, 3)))
    told = json.loads(json.dumps(track.to_dict()))
    assert told["uses"][0] == {"file": "a", "start_s": 0.123, "end_s": 2}
    assert told["files"] == ["a", "b"]


edges = st.tuples(
    st.sampled_from("abcde"), st.sampled_from("abcde"), st.integers(0, 90), st.integers(0, 90)
).filter(lambda edge: edge[0] != edge[1])


@given(st.lists(edges, max_size=12))
def test_every_stretch_lies_in_one_track_and_uses_do_not_overlap(
    found: list[tuple[str, str, int, int]],
) -> None:
    tracks = shared_tracks([pair(one, other, a, b, 10) for one, other, a, b in found])
    for one, other, a, b in found:
        holding = [
            track
            for track in tracks
            if any(u.file == one and u.start_s <= a and u.end_s >= a + 10 for u in track.uses)
            and any(u.file == other and u.start_s <= b and u.end_s >= b + 10 for u in track.uses)
        ]
        assert holding
    for track in tracks:
        for one_use, next_use in zip(track.uses, track.uses[1:], strict=False):
            assert one_use.file < next_use.file or one_use.end_s < next_use.start_s
