"""Music out of Debian packages."""

import shutil
import subprocess
import zipfile

import pytest

from moodprint.corpus.collect import collect
from moodprint.corpus.sources import debian
from moodprint.corpus.sources.debian import DebianSource, PackageStore
from moodprint.errors import FetchError, OptionError

pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb")
MUSIC = "/usr/share/game/music"


@pytest.fixture
def package(tmp_path, mix_bytes):
    """A .deb with a track, and another in a zip."""
    root = tmp_path / "game-music"
    music = root / MUSIC.lstrip("/")
    music.mkdir(parents=True)
    (music / "battle.mp3").write_bytes(mix_bytes)
    with zipfile.ZipFile(music / "data.pk3", "w") as archive:
        archive.writestr("sound/lost.mp3", mix_bytes)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(
        "Package: game-music\nVersion: 1\nArchitecture: all\n"
        "Maintainer: Nobody <nobody@example.org>\nDescription: music\n"
    )
    path = tmp_path / "game-music.deb"
    subprocess.run(["dpkg-deb", "--build", root, path], check=True, capture_output=True)
    return str(path)


def test_files_and_members_of_archives(package, tmp_path, mix_bytes):
    store = PackageStore(tmp_path / "packages")
    sources = [
        DebianSource(store, package, f"{MUSIC}/battle.mp3", "angry"),
        DebianSource(store, package, f"{MUSIC}/data.pk3", "sad", "sound/lost.mp3"),
    ]
    report = collect(sources, tmp_path / "out")
    assert not report.failures
    assert [name.split("-")[0] for name in report.fetched] == ["angry/battle", "sad/lost"]
    assert all((tmp_path / "out" / name).read_bytes() == mix_bytes for name in report.fetched)
    assert collect(sources, tmp_path / "out").known == 2


@pytest.mark.parametrize(
    ("path", "member", "says"),
    [
        ("/usr/none.mp3", "", "has no file"),
        (f"{MUSIC}/data.pk3", "none.mp3", "gives no none.mp3"),
        (f"{MUSIC}/battle.mp3", "none.mp3", "gives no none.mp3"),
    ],
)
def test_what_is_not_there(package, tmp_path, path, member, says):
    source = DebianSource(PackageStore(tmp_path / "packages"), package, path, "sad", member)
    ((_, error),) = collect([source], tmp_path / "out").failures
    assert says in error


def test_a_package_that_is_none(tmp_path):
    (tmp_path / "bad.deb").write_text("no package")
    with pytest.raises(FetchError, match="dpkg-deb"):
        PackageStore(tmp_path / "packages").unpacked(str(tmp_path / "bad.deb"))
    assert not (tmp_path / "packages" / "bad").exists()


@pytest.mark.parametrize(
    "package",
    [
        "-oDir::Bin::Methods=/x",
        "--download-only",
        "a",
        "Game",
        "../../etc",
        "/etc/passwd",
        "game music",
        "game=1.0",
        "",
        "game\n",
        "-x.deb",
        "...deb",
        ".deb",
        "folder/-oX.deb",
    ],
)
def test_a_name_that_could_be_an_option_or_a_path_never_reaches_apt(tmp_path, package):
    store = PackageStore(tmp_path / "packages")
    for use in (
        lambda: DebianSource(store, package, "/a.ogg", "sad"),
        lambda: store.unpacked(package),
    ):
        with pytest.raises(OptionError, match="is no name"):
            use()
    assert not (tmp_path / "packages").exists()


@pytest.mark.parametrize(
    "package", ["game-music", "0ad-data", "libc++1", "g.u-n", "x.deb", "p/x_1.deb"]
)
def test_names_by_the_grammar_of_debian_are_taken(tmp_path, package):
    assert DebianSource(PackageStore(tmp_path), package, "/a.ogg", "sad").package == package


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/../../../etc/passwd", ""),
        ("/usr/../../x", ""),
        ("..", ""),
        ("/", ""),
        ("", ""),
        ("/usr//x", ""),
        ("/a.zip", "../../.bashrc"),
        ("/a.zip", ".."),
        ("/a.zip", "b/./c"),
        ("/a\0b", ""),
    ],
)
def test_paths_that_could_lead_out_of_a_package_are_refused(tmp_path, path, member):
    with pytest.raises(OptionError, match="names a file in a package"):
        DebianSource(PackageStore(tmp_path), "game", path, "sad", member)


def test_a_link_out_of_a_package_is_not_followed(tmp_path):
    store = PackageStore(tmp_path / "packages")
    (store.folder / "game").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("mine")
    (store.folder / "game" / "song.ogg").symlink_to(tmp_path / "secret.txt")
    source = DebianSource(store, "game", "/song.ogg", "sad")
    ((_, error),) = collect([source], tmp_path / "out").failures
    assert "has no file" in error


def test_a_member_that_unpacks_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(debian, "_MOST_BYTES", 1 << 20)
    root = tmp_path / "packages" / "game"
    root.mkdir(parents=True)
    with zipfile.ZipFile(root / "data.pk3", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.ogg", bytes(8 << 20))
    source = DebianSource(
        PackageStore(tmp_path / "packages"), "game", "/data.pk3", "sad", "bomb.ogg"
    )
    ((_, error),) = collect([source], tmp_path / "out").failures
    assert "holds more than" in error
    assert not (tmp_path / "out" / "sad").exists()
