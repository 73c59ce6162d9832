import numpy as np
import pytest

from moodprint.evaluation import HeldOutScores, leaderboard_row, macro_f1, uar, weighted_f1


def _held_out(scores, truth=(0, 0, 1, 1), songs=(0, 0, 1, 1)):
    return HeldOutScores(np.array(truth), np.array(scores, float), np.array(songs), np.array(songs))


def test_the_prediction_is_the_class_of_the_highest_score():
    assert _held_out([[2, 0], [0, 1], [0, 3], [1, 1]]).predicted.tolist() == [0, 1, 1, 0]


def test_a_song_is_predicted_by_the_mean_of_its_samples_log_probabilities():
    held_out = _held_out([[2, 0], [0, 1], [0, 3], [1, 0]])
    songs = held_out.by_song
    assert songs.predicted.tolist() == [0, 1]
    assert songs.truth.tolist() == songs.songs.tolist() == songs.groups.tolist() == [0, 1]
    lost = np.log1p(np.exp([-2.0, -1.0]))
    assert songs.scores[0] == pytest.approx([-(lost[0] + 1 + lost[1]) / 2, -(2 + lost.sum()) / 2])


def test_a_row_has_the_metrics_of_samples_and_of_songs():
    held_out = _held_out([[2, 0], [0, 1], [0, 3], [1, 0]])
    row = leaderboard_row("acoustic", "ridge", "cv", held_out, resamples=20, seconds=1.5)
    assert (row.features, row.model, row.stage) == ("acoustic", "ridge", "cv")
    assert row.uar == uar(held_out.truth, held_out.predicted) == 0.5
    assert row.macro_f1 == macro_f1(held_out.truth, held_out.predicted)
    assert row.weighted_f1 == weighted_f1(held_out.truth, held_out.predicted)
    assert (row.accuracy, row.song_uar, row.song_macro_f1) == (0.5, 1, 1)
    assert (row.samples, row.groups, row.seconds) == (4, 2, 1.5)
    assert row.uar_low <= row.uar <= row.uar_high


def test_a_given_temperature_is_used():
    sure = _held_out([[9, 0], [9, 0], [0, 9], [9, 0]])
    hot = leaderboard_row("a", "b", "holdout", sure, temperature=1000.0, resamples=5)
    cold = leaderboard_row("a", "b", "holdout", sure, temperature=1.0, resamples=5)
    assert hot.calibration_error == pytest.approx(0.25, abs=0.01)
    assert cold.calibration_error == pytest.approx(0.25, abs=0.01)
    assert hot.calibration_error != cold.calibration_error


def test_without_a_temperature_the_best_for_these_scores_is_taken():
    rng = np.random.default_rng(0)
    truth = rng.integers(3, size=400)
    scores = 20 * np.eye(3)[truth] + 20 * rng.normal(size=(400, 3))
    held_out = HeldOutScores(truth, scores, np.arange(400), np.arange(400))
    own = leaderboard_row("a", "b", "cv", held_out, resamples=5)
    cold = leaderboard_row("a", "b", "cv", held_out, temperature=1.0, resamples=5)
    assert own.calibration_error < cold.calibration_error / 2


def test_the_same_scores_give_the_same_row():
    held_out = _held_out([[2, 0], [0, 1], [0, 3], [1, 0]])
    assert leaderboard_row("a", "b", "cv", held_out) == leaderboard_row("a", "b", "cv", held_out)


def test_a_card_says_scores_with_their_bounds():
    row = leaderboard_row("a", "b", "cv", _held_out([[2, 0], [0, 1], [0, 3], [1, 0]]))
    metrics = row.card_metrics()
    assert metrics["uar"] == [row.uar, row.uar_low, row.uar_high]
    assert metrics["samples"] == 4
    assert "stage" not in metrics
