import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.dataset.labels import known_labels, label_key, left_out_text

WIDE = "\uff48\uff41\uff50\uff50\uff59"
"""happy in the wide letters of East Asian keyboards."""


@pytest.mark.parametrize("typed", ["happy", "Happy", "HAPPY", "happy ", "\thappy\n", WIDE])
def test_what_people_type_for_happy_is_happy(typed):
    assert label_key(typed) == "happy"


def test_spaces_between_words_and_composed_letters_make_no_difference():
    assert label_key("very  Sad") == label_key("very sad")
    assert label_key("trist\u00e8") == label_key("triste\u0300")
    assert label_key("") == label_key("  ") == ""


@given(st.text())
def test_a_key_is_its_own_key(label):
    assert label_key(label_key(label)) == label_key(label)


def test_labels_are_found_by_their_keys_as_they_are_spelled():
    assert known_labels(["Q1", "Very Sad"]) == {"q1": "Q1", "very sad": "Very Sad"}


def test_each_label_that_was_left_out_is_counted():
    assert left_out_text({}, ["sad"]) == ""
    assert left_out_text({"bored": 2, "": 3}, ["calm", "sad"]) == (
        "5 samples were left out: 3 without a label, 2 labelled 'bored'; "
        "the labels taken are calm, sad"
    )


def test_of_many_labels_the_most_frequent_are_named():
    text = left_out_text({f"label {n}": n for n in range(1, 10)}, ["sad"])
    assert text.startswith("45 samples were left out: 9 labelled 'label 9', 8 labelled 'label 8'")
    assert "10 with other labels" in text
    assert "label 4" not in text
