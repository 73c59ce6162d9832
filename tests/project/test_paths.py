"""Paths may be ``str`` wherever people call: in what the command line and the pages call."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cards import emotion_network_card
from tests.project.test_public_names import PROMISED

from moodprint.bundle import open_bundle, write_bundle
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.corpora import read_corpus
from moodprint.dataset.feature_table import check_table_name
from moodprint.dataset.gather import gather
from moodprint.dataset.path_expansion import find_sounds
from moodprint.errors import OptionError
from moodprint.features.cache import FeatureCache, writable_cache
from moodprint.import_name import import_name
from moodprint.prediction import NO_MUSIC, Timeline
from moodprint.recognition.run import AnalysisRequest, analyze_files
from moodprint.reports import exports
from moodprint.reports.html import write_report
from moodprint.study.config import load_config

ROOT = Path(__file__).parents[2]
_BARE_PATH = re.compile(r"\bPath\b")


def _called_by_the_command_line() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "src" / "moodprint" / "cli").glob("*.py")):
        yield from _imported(file.read_text())


def _called_by_the_pages() -> Iterator[tuple[str, str]]:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for block in re.findall(r"```python\n(.*?)```", page.read_text(), re.S):
            yield from _imported(block)


def _imported(code: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(code)):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if module.startswith("moodprint.") and not module.startswith("moodprint.cli"):
            yield from ((module, alias.name) for alias in node.names)


def _promised() -> Iterator[tuple[str, str]]:
    for package, names in PROMISED.items():
        yield from ((package, name) for name in names.split())


PUBLIC = sorted({*_called_by_the_command_line(), *_called_by_the_pages(), *_promised()})
"""Module and name of all that people are shown how to call."""

ANSWERS = {"Bundle", "BuildReport", "FineTuned", "Fetched", "Item"}
"""What is given, or made by sources of our own: nobody has to hand it a path."""


def _callables(place: str, thing: Any) -> Iterator[tuple[str, Any]]:
    if inspect.isclass(thing):
        yield f"{place}()", thing.__init__
        for name, member in inspect.getmembers(thing):
            if not name.startswith("_") and callable(member) and inspect.isroutine(member):
                yield f"{place}.{name}", member
    elif callable(thing):
        yield place, thing


def _bare_paths() -> Iterator[str]:
    for module, name in PUBLIC:
        if name in ANSWERS:
            continue
        for place, function in _callables(name, import_name(f"{module}:{name}")):
            try:
                parameters = inspect.signature(function).parameters.values()
            except (TypeError, ValueError):
                continue
            for parameter in parameters:
                told = str(parameter.annotation)
                if _BARE_PATH.search(told) and not re.search(r"\bstr\b|AnyPath", told):
                    yield f"{module}.{place}({parameter.name}: {told})"


def test_every_path_that_people_hand_over_may_be_a_str() -> None:
    assert len(PUBLIC) > 80, "the search finds what is called"
    assert sorted(set(_bare_paths())) == []


def test_what_takes_a_str_works_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    timeline = Timeline("a.mp3", 1.0, NO_MUSIC, (), "toy")
    assert exports.write([timeline], "json", "a.json") == (Path("a.json"),)
    assert exports.exporter_for("a.SRT").name == "srt"
    write_bundle("model", emotion_network_card(), {"ear.onnx": b""})
    assert open_bundle("model").card.name == "toy"
    cache = FeatureCache("cache")
    cache.put("k" * 40, np.ones(3, np.float32))
    assert cache.get("k" * 40).tolist() == [1, 1, 1]
    assert writable_cache("more") is not None
    write_report([timeline], "page.html", audio=False)
    study = load_config(str(ROOT / "configs" / "debug.yaml"))
    assert gather(study, "study").samples
    songs = find_sounds(["study"])
    assert len(songs) == len(gather(study, "study").samples)
    with pytest.raises(OptionError, match=r"\.csv or \.parquet"):
        check_table_name("table.txt")
    request = AnalysisRequest((), journal="journal")
    assert analyze_files(request) == []
    corpus = CorpusConfig("mine", labels="labels.csv")
    Path("labels.csv").write_text("file,emotion,group\na.wav,sad,g\n")
    assert [each.label for each in read_corpus(corpus, tmp_path)] == ["sad"]
