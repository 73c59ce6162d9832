import numpy as np
import pytest

from moodprint.errors import OptionError
from moodprint.evaluation import validate


@pytest.mark.parametrize(
    ("values", "classes", "said"),
    [
        ([], None, "at least 1 value"),
        ([[0, 1]], None, r"shape \[1, 2\]"),
        ([0.0, 1.0], None, "whole class numbers"),
        (["sad"], None, "whole class numbers"),
        ([0, -1], None, "-1 to 0"),
        ([0, 5], 5, "classes 0 to 4, it holds 0 to 5"),
    ],
)
def test_labels_say_what_is_wrong(values, classes, said):
    with pytest.raises(OptionError, match=said):
        validate.labels(values, "truth", classes)


def test_labels_of_different_length_are_refused():
    with pytest.raises(OptionError, match="truth 2, predicted 3"):
        validate.label_pair([0, 1], [0, 1, 1], None)


def test_the_number_of_classes_is_found_or_given():
    assert validate.label_pair([0, 1], [3, 1], None)[2] == 4
    assert validate.label_pair([0, 1], [0, 1], 5)[2] == 5
    with pytest.raises(OptionError, match="at least 1 class"):
        validate.label_pair([0], [0], 0)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([0.5, 0.5], r"shape \[N, K\]"),
        (np.zeros((0, 3)), r"shape \[N, K\]"),
        ([[0.5, 0.6]], "row 0 does not"),
        ([[1.5, -0.5]], "not negative"),
        ([[np.nan, 1.0]], "finite"),
        ([[1.0, 0.0], [0.5, 0.5]], "truth 1, probabilities 2"),
    ],
)
def test_probabilities_say_what_is_wrong(table, said):
    with pytest.raises(OptionError, match=said):
        validate.probability_pair([0], table)


def test_truth_outside_the_columns_is_refused():
    with pytest.raises(OptionError, match="classes 0 to 1"):
        validate.probability_pair([2], [[0.5, 0.5]])


@pytest.mark.parametrize(
    ("truth", "said"), [([1.0], "2 pairs"), ([np.inf, 1.0], "finite"), ([], "at least 1")]
)
def test_number_pairs_say_what_is_wrong(truth, said):
    with pytest.raises(OptionError, match=said):
        validate.number_pair(truth, truth)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([1.0, 2.0], r"shape \[N, D\] .* not \[2\]"),
        ([[1.0]], r"N of 2 or more, not \[1, 1\]"),
        (np.zeros((3, 0)), r"not \[3, 0\]"),
        ([[1.0], [np.inf]], "finite"),
    ],
)
def test_features_say_what_is_wrong(table, said):
    with pytest.raises(OptionError, match=said):
        validate.features(table)


def test_features_of_whole_numbers_are_taken():
    assert validate.features([[1, 2], [3, 4]]).dtype == np.float64
