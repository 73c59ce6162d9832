import pytest

from moodprint.recognition.explanation.cues.kinds import CUES


def test_names_are_those_of_their_kinds_and_each_is_told_in_the_docs():
    from pathlib import Path

    page = (Path(__file__).parents[4] / "docs" / "explain.md").read_text(encoding="utf-8")
    for name, kind in CUES.items():
        assert name == kind.name
        assert f"`{name}`" in page


def test_a_doubling_is_one_step_where_ratios_count():
    tempo = CUES["tempo"]
    assert tempo.scaled(120.0) - tempo.scaled(60.0) == pytest.approx(1)
    assert CUES["loudness"].scaled(-20.0) == -20.0
    assert tempo.scaled(0.0) == pytest.approx(-9.97, abs=0.01)
