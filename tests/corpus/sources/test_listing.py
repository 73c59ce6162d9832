"""SOURCES.yaml as people write it."""

from pathlib import Path

import pytest

from moodprint.corpus.sources.debian import DebianSource, PackageStore
from moodprint.corpus.sources.listing import read_sources
from moodprint.corpus.sources.local import LocalSource
from moodprint.corpus.sources.web import RetryPolicy, WebSource
from moodprint.errors import MissingFileError, OptionError


def read(tmp_path, text):
    (tmp_path / "sources.yaml").write_text(text)
    return read_sources(tmp_path / "sources.yaml", PackageStore(Path("store")), RetryPolicy())


def test_every_kind_of_source(tmp_path):
    (tmp_path / "tracks.csv").write_text(
        "package,path,member,emotion\ngame,/music/a.ogg,,fear\ngame,/b.pk3,c.ogg,sad\n"
    )
    sources = read(
        tmp_path,
        """
happy:
  - https://example.org/list
  - folder/of/music
  - url: https://example.org/mix.mp3
    licence: CC BY 4.0
    synthetic: true
calm:
  package: game
  path: /music/lake.ogg
tracks: tracks.csv
""",
    )
    web, local, licensed, package, fear, sad = sources
    assert (web.url, web.emotion) == ("https://example.org/list", "happy")
    assert isinstance(web, WebSource)
    assert isinstance(local, LocalSource)
    assert local.path == tmp_path / "folder/of/music"
    assert (licensed.details, licensed.synthetic) == ({"licence": "CC BY 4.0"}, True)
    assert isinstance(package, DebianSource)
    assert (package.package, package.path, package.emotion) == ("game", "/music/lake.ogg", "calm")
    assert [(track.emotion, track.member) for track in (fear, sad)] == [
        ("fear", ""), ("sad", "c.ogg"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "happy: [unclosed",
        "merry:\n  - music",
        "happy:\n  - link: https://example.org",
        "happy:\n  - url: a\n    path: b",
        "happy:\n  - 12",
    ],
)
def test_what_is_no_list_of_sources(tmp_path, text):
    with pytest.raises(OptionError):
        read(tmp_path, text)


def test_a_typo_is_helped(tmp_path):
    with pytest.raises(OptionError, match="did you mean 'happy'"):
        read(tmp_path, "hapy:\n  - music")


def test_lists_that_are_not_there(tmp_path):
    with pytest.raises(MissingFileError):
        read_sources(tmp_path / "none.yaml", PackageStore(Path("store")), RetryPolicy())
    with pytest.raises(MissingFileError, match=r"none\.csv"):
        read(tmp_path, "tracks: none.csv")
    (tmp_path / "bad.csv").write_text("package,path,emotion\ngame,/a.ogg,gloomy\n")
    with pytest.raises(OptionError, match="gloomy"):
        read(tmp_path, "tracks: bad.csv")
