"""Groups out of evidence."""

from hypothesis import given
from hypothesis import strategies as st

from moodprint.corpus.duplicate_groups import Evidence, Method, agreement, conflicts, groups

PAIR = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))


def landmarks(*pairs):
    return [Evidence(first, second, Method.LANDMARKS, 30.0) for first, second in pairs]


def test_groups_are_unions_under_their_smallest_id():
    found = groups("dcba", landmarks("ba", "cb"))
    assert found == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_titles_alone_join_nothing():
    assert groups("ab", [Evidence("a", "b", Method.NAMES)]) == {"a": "a", "b": "b"}


@given(st.lists(PAIR, max_size=20), st.randoms())
def test_the_order_of_evidence_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    expected = groups("abcdefgh", landmarks(*pairs))
    assert groups("hgfedcba", landmarks(*shuffled)) == expected
    assert all(expected[first] == expected[second] for first, second in pairs)
    assert all(expected[group] == group <= song for song, group in expected.items())


def test_conflicts_are_groups_under_two_emotions():
    group_of = {"a": "a", "b": "a", "c": "c", "d": "c", "e": "e"}
    emotion_of = {"a": "sad", "b": "happy", "c": "calm", "d": None, "e": "fear"}
    assert conflicts(group_of, emotion_of) == {"a"}


def test_agreement_counts_pairs_by_the_methods_that_found_them():
    evidence = [
        Evidence("a", "b", Method.CHROMA),
        Evidence("b", "a", Method.LANDMARKS),
        Evidence("a", "c", Method.NAMES),
        Evidence("a", "c", Method.NAMES),
    ]
    assert agreement(evidence) == {"chroma+landmarks": 1, "names": 1}
