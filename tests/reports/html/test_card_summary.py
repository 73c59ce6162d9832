from __future__ import annotations

import pytest

from moodprint.reports.html.card_summary import summarise_card


def test_the_rule_the_data_and_the_licence():
    card = {
        "calibration": {"temperature": 1.2, "abstain_below": 0.4},
        "limits": ["Western music.", "Weak labels."],
        "data": [{"corpus": "4q", "files": 721, "hours": 5.9}, {"corpus": "own"}, "game music"],
        "licence": "Apache-2.0",
        "metrics": {"uar": 0.6},
    }
    assert summarise_card(card) == {
        "The rule": "Unsure: no emotion reaches a probability of 0.40.",
        "Limits": "Western music. Weak labels.",
        "Trained on": "4q (5.9 h), own, game music",
        "Licence of the model": "Apache-2.0",
    }


@pytest.mark.parametrize("card", [{}, {"calibration": None, "data": 3, "licence": []}])
def test_a_card_that_says_less_gives_less(card):
    assert summarise_card(card) == {}
