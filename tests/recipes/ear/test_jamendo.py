"""The head of recipes/ear/jamendo.py, on made-up tracks."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear import jamendo  # noqa: E402


@pytest.fixture(scope="module")
def tracks():
    """400 tracks of 40 artists; the first number of an embedding tells label 0, no other does."""
    rng = np.random.default_rng(0)
    embedding = rng.uniform(0, 1, (400, 12)).astype(np.float32)
    labels = (rng.random((400, jamendo.JAMENDO_OUTPUTS)) < 0.3).astype(np.float32)
    labels[:, 0] = embedding[:, 0] > 0.5
    artist, split = np.arange(400) // 10, np.arange(400) // 10 % 4 - 1
    return jamendo.Tracks(embedding, labels, artist, split)


@pytest.fixture(scope="module")
def head(tracks):
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield jamendo.fit(tracks)
    torch.set_num_threads(before)


def test_a_head_learns_what_tells_a_label(tracks, head):
    unseen = tracks.split > 0
    logits = head(tracks.embedding[unseen])
    assert logits.shape == (unseen.sum(), jamendo.TAGS + 5)
    assert ((logits[:, 0] > 0) == tracks.labels[unseen, 0]).mean() > 0.7


def test_the_same_tracks_give_the_same_head(tracks, head):
    again = jamendo.fit(tracks)
    np.testing.assert_array_equal(again(tracks.embedding), head(tracks.embedding))


def test_a_head_survives_its_file(head, tracks, tmp_path):
    head.save(tmp_path / "head.npz")
    loaded = jamendo.JamendoHead.load(tmp_path / "head.npz")
    np.testing.assert_array_equal(loaded(tracks.embedding), head(tracks.embedding))


def test_rows_take_the_seconds_around_them_in(head, tracks):
    steady = np.repeat(tracks.embedding[:1], 30, axis=0)
    np.testing.assert_allclose(head.of_rows(steady), head(steady), atol=1e-4)
    assert head.of_rows(tracks.embedding[:30]).std() < head(tracks.embedding[:30]).std()


def test_what_is_measured_on_is_not_learned_from():
    split = np.array([0, 1, 2, -1, -1, -1])
    artist = np.array([1, 2, 3, 2, 4, 1])
    empty = np.zeros((6, 1))
    learned = jamendo.Tracks(empty, empty, artist, split).learned
    assert learned.tolist() == [True, False, False, False, True, True]


def test_tracks_have_the_emotions_that_their_tags_name(tmp_path):
    named = [tag for tags in jamendo.EMOTION_TAGS.values() for tag in tags]
    tags = [*named, *(f"other {n}" for n in range(jamendo.TAGS - len(named)))]
    has_tag = np.zeros((2, jamendo.TAGS), bool)
    has_tag[0, tags.index("melancholic")] = True
    has_tag[1, tags.index("dark")] = has_tag[1, tags.index("party")] = True
    (tmp_path / "jamendo_moods").mkdir()
    np.savez(
        tmp_path / "jamendo_moods" / "yamnet_embeddings.npz",
        embedding_sqrt_uint8=np.full((2, 4), 51, np.uint8),
        scale=np.float32(25),
        has_tag=has_tag,
        tags=np.array(tags),
        artist_id=np.arange(2),
        split0=np.zeros(2, int),
    )
    tracks = jamendo.Tracks.read(tmp_path)
    np.testing.assert_allclose(tracks.embedding, 1, rtol=1e-5)
    assert tracks.labels[:, jamendo.TAGS :].tolist() == [[0, 0, 0, 0, 1], [0, 0, 1, 1, 0]]


def test_figures_tell_a_good_head(head, tracks, capsys):
    pytest.importorskip("sklearn")
    jamendo.print_figures(head, tracks)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        [split, kind] for split in ("validation", "test") for kind in ("tags", "emotions")
    ]
