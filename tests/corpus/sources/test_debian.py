"""Music out of Debian packages."""

import shutil
import subprocess
import zipfile

import pytest

from moodprint.corpus.collect import collect
from moodprint.corpus.sources.debian import DebianSource, PackageStore
from moodprint.errors import FetchError

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
        ("/../../../etc/passwd", "", "has no file"),
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
