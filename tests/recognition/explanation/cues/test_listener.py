import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.recognition.explanation.cues.listener import CueListener
from moodprint.recognition.explanation.cues.measure import measured
from moodprint.recognition.explanation.cues.recording import Recording
from moodprint.recognition.explanation.cues.table import CONTOURS

SOUND = (0.1 * np.random.default_rng(4).normal(size=24_000)).astype(np.float32)


def parts(contours):
    return [contours.strength, contours.level_db, *contours.sums.values()]


def gathered(blocks, rate=16_000):
    listener = CueListener(rate)
    passed = list(listener.through(blocks))
    return passed, listener.contours()


@settings(deadline=None, max_examples=20)
@given(cuts=st.lists(st.integers(0, len(SOUND)), max_size=5))
def test_blocks_pass_unchanged_and_their_joints_leave_no_trace(cuts):
    blocks = np.split(SOUND, sorted(cuts))
    passed, contours = gathered(blocks)
    assert [id(block) for block in passed] == [id(block) for block in blocks]
    _, whole = gathered([SOUND])
    for left, right in zip(parts(contours), parts(whole), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-5)


def test_each_block_is_passed_on_before_the_next_is_asked_for():
    asked = []

    def blocks():
        for number in range(4):
            asked.append(number)
            yield SOUND[:8000]

    for passed, _ in enumerate(CueListener().through(blocks())):
        assert len(asked) <= passed + 1


@pytest.mark.parametrize("samples", [0, 1, 400, 16_000])
def test_no_sound_and_short_sounds_have_contours(samples):
    _, contours = gathered([np.zeros(samples, np.float32)])
    assert contours.rows == max(1, -(-samples // 8000))
    assert {len(rows) for rows in contours.sums.values()} == {contours.rows}
    assert len(contours.strength) == len(contours.level_db) == 1 + samples // 250
    assert all(np.isfinite(part).all() for part in parts(contours))


def test_what_is_kept_of_a_second_is_small():
    _, contours = gathered([np.tile(SOUND, 8)])
    kept = sum(part.nbytes for part in parts(contours))
    assert kept / 12 < 1500


def test_another_rate_is_heard_alike(make_tones):
    sound = make_tones([60, 64, 67], 4.0)
    at_22_khz = soxr.resample(sound, 16_000, 22_050).astype(np.float32)
    ours = [
        measured(Recording(contours).stretch((0.0, 4.0)))
        for _, contours in (gathered([sound]), gathered([at_22_khz], 22_050))
    ]
    assert ours[0].key == ours[1].key == "C major"
    for name in ("loudness", "register", "brightness"):
        assert ours[0].values[name] == pytest.approx(ours[1].values[name], rel=0.02)


def test_every_contour_of_the_table_is_gathered_once():
    _, contours = gathered([SOUND])
    assert tuple(contours.sums) == CONTOURS
    assert len(set(CONTOURS)) == len(CONTOURS)
