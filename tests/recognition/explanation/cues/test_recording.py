import numpy as np
import pytest

from moodprint.recognition.explanation.cues.contours import FRAMES_PER_S
from moodprint.recognition.explanation.cues.table import CONTOURS


@pytest.fixture(scope="module")
def ten_seconds(record, noise):
    return record(noise)


def test_a_stretch_has_the_rows_and_frames_of_its_time(ten_seconds):
    stretch = ten_seconds.stretch((2.0, 4.0))
    assert stretch.rows().tolist() == [4, 5, 6, 7]
    assert stretch.frames().tolist() == list(range(128, 256))
    assert len(stretch.frames()) == 2 * FRAMES_PER_S


def test_parts_that_overlap_count_once(ten_seconds):
    stretch = ten_seconds.stretch((1.0, 3.0), (2.0, 4.0))
    assert stretch.rows().tolist() == [2, 3, 4, 5, 6, 7]
    assert [part.rows().tolist() for part in stretch.parts] == [[2, 3, 4, 5], [4, 5, 6, 7]]


@pytest.mark.parametrize(
    ("times_s", "least_s", "rows"),
    [
        ((4.0, 5.0), 3.0, range(6, 12)),
        ((4.0, 5.0), 1.0, range(8, 10)),
        ((0.0, 1.0), 3.0, range(4)),
        ((9.0, 10.0), 3.0, range(16, 20)),
        ((0.0, 0.0), 0.0, range(1)),
        ((30.0, 35.0), 0.0, range(19, 20)),
    ],
)
def test_short_ones_grow_to_both_sides_as_far_as_there_is_sound(
    ten_seconds, times_s, least_s, rows
):
    assert ten_seconds.stretch(times_s).rows(least_s).tolist() == list(rows)


def test_the_sums_of_a_contour_are_those_of_the_rows(ten_seconds):
    for contour in CONTOURS:
        sums = ten_seconds.contours.sums[contour]
        np.testing.assert_array_equal(ten_seconds.stretch((2.0, 4.0)).sums(contour), sums[4:8])


def test_work_is_done_once_a_recording_and_once_a_stretch(ten_seconds):
    asked = []

    def work(of):
        asked.append(of)
        return len(asked)

    assert ten_seconds.once(work) == ten_seconds.once(work) == 1
    stretch, other = ten_seconds.stretch((0.0, 1.0)), ten_seconds.stretch((0.0, 1.0))
    assert stretch.once(work) == stretch.once(work) == 2
    assert other.once(work) == 3
    assert asked == [ten_seconds, stretch, other]


def test_work_that_gives_nothing_is_not_repeated(ten_seconds):
    asked = []
    stretch = ten_seconds.stretch((0.0, 1.0))
    for _ in range(2):
        assert stretch.once(asked.append) is None
    assert asked == [stretch]
