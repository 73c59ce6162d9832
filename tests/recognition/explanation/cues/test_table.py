"""What every cue keeps to: measured of any stretch, told in words, and written down."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from moodprint.bundle import DEFAULT, open_bundle
from moodprint.explanation import Cue
from moodprint.recognition.explanation.cues.contours import SpectralFrames
from moodprint.recognition.explanation.cues.spectra import magnitudes
from moodprint.recognition.explanation.cues.table import CONTOURS, CUES
from moodprint.recognition.explanation.surrogate import FILE
from moodprint.reports.explanation_text import cue_words, value_words

DOCS = Path(__file__).parents[4] / "docs" / "explain.md"


@pytest.fixture(params=CUES.values(), ids=list(CUES))
def cue(request):
    return request.param


def test_the_order_is_that_of_every_array_of_cues():
    """It is that of the columns that recipes/ear/explain.py keeps."""
    assert list(CUES) == [
        "tempo", "pulse_clarity", "mode", "key_clarity", "loudness", "loudness_change",
        "brightness", "roughness", "onset_density", "register", "articulation",
    ]  # fmt: skip


def test_the_name_is_that_of_the_table(cue):
    assert CUES[cue.name] is cue
    assert cue.name.replace("_", "").isalpha()


def test_it_has_words_for_less_and_for_more(cue):
    assert cue.low
    assert cue.high
    assert cue.low != cue.high
    low, high = (Cue(cue.name, 60.0 * sign, cue.unit, sign, 0.1) for sign in (-1, 1))
    assert cue_words(low) != cue_words(high)
    assert value_words(high)
    assert value_words(Cue(cue.name, None, cue.unit, 0.0, 0.0)) == "none"


def test_the_docs_have_its_row_with_its_unit(cue):
    [row] = [line for line in DOCS.read_text().splitlines() if line.startswith(f"| `{cue.name}` |")]
    told_unit = row.split("|")[2]
    assert cue.unit in told_unit if cue.unit else told_unit.strip()


def test_the_shipped_surrogate_weighs_it(cue):
    fitted = json.loads(open_bundle(DEFAULT).beside(FILE))["cues"][cue.name]
    assert fitted["deviation"] > 0


def test_it_is_a_finite_number_of_music(cue, film):
    for times_s in ([(12.0, 17.0)], [(10.0, 15.0), (12.5, 20.0)], [(19.9, 30.0)]):
        value = cue.measure(film.stretch(*times_s))
        assert isinstance(value, float)
        assert math.isfinite(value)
        assert math.isfinite(cue.scaled(value))


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0, 12.0])
def test_of_silence_it_is_finite_or_none(cue, record, seconds):
    silence = record(np.zeros(round(seconds * 16_000), np.float32))
    value = cue.measure(silence.stretch((0.0, seconds)))
    assert value is None or math.isfinite(value)


def test_of_noise_it_is_finite_or_none(cue, record, noise):
    value = cue.measure(record(noise).stretch((0.0, 10.0)))
    assert value is None or math.isfinite(value)


def test_the_same_music_gives_the_same_to_the_bit(cue, record, make_tones):
    sound = make_tones([57, 60, 64], 3.0)
    first, second = (cue.measure(record(sound).stretch((0.5, 2.5))) for _ in range(2))
    assert first == second


def test_ratios_count_in_doublings_and_differences_as_they_are(cue):
    step = cue.scaled(120.0) - cue.scaled(60.0)
    assert step == pytest.approx(1.0 if cue.ratio else 60.0)
    assert math.isfinite(cue.scaled(0.0))


@pytest.mark.parametrize("contour", CONTOURS)
def test_a_contour_has_a_finite_value_a_frame(contour, make_tones):
    for samples in (make_tones([60, 64], 1.0), np.zeros(16_000, np.float32)):
        frames = SpectralFrames(magnitudes(samples))
        values = contour(frames)
        assert len(values) == len(frames.magnitudes)
        assert np.isfinite(values).all()


def test_contours_are_those_of_the_cues_each_once():
    assert set(CONTOURS) == {cue.contour for cue in CUES.values()} - {None}
    assert len(set(CONTOURS)) == len(CONTOURS)
