import json

import any_answers
import pytest
from hypothesis import given

from moodprint.emotion import Emotion
from moodprint.explanation import Cue, Explanation


def explanation(tempo=62.0, push=0.4, key="A minor", say=Emotion.SAD, agreement=None):
    cues = (
        Cue("tempo", tempo, "bpm", -1.5 if tempo else 0.0, push),
        Cue("mode", -0.3, "", -1.7, 0.1),
    )
    return Explanation(cues, key, push + 0.1 - 0.05, -0.05, say, agreement)


@pytest.mark.parametrize("agreement", [None, 0.635])
def test_it_goes_to_a_dict_and_back_without_loss(agreement):
    one = explanation(agreement=agreement)
    assert Explanation.from_dict(one.to_dict()) == one
    assert ("agreement" in one.to_dict()) == (agreement is not None)


def test_what_cannot_be_told_is_null_and_comes_back():
    fields = explanation(tempo=None, push=0.0, key=None).to_dict()
    assert fields["cues"]["tempo"]["value"] is None
    assert fields["key"] is None
    assert Explanation.from_dict(fields).cues[0].value is None


def test_contributions_and_baseline_sum_to_the_margin():
    fields = explanation().to_dict()
    pushes = sum(cue["contribution"] for cue in fields["cues"].values())
    assert fields["baseline"] + pushes == pytest.approx(fields["margin"])


@pytest.mark.parametrize("missing", ["cues", "key", "margin", "baseline", "cues_say"])
def test_what_lacks_a_part_is_none(missing):
    fields = explanation().to_dict()
    del fields[missing]
    with pytest.raises(ValueError, match=f"^{missing} is missing$"):
        Explanation.from_dict(fields)


@given(any_answers.explanations())
def test_any_explanation_comes_back_as_it_was(drawn):
    assert Explanation.from_dict(drawn.to_dict()) == drawn
    assert Explanation.from_dict(json.loads(json.dumps(drawn.to_dict()))) == drawn


@given(any_answers.explanations())
def test_any_cue_comes_back_as_it_was(drawn):
    for cue in drawn.cues:
        assert Cue.from_dict(cue.name, cue.to_dict()) == cue


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cues": []}, r"cues is \[\], not an object"),
        ({"cues": {"tempo": 3}}, r"cues\.tempo is 3, not an object"),
        ({"cues": {"tempo": {}}}, r"cues\.tempo\.\w+ is missing"),
        ({"cues_say": "glad"}, "'glad' is not a valid Emotion"),
        ({"margin": None}, "margin is None, not a finite number"),
        ({"agreement": "much"}, "agreement is 'much', not a finite number"),
    ],
)
def test_a_part_without_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Explanation.from_dict({**explanation().to_dict(), **changes})


def test_neighbours_blend_by_their_share():
    slow, fast = explanation(60.0, 0.4), explanation(80.0, 0.0, say=Emotion.CALM)
    blend = slow.blended(fast, 0.25)
    assert blend.cues[0].value == 65
    assert blend.cues[0].contribution == pytest.approx(0.3)
    assert (blend.key, blend.cues_say) == ("A minor", Emotion.SAD)
    assert blend.margin == pytest.approx(blend.baseline + sum(c.contribution for c in blend.cues))


def test_a_key_that_differs_and_a_tempo_that_is_unclear_once():
    one, other = explanation(60.0), explanation(None, key="C major")
    for blend in (one.blended(other, 0.5), other.blended(one, 0.5)):
        assert blend.key is None
        assert blend.cues[0].value == 60
