from dataclasses import replace

import pytest

from moodprint.dataset.config import CorpusConfig
from moodprint.features.cache import FeatureCache
from moodprint.reports.html.study import render_study_report, write_study_report
from moodprint.study.config import StudyConfig
from moodprint.study.run import run_study

CONFIG = StudyConfig(
    corpora=(CorpusConfig("toys <b>", toy_songs=4),),
    features=("acoustic", "hubert"),
    feature_options={"hubert": {"checkpoint": "nobody/has-this"}},
    models=("decision_tree", "dummy"),
    folds=2,
    finalists=2,
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    pytest.importorskip("sklearn", reason="the extra study is not installed")
    out = tmp_path_factory.mktemp("study")
    return run_study(CONFIG, out, cache=FeatureCache(out / "cache"), ungrouped=True)


@pytest.fixture(scope="module")
def page(study):
    return render_study_report(study).decode()


def test_the_page_has_all_parts(page, study):
    for part in (
        "Cross-validation by group",
        "Hold-out",
        "What a split that tears groups would have claimed",
        "All models by feature set",
        "What is taken for what",
        "The surest mistakes",
        "What did not take part",
    ):
        assert part in page
    best = study.rows[0]
    assert f"{best.model} on {best.features}: chosen by folds" in page
    assert "The winner beside the others" in page
    assert "share that was right" in page
    assert page.count('class="reliability"') == 2, "of the folds and of the hold-out"
    assert f"{best.uar:.3f}" in page


def test_mistakes_can_be_heard(page):
    assert '<audio controls preload="none" src="data:audio/webm;base64,' in page


def test_names_are_escaped_and_nothing_is_loaded_from_elsewhere(page):
    assert "toys &lt;b&gt;" in page
    assert "toys <b>" not in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert 'src="http' not in page


def test_the_same_study_gives_the_same_bytes(study, page, tmp_path):
    write_study_report(study, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == page.encode()


def test_a_page_without_sounds(study):
    assert "<audio" not in render_study_report(study, audio=False).decode()


def test_corpora_left_out_have_their_own_tables(tmp_path):
    corpora = (CorpusConfig("one", toy_songs=3), CorpusConfig("two", toy_songs=3))
    config = replace(
        CONFIG, corpora=corpora, features=("acoustic",), protocol="leave-one-corpus-out"
    )
    page = render_study_report(
        run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache")), audio=False
    ).decode()
    assert "Tested on one, learned from the others" in page
