"""Files of this machine as sources."""

import os

import pytest

from moodprint.corpus.sources.local import LocalSource, link
from moodprint.errors import FetchError


@pytest.fixture
def music(tmp_path):
    folder = tmp_path / "music"
    (folder / "deep").mkdir(parents=True)
    for name in ("b.mp3", "deep/a.ogg", "notes.txt"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_a_folder_gives_all_media_below_it_in_order(music):
    source = LocalSource(music, "calm", {"licence": "CC0"}, synthetic=True)
    first, second = source.items()
    assert source.name == str(music)
    assert [item.key.split(":")[1] for item in (first, second)] == [
        str(music / "b.mp3"), str(music / "deep" / "a.ogg"),
    ]  # fmt: skip
    assert (first.emotion, first.details, first.synthetic) == ("calm", {"licence": "CC0"}, True)


def test_a_file_gives_itself_whatever_it_is_called(music):
    (item,) = LocalSource(music / "notes.txt", "sad").items()
    assert item.key.startswith(f"file:{music / 'notes.txt'}:9:")


def test_a_file_that_was_replaced_has_another_key(music):
    def key():
        return next(LocalSource(music / "b.mp3", "sad").items()).key

    before = key()
    assert key() == before
    (music / "b.mp3").write_bytes(b"other sound")
    assert key() != before


def test_fetching_links_the_file_and_copies_where_there_are_no_links(music, tmp_path, monkeypatch):
    target = tmp_path / "fetched"
    target.mkdir()
    fetched = link(music / "b.mp3", target)
    assert fetched.path == target / "b.mp3"
    assert fetched.path.samefile(music / "b.mp3")
    assert link(music / "b.mp3", target).path.samefile(music / "b.mp3")

    def no_links(*paths):
        raise OSError("Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    copied = link(music / "deep" / "a.ogg", target).path
    assert not copied.samefile(music / "deep" / "a.ogg")
    assert copied.read_bytes() == b"deep/a.ogg"


def test_a_link_leads_to_the_file_and_not_to_itself(music, tmp_path):
    (music / "alias.mp3").symlink_to(music / "b.mp3")
    target = tmp_path / "fetched"
    target.mkdir()
    fetched = link(music / "alias.mp3", target).path
    assert not fetched.is_symlink()
    assert fetched.read_bytes() == b"b.mp3"


def test_what_is_not_there_is_said_when_it_is_asked(tmp_path):
    with pytest.raises(FetchError, match="does not exist"):
        list(LocalSource(tmp_path / "nowhere", "sad").items())
