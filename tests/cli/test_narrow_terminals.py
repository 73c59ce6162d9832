"""Forty columns and no colours are enough: nothing is cut off, nothing stands in for colour."""

from __future__ import annotations

import contextlib
import re
from dataclasses import fields

import pytest

from moodprint.cli.app import COMMANDS, main
from moodprint.cli.evaluate import _lines
from moodprint.cli.study import _line
from moodprint.emotion import EMOTIONS
from moodprint.evaluation import Interval, LeaderboardRow
from moodprint.study.model_scores import ModelScores

COLUMNS = 40


@pytest.fixture
def printed(monkeypatch, capsys):
    """What a command prints at 40 columns without colours."""
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    monkeypatch.setenv("NO_COLOR", "1")

    def lines(*words: str) -> list[str]:
        with contextlib.suppress(SystemExit):
            main(list(words))
        out = capsys.readouterr().out
        assert "\x1b" not in out
        return out.splitlines()

    return lines


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits(printed, command):
    lines = printed(*command.split(), "--help")
    assert len(lines) > 5
    examples = re.compile(r"^ {4}\S")  # are one line each, to be copied
    most = COLUMNS + 4  # beside a long option click keeps ten columns for its text
    assert [line for line in lines if len(line) > most and not examples.match(line)] == []


def test_a_row_of_the_leaderboard_takes_two_lines_where_one_is_too_long():
    numbers = dict.fromkeys((each.name for each in fields(LeaderboardRow)), 0.0)
    named = {"features": "acoustic+musicnn", "model": "logistic", "stage": "cv"}
    scores = {"uar": 0.6, "uar_low": 0.5, "uar_high": 0.7, "macro_f1": 0.55}
    row = LeaderboardRow(**{**numbers, **named, **scores})
    assert "\n" not in _line(row, 120)
    first, second = _line(row, COLUMNS).split("\n")
    assert max(len(first), len(second)) <= COLUMNS
    assert "[0.500, 0.700]" in second


def test_a_table_of_mistakes_fits(monkeypatch):
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    interval = Interval(0.6, 0.5, 0.7)
    recall = dict.fromkeys(map(str, EMOTIONS), 0.5)
    numbers = dict.fromkeys((each.name for each in fields(ModelScores)), 0)
    scores = {"uar": interval, "macro_f1": interval, "accuracy": interval}
    found = ModelScores(**{**numbers, **scores, "recall": recall, "confusion": [[123] * 6] * 5})
    table = _lines(found)[-6:]
    assert max(map(len, table)) <= COLUMNS
    assert table[0].split() == [*recall, "none"]
    assert table[1].split() == ["angry", *["123"] * 6]


def test_a_card_and_a_list_of_models_are_whole(printed):
    assert "ear-" in " ".join(printed("models", "list"))
    lines = printed("models", "info")
    assert "labels: angry, calm, fear, happy, sad" in lines
