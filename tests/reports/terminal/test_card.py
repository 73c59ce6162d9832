from __future__ import annotations

import io

from rich.console import Console

from moodprint.reports.terminal.card import show_card


def _shown(card, width=80):
    console = Console(file=io.StringIO(), width=width)
    show_card(card, console)
    lines = (line.rstrip() for line in console.file.getvalue().splitlines())
    return [line for line in lines if line and "─" not in line]


def test_values_are_lines_and_objects_are_indented():
    card = {"name": "ear", "data_hash": None, "training": {"steps": 12, "rate": 0.000123456}}
    assert _shown(card) == [
        "name: ear",
        "data hash: -",
        "training",
        "  steps: 12",
        "  rate: 0.0001235",
    ]


def test_a_list_of_objects_is_a_table_with_a_column_for_each_name():
    rows = [{"corpus": "4q", "files": 721}, {"corpus": "wild", "hours": 1.25}]
    assert _shown({"data": rows}) == [
        "data",
        " corpus   files   hours",
        " 4q         721       -",
        " wild         -    1.25",
    ]


def test_objects_that_are_alike_are_a_table_by_name():
    scores = {"on_4q": {"uar": 0.5, "low": 0.4}, "on_games": {"uar": 0.3, "low": 0.2}}
    lines = _shown({"scores": scores})
    assert lines[1].split() == ["uar", "low"]
    assert lines[2].split() == ["on", "4q", "0.5", "0.4"]


def test_objects_of_many_values_stand_beside_each_other():
    many = {"a": {f"value_{n}": n for n in range(9)}, "b": {"value_3": 0.5}}
    lines = _shown({"scores": many})
    assert lines[1].split() == ["a", "b"]
    assert lines[5].split() == ["value", "3", "3", "0.5"]


def test_objects_in_objects_are_no_table():
    deep = {"a": {"b": {"c": 1}}, "d": {"e": {"f": 2}}}
    assert _shown({"deep": deep})[-1] == "      f: 2"


def test_sentences_are_listed_and_words_stand_in_a_row():
    card = {"limits": ["The labels are weak.", "So are we."], "labels": ["angry", "calm"]}
    assert _shown(card) == [
        "limits",
        "  - The labels are weak.",
        "  - So are we.",
        "labels: angry, calm",
    ]


def test_what_would_steer_a_terminal_is_shown():
    [line, *_] = _shown({"a\x1b[31m": "b\nc\x1b[0m"})
    assert "\x1b" not in line
