"""Things that are joined belong together, in whatever order that is said."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.evaluation.groups import joined_groups, unions

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15)


def test_a_thing_stands_for_all_that_are_joined_to_it():
    assert unions("dcba", [("b", "a"), ("c", "b")]) == {"d": "d", "c": "c", "b": "c", "a": "c"}


def reachable(start, pairs):
    """All that can be walked to from ``start``: the same thing by brute force."""
    known = {start}
    for _ in range(10):
        known |= {end for pair in pairs if known & {*pair} for end in pair}
    return known


@given(PAIRS, st.randoms())
def test_unions_are_what_can_be_walked_to_in_any_order_of_pairs(pairs, random):
    found = unions(range(10), pairs)
    assert found == unions(range(10), random.sample(pairs, len(pairs)))
    for one, other in combinations(range(10), 2):
        assert (found[one] == found[other]) == (other in reachable(one, pairs))
    assert all(found[thing] == min(reachable(thing, pairs)) for thing in range(10))


def test_a_pair_of_strangers_is_refused():
    with pytest.raises(KeyError):
        unions("ab", [("a", "z")])


def test_nothing_is_joined_to_nothing():
    assert unions([], []) == {}


def test_rows_that_share_anything_are_joined():
    artist = ["x", "x", "y", "z", "", None]
    duplicate = ["", "d1", "d1", "", "", ""]
    assert joined_groups(artist, duplicate).tolist() == [0, 0, 0, 1, 2, 3]


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "a", "b", "c", "d"]), st.sampled_from(["", "x", "y", "z"])),
        min_size=1,
        max_size=20,
    )
)
def test_no_value_is_on_both_sides_of_joined_groups(rows):
    columns = list(zip(*rows, strict=True))
    joined = joined_groups(*columns)
    for column in columns:
        for value in set(column) - {""}:
            assert len({g for g, each in zip(joined, column, strict=True) if each == value}) == 1
