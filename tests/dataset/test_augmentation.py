import os
import random
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset import augmentation
from moodprint.dataset.augmentation import TRANSFORMS, augmented_copies
from moodprint.dataset.config import AugmentConfig, CorpusConfig
from moodprint.dataset.corpora import read_corpus
from moodprint.dataset.samples import Sample
from moodprint.engine import Outcome
from moodprint.errors import MissingExtraError, OptionError

TWICE = AugmentConfig(2, ("noise", "gain"))


@pytest.fixture
def toys(tmp_path):
    return read_corpus(CorpusConfig("toys", toy_songs=1), tmp_path)


@pytest.fixture
def audiomentations():
    return pytest.importorskip("audiomentations", reason="the extra study is not installed")


def _bytes(copies):
    return [copy.excerpt.path.read_bytes() for copy in copies]


def test_without_a_factor_nothing_is_copied(toys, tmp_path):
    assert augmented_copies(toys, AugmentConfig(), tmp_path / "copies") == []
    assert not (tmp_path / "copies").exists()


@pytest.mark.usefixtures("audiomentations")
def test_copies_are_synthetic_and_know_their_origin(toys, tmp_path):
    copies = augmented_copies(toys, TWICE, tmp_path / "copies")
    assert [copy.id for copy in copies[:2]] == [f"{toys[0].id}+0", f"{toys[0].id}+1"]
    assert [copy.origin for copy in copies] == [each.id for each in toys for _ in "12"]
    by_id = {each.id: each for each in toys}
    for copy in copies:
        origin = by_id[copy.origin]
        assert copy.synthetic
        assert copy.stretches == ()
        assert (copy.label, copy.group, copy.song) == (origin.label, origin.group, origin.song)


@pytest.mark.usefixtures("audiomentations")
def test_copies_differ_from_each_other_and_repeat(toys, tmp_path):
    first = augmented_copies(toys, TWICE, tmp_path / "one")
    contents = _bytes(first)
    assert len(set(contents)) == len(contents)
    assert contents == _bytes(augmented_copies(toys, TWICE, tmp_path / "two"))
    assert contents != _bytes(augmented_copies(toys, TWICE, tmp_path / "three", seed=1))
    copy, origin = first[0].excerpt.decode(), toys[0].excerpt.decode()
    assert copy.duration_s == pytest.approx(origin.duration_s, abs=0.01)


@pytest.mark.usefixtures("audiomentations")
def test_copies_that_are_there_stay_unless_their_origin_was_replaced(toys, tmp_path):
    def written():
        found = augmented_copies(toys[:1], TWICE, tmp_path / "copies")
        return [(copy.excerpt.path, copy.excerpt.path.stat().st_mtime_ns) for copy in found]

    before = written()
    assert written() == before
    os.utime(toys[0].excerpt.path, ns=(1, 1))
    assert not {path for path, _ in written()} & {path for path, _ in before}


@pytest.mark.usefixtures("audiomentations")
def test_stretches_of_one_file_have_copies_of_their_own(toys, tmp_path):
    path = toys[0].excerpt.path
    parts = [replace(toys[0], excerpt=Excerpt(path, 0.0, end_s)) for end_s in (1.0, 2.0)]
    copies = augmented_copies(parts, AugmentConfig(1, ("gain",)), tmp_path / "copies")
    durations = [copy.excerpt.decode().duration_s for copy in copies]
    assert durations == pytest.approx([1.0, 2.0], abs=0.01)


@pytest.mark.usefixtures("audiomentations")
def test_a_sample_that_cannot_be_read_has_no_copy(toys, tmp_path):
    gone = replace(toys[0], id="gone", excerpt=Excerpt(tmp_path / "gone.wav"))
    seen = []
    copies = augmented_copies(
        [gone, toys[1]],
        AugmentConfig(1, ("gain",)),
        tmp_path / "copies",
        progress=lambda *step: seen.append(step),
    )
    assert [copy.origin for copy in copies] == [toys[1].id]
    assert seen == [("copies", 1, 2), ("copies", 2, 2)]


@pytest.mark.usefixtures("audiomentations")
def test_an_error_that_is_not_of_the_file_is_not_passed_over(toys, tmp_path, monkeypatch):
    def run(_, jobs, **__):
        return (Outcome(job, error=RuntimeError("a bug")) for job in jobs)

    monkeypatch.setattr(augmentation, "run", run)
    with pytest.raises(RuntimeError, match="a bug"):
        augmented_copies(toys, TWICE, tmp_path / "copies")


@pytest.mark.usefixtures("audiomentations")
def test_every_transform_can_be_made():
    chain = augmentation._chain(tuple(TRANSFORMS))
    assert len(chain.transforms) == len(TRANSFORMS)


@pytest.mark.usefixtures("audiomentations")
def test_an_unknown_transform_lists_the_known(toys, tmp_path):
    with pytest.raises(OptionError, match="did you mean 'noise'"):
        augmented_copies(toys, AugmentConfig(1, ("nose",)), tmp_path)


def test_a_missing_package_says_what_to_install(toys, tmp_path, monkeypatch):
    monkeypatch.setattr(augmentation, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"\[study\]"):
        augmented_copies(toys, TWICE, tmp_path)


@pytest.mark.usefixtures("audiomentations")
@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_transform_keeps_length_and_range_and_stays_finite(name):
    rng = np.random.default_rng(0)
    tone = np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050)
    sound = (0.5 * tone + 0.01 * rng.normal(size=22_050)).astype(np.float32)
    chain = augmentation._chain((name,))
    random.seed(0)  # the generators that audiomentations draws from
    np.random.seed(0)  # noqa: NPY002
    changed = [chain(sound.copy(), 22_050) for _ in range(8)]
    assert all(np.isfinite(each).all() for each in changed)
    assert all(len(each) == pytest.approx(len(sound), abs=2) for each in changed)
    assert all(np.abs(each).max() < 2 for each in changed)
    assert any(len(each) != len(sound) or not np.allclose(each, sound) for each in changed)


@pytest.mark.usefixtures("audiomentations")
def test_silence_has_copies_too(tmp_path):
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(22_050), 22_050)
    silent = Sample("silence", Excerpt(path), "calm", "", "silence", "x")
    for copy in augmented_copies([silent], AugmentConfig(2), tmp_path / "copies"):
        assert np.isfinite(copy.excerpt.decode().samples).all()


@pytest.mark.usefixtures("audiomentations")
def test_a_copy_depends_on_its_sample_alone_and_not_on_what_came_before(toys, tmp_path):
    alone = augmented_copies(toys[1:2], TWICE, tmp_path / "alone")
    among = augmented_copies(toys[:3], TWICE, tmp_path / "among")
    assert _bytes(alone) == _bytes(each for each in among if each.origin == toys[1].id)
