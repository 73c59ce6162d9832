import numpy as np
import pytest

from moodprint.errors import LeakError, OptionError
from moodprint.evaluation import Fold, Lineage, refuse_leaks

IDS = ("one", "two", "three", "four")
ARTISTS = ("a", "a", "b", "c")
FOLD = Fold(np.array([0, 1]), np.array([2, 3]))


def test_a_clean_split_passes():
    refuse_leaks(FOLD, Lineage(IDS, ARTISTS))
    refuse_leaks(FOLD, Lineage(IDS, ARTISTS, ("", "d", "", None), ("", "one", "", None)))


def test_a_row_on_both_sides_is_refused():
    with pytest.raises(LeakError, match=r"same row .* \(two\)"):
        refuse_leaks(Fold(np.array([0, 1]), np.array([1, 2])), Lineage(IDS, IDS))


def test_a_group_on_both_sides_is_refused():
    with pytest.raises(LeakError, match=r"same group .* 1 times \(a\)"):
        refuse_leaks(Fold(np.array([0, 2]), np.array([1, 3])), Lineage(IDS, ARTISTS))


def test_a_duplicate_on_both_sides_is_refused():
    with pytest.raises(LeakError, match=r"same duplicate set .* \(d7\)"):
        refuse_leaks(FOLD, Lineage(IDS, ARTISTS, duplicates=("", "d7", "d7", "")))


def test_a_copy_learned_from_while_its_original_is_tested_is_refused():
    with pytest.raises(LeakError, match=r"original of copies .* \(four\)"):
        refuse_leaks(FOLD, Lineage(IDS, ARTISTS, origins=("", "four", "", "")))


def test_a_copy_of_a_copy_is_traced_to_its_recording():
    ids = ("one", "one+pitch", "one+pitch+noise", "other")
    origins = ("", "one", "one+pitch", "")
    groups = ("a", "b", "c", "d")  # Broken on purpose: groups alone would let it pass.
    lineage = Lineage(ids, groups, origins=origins)
    assert lineage.roots() == ["one", "one", "one", "other"]
    with pytest.raises(LeakError, match="original of copies"):
        refuse_leaks(Fold(np.array([2]), np.array([0, 3])), lineage)


def test_a_copy_in_the_test_is_refused_even_without_its_original():
    with pytest.raises(LeakError, match="may only be learned from"):
        refuse_leaks(FOLD, Lineage(IDS, ARTISTS, origins=("", "", "elsewhere", "")))


def test_generated_music_in_the_test_is_refused():
    with pytest.raises(LeakError, match=r"1 augmented or generated clips .* \(four\)"):
        refuse_leaks(FOLD, Lineage(IDS, ARTISTS, synthetic=(False, True, False, True)))


def test_two_copies_that_name_each_other_end_the_search():
    assert Lineage(("x", "y"), ("g", "g"), origins=("y", "x")).roots() == ["y", "x"]


def test_many_leaks_are_counted_and_some_named():
    ids = tuple("abcdefgh")
    rows = np.arange(8)
    with pytest.raises(LeakError, match=r"8 times \(a, b, c and 5 more\)"):
        refuse_leaks(Fold(rows, rows), Lineage(ids, ids))


@pytest.mark.parametrize(
    "columns",
    [
        {"ids": IDS, "groups": ARTISTS[:2]},
        {"ids": IDS, "groups": ()},
        {"ids": IDS, "groups": ARTISTS, "origins": ("",)},
        {"ids": ("x", "x"), "groups": ("a", "b")},
    ],
)
def test_a_broken_lineage_is_refused(columns):
    with pytest.raises(OptionError):
        Lineage(**columns)
