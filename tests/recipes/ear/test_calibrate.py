"""The measures of calibration in recipes/ear/calibrate.py."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def calibrate(load):
    return load("calibrate")


def test_few_tracks_err_by_chance_more_than_many(calibrate):
    predicted = np.random.default_rng(0).dirichlet(np.ones(5), 5_000)
    few, many = calibrate._error_by_chance(predicted[:100]), calibrate._error_by_chance(predicted)
    assert many < 0.03 < few < 0.2


def test_what_is_certain_never_errs_by_chance(calibrate):
    assert calibrate._error_by_chance(np.eye(5)[np.arange(100) % 5]) == pytest.approx(0)


def test_the_surest_come_first(calibrate):
    top = np.array([0.9, 0.8, 0.3, 0.7, 0.2])
    found = calibrate._accuracy_of_the_surest(top, np.array([True, True, False, False, False]))
    assert found["accuracy_of_surest_40_percent"] == 1
    assert found["accuracy_of_surest_100_percent"] == pytest.approx(0.4)


def test_reliability_is_of_the_corpora_left_out(calibrate, load):
    scores, table = load("scores"), load("table")
    count, rng = 60, np.random.default_rng(0)
    truth = np.arange(count) % 5
    own = table.Table(
        np.zeros((count, 1)),
        np.eye(5)[truth],
        np.zeros((count, 2)),
        np.zeros(count, bool),
        np.arange(count),
        np.array([f"artist:{n}" for n in range(count)]),
        np.array(["4q"] * count),
        np.zeros(count, bool),
    )
    said = np.eye(5)[np.where(rng.random(count) < 0.7, truth, (truth + 1) % 5)] * 3.0
    answers = scores.Answers(own, said, np.zeros((count, 2)))
    found = calibrate._reliability([answers], temperature=1.0)
    assert found["reliability_of"].startswith("60 tracks of 4q, ")
    assert sum(band["answers"] for band in found["reliability"]) == count
    right = float((said.argmax(axis=1) == truth).mean())
    assert found["reliability"][-1]["right"] == pytest.approx(right, abs=1e-3)
