from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.stream_clock import Placement

RATE_HZ = 1000


def place(stamps, *, exact=False, length=100):
    """The silence put in before each of frames of ``length`` samples."""
    placement = Placement(RATE_HZ, exact=exact)
    gaps = []
    for stamp in stamps:
        gap = placement.silence_before(stamp)
        gaps.append(gap)
        placement.at += gap + length
    return gaps, placement.warnings()


def test_frames_side_by_side_need_no_silence() -> None:
    assert place([0, 100, 200]) == ([0, 0, 0], [])


def test_frames_without_stamps_lie_side_by_side() -> None:
    assert place([None, None, 200]) == ([0, 0, 0], [])


def test_a_late_track_begins_late_without_a_word() -> None:
    assert place([10_000, 10_100]) == ([10_000, 0], [])


def test_a_pause_is_silence_and_is_told() -> None:
    gaps, warnings = place([0, 100, 5_200, 5_300])
    assert gaps == [0, 0, 5_000, 0]
    assert warnings == ["its time stamps leave 5.0 s without sound, in 1 place"]


def test_rounded_stamps_are_no_pause() -> None:
    assert place([0, 105, 190, 310]) == ([0, 0, 0, 0], [])


def test_a_clock_that_is_set_anew_joins_the_sound() -> None:
    for jump in (90_000_000, -50_000, 300_000):
        gaps, warnings = place([0, 100, 200 + jump, 300 + jump, 5_400 + jump])
        assert gaps == [0, 0, 0, 0, 5_000]
        assert "its time stamps jump once: the sound was joined there" in warnings


def test_where_times_are_kept_in_a_table_a_long_pause_is_believed() -> None:
    assert place([0, 300_000], exact=True)[0] == [0, 299_900]
    assert place([0, 300_000], exact=False)[0] == [0, 0]


@given(st.lists(st.integers(-(10**9), 10**9), max_size=50), st.booleans())
def test_no_stamps_whatever_ask_for_more_than_an_hour_of_silence(stamps, exact) -> None:
    assert 0 <= sum(place(stamps, exact=exact)[0]) <= 3600 * RATE_HZ


def test_after_a_seek_the_first_frame_lies_where_it_is_told() -> None:
    placement = Placement(RATE_HZ, exact=True)
    placement.begin_at(7_000)
    assert placement.silence_before(7_000) == 0
