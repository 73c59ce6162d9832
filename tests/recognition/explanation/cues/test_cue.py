from dataclasses import replace

import pytest

from moodprint.recognition.explanation.cues.cue import CueKind

WIDTH = CueKind(name="width", unit="m", low="narrow", high="wide", measure=lambda stretch: 2.0)


def cue(**changes):
    return replace(WIDTH, **changes)


def test_differences_count_as_they_are():
    assert cue().scaled(3.0) - cue().scaled(1.0) == 2.0
    assert cue().scaled(-3.0) == -3.0


@pytest.mark.parametrize("value", [0.5, 60.0, 8_000.0])
def test_a_doubling_is_one_step_of_a_ratio(value):
    ratio = cue(ratio=True)
    assert ratio.scaled(2 * value) - ratio.scaled(value) == pytest.approx(1.0)


@pytest.mark.parametrize("value", [0.0, -1.0, 1e-9])
def test_what_is_nearly_nothing_is_a_thousandth(value):
    assert cue(ratio=True).scaled(value) == cue(ratio=True).scaled(1e-3)


def test_a_cue_may_need_no_spectra_and_write_no_value():
    assert cue().contour is None
    assert cue().say is None
