import pytest
from cards import classifier_card

from moodprint.models.classifiers.card import (
    LONGEST_SEGMENT_S,
    SHORTEST_SEGMENT_S,
    WEIGHTS,
    ClassifierCard,
)

FILES = {"files": {WEIGHTS: "0" * 64}}


def card(**changes):
    return ClassifierCard.from_dict(classifier_card(**FILES | changes))


def features(**changes):
    return {"features": {**classifier_card()["features"], **changes}}


def test_it_says_what_the_classifier_takes_and_knows():
    read = card(**features(combination="acoustic+compare", options={"compare": {"level": 1}}))
    assert read.combination == "acoustic+compare"
    assert read.options == {"compare": {"level": 1}}
    assert read.segment_s == 4.0
    assert read.learned == (0, 1, 2, 3, 4)
    assert read.calibration.temperature == 1.5


def test_labels_may_be_any_that_differ():
    assert card(labels=["Q1", "Q2"], classifier={"learned": [0, 1]}).labels == ("Q1", "Q2")


@pytest.mark.parametrize("labels", [[], ["only"], ["twice", "twice"]])
def test_labels_that_leave_no_choice_are_refused(labels):
    with pytest.raises(ValueError, match="label"):
        card(labels=labels, classifier={"learned": [0]})


@pytest.mark.parametrize("segment_s", [SHORTEST_SEGMENT_S, 3, LONGEST_SEGMENT_S])
def test_segments_from_a_tenth_of_a_second_to_ten_minutes_are_taken(segment_s):
    assert card(**features(segment_s=segment_s)).segment_s == segment_s


@pytest.mark.parametrize("segment_s", [1e-9, 0, -1, 1e9])
def test_segments_of_another_length_are_refused(segment_s):
    with pytest.raises(ValueError, match=r"its segments last .*, not 0\.1 to 600 s"):
        card(**features(segment_s=segment_s))


@pytest.mark.parametrize("segment_s", [float("nan"), float("inf"), "4", None, True])
def test_a_length_that_is_no_number_is_refused(segment_s):
    with pytest.raises(ValueError, match=r"features\.segment_s is .*, not a finite number"):
        card(**features(segment_s=segment_s))


@pytest.mark.parametrize(
    ("learned", "message"),
    [
        ([], "it learned the classes"),
        ([0, 99], "it learned the classes"),
        ([-1, 0], "it learned the classes"),
        ([0, 0, 1], "a class twice"),
        ("all", "not a list of whole numbers"),
        ([0.5], "not a list of whole numbers"),
    ],
)
def test_classes_without_sense_are_refused(learned, message):
    with pytest.raises(ValueError, match=message):
        card(classifier={"learned": learned})


def test_options_are_by_set():
    with pytest.raises(ValueError, match=r"features\.options\.acoustic is 3, not an object"):
        card(**features(options={"acoustic": 3}))


def test_a_card_without_the_classifier_is_refused():
    with pytest.raises(ValueError, match=r"lists no model\.skops"):
        card(files={})
