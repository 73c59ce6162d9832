from dataclasses import replace

import numpy as np
import pytest

from moodprint.audio.decode import decode
from moodprint.dataset import augmentation
from moodprint.dataset.augmentation import with_copies
from moodprint.dataset.samples import read_corpus
from moodprint.dataset.split_plan import plan
from moodprint.engine import no_progress
from moodprint.errors import MissingExtraError, OptionError
from moodprint.study.config import AugmentConfig, CorpusConfig, StudyConfig

CONFIG = StudyConfig((CorpusConfig("toys", made=3),), ("acoustic",), ("ridge",), folds=2)
TWICE = AugmentConfig(2, ("noise", "gain"))


@pytest.fixture
def toys(tmp_path):
    return read_corpus(CONFIG.corpora[0], tmp_path)


def _copied(toys, folder, augment=TWICE, workers=1):
    return with_copies(toys, replace(CONFIG, augment=augment), folder, workers, no_progress)


def test_without_a_factor_nothing_changes(toys, tmp_path):
    assert _copied(toys, tmp_path / "copies", AugmentConfig()) == toys
    assert not (tmp_path / "copies").exists()


def test_only_what_may_be_learned_from_is_copied(toys, tmp_path):
    pytest.importorskip("audiomentations", reason="the extra study is not installed")
    rows = _copied(toys, tmp_path / "copies")
    labels = np.array([CONFIG.labels.index(each.label) for each in rows])
    made = plan(rows, labels, CONFIG)
    held = {rows[row].id for row in made.holdout.fold.test}
    copies = [row for row in rows if row.made]
    assert len(copies) == 2 * (len(toys) - len(held))
    assert not held & {copy.origin for copy in copies}
    by_id = {each.id: each for each in toys}
    for copy in copies:
        origin = by_id[copy.origin]
        assert (copy.label, copy.group, copy.song) == (origin.label, origin.group, origin.song)


def test_copies_differ_from_their_origin_and_each_other_and_repeat(toys, tmp_path):
    pytest.importorskip("audiomentations", reason="the extra study is not installed")
    first = [row for row in _copied(toys, tmp_path / "one") if row.made]
    again = [row for row in _copied(toys, tmp_path / "two") if row.made]
    contents = [row.excerpt.path.read_bytes() for row in first]
    assert len(set(contents)) == len(contents)
    assert contents == [row.excerpt.path.read_bytes() for row in again]
    origin = next(each for each in toys if each.id == first[0].origin)
    lengths = [decode(path).duration_s for path in (first[0].excerpt.path, origin.excerpt.path)]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.01)
    before = first[0].excerpt.path.stat().st_mtime_ns
    _copied(toys, tmp_path / "one")
    assert first[0].excerpt.path.stat().st_mtime_ns == before


def test_every_transform_can_be_made(tmp_path, toys):
    pytest.importorskip("audiomentations", reason="the extra study is not installed")
    chain = augmentation._chain(tuple(augmentation.TRANSFORMS))
    assert len(chain.transforms) == len(augmentation.TRANSFORMS)


def test_an_unknown_transform_lists_the_known(toys, tmp_path):
    pytest.importorskip("audiomentations", reason="the extra study is not installed")
    with pytest.raises(OptionError, match="did you mean 'noise'"):
        _copied(toys, tmp_path, AugmentConfig(1, ("nose",)))


def test_a_missing_package_says_what_to_install(toys, tmp_path, monkeypatch):
    monkeypatch.setattr(augmentation, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"\[study\]"):
        _copied(toys, tmp_path)
