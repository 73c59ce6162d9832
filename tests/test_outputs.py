import os
import subprocess
import sys
from pathlib import Path

import pytest

from moodprint.errors import InputError, NoPermissionError, OptionError
from moodprint.outputs import claimed, is_plain, refuse_collisions, refuse_unwritable


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Two songs in a folder, and what people do to names."""
    monkeypatch.chdir(tmp_path)
    for name in ("one.mp3", "two.mp3"):
        Path(name).write_bytes(name.encode())
    Path("music").mkdir()
    Path("link.mp3").symlink_to("one.mp3")
    Path("there").symlink_to("music")
    os.link("one.mp3", "hard.mp3")
    return tmp_path


SOURCES = ["one.mp3", "two.mp3"]


def test_outputs_of_their_own_are_taken():
    refuse_collisions(["out.json", "deep/new/page.html", None], SOURCES)
    refuse_collisions([], SOURCES)
    refuse_collisions(["out.json"], [])


def test_a_file_that_is_there_may_be_replaced(folder):
    Path("out.json").write_text("[]")
    refuse_collisions(["out.json"], SOURCES)


@pytest.mark.parametrize(
    "output", ["one.mp3", "./music/../one.mp3", "link.mp3", "hard.mp3", "{folder}/one.mp3"]
)
def test_a_source_is_refused_by_any_of_its_names(folder, output):
    with pytest.raises(OptionError, match="is one of the files to read, and stays as it is"):
        refuse_collisions([output.format(folder=folder)], SOURCES)


@pytest.mark.parametrize("source", ["link.mp3", "hard.mp3", Path("one.mp3")])
def test_a_source_may_have_another_name_too(source):
    with pytest.raises(OptionError, match=r"^one\.mp3: is one of the files to read"):
        refuse_collisions(["one.mp3"], [source])


def test_a_source_that_is_not_there_is_no_output_either():
    with pytest.raises(OptionError, match="stays as it is"):
        refuse_collisions(["later.mp3"], ["later.mp3"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("out.json", "out.json"),
        ("out.json", "./out.json"),
        ("out.json", "music/../out.json"),
        ("music/out.json", "there/out.json"),
        ("music/new.json", Path("music") / "new.json"),
        ("nowhere/out.json", "nowhere/../nowhere/out.json"),
    ],
)
def test_two_outputs_of_one_file_are_refused(first, second):
    with pytest.raises(OptionError, match=r"is to be written twice, also as"):
        refuse_collisions([first, second], SOURCES)


def test_two_outputs_of_one_file_that_is_there_are_refused(folder):
    Path("out.json").write_text("[]")
    Path("other.json").symlink_to("out.json")
    with pytest.raises(OptionError, match=r"^other\.json: is to be written twice, also as out"):
        refuse_collisions(["out.json", "other.json"], SOURCES)


def test_a_link_to_what_is_not_there_yet_is_the_same_file_too():
    Path("out.json").symlink_to("music/real.json")
    with pytest.raises(OptionError, match="twice"):
        refuse_collisions(["out.json", "music/real.json"], SOURCES)


@pytest.mark.parametrize("output", ["music", "there", "."])
def test_a_folder_is_refused(output):
    with pytest.raises(OptionError, match="is a folder, a file was expected"):
        refuse_collisions([output], SOURCES)


def test_an_output_in_what_is_to_be_a_file_is_refused():
    with pytest.raises(OptionError, match=r"^out\.json/page\.html: lies in out\.json, which is to"):
        refuse_collisions(["out.json/page.html", "out.json"], SOURCES)


def test_devices_and_pipes_may_be_named_twice():
    os.mkfifo("pipe")
    refuse_collisions([os.devnull, os.devnull, "pipe", "pipe"], [os.devnull])


@pytest.mark.parametrize("name", ["nul\0byte", "n" * 300, "", "\udcff.mp3"])
def test_names_that_no_system_takes_are_no_collision(name):
    refuse_collisions(["out.json"], [name])


def test_a_folder_to_be_made_can_be_written(folder):
    refuse_unwritable(folder / "new" / "deep" / "out.json")
    assert not (folder / "new").exists()
    assert {path.name for path in folder.iterdir()} == {
        "one.mp3", "two.mp3", "hard.mp3", "link.mp3", "music", "there",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["one.mp3/out.json", "/proc/none/out.json"])
def test_what_cannot_be_made_is_refused(name):
    with pytest.raises(NoPermissionError, match="cannot be written"):
        refuse_unwritable(name)


@pytest.mark.parametrize("path", [None, os.devnull, "link.mp3"])
def test_what_is_nothing_a_device_or_a_link_is_left_to_the_writer(path):
    refuse_unwritable(path)


@pytest.mark.parametrize(
    ("path", "plain"),
    [("one.mp3", True), ("music", True), ("new", True), ("link.mp3", False), (os.devnull, False)],
)
def test_links_and_devices_are_not_plain(path, plain):
    assert is_plain(path) is plain


def test_what_is_claimed_is_nobody_elses_until_the_end(folder):
    with claimed(files=["out.json"], folders=["study"], sources=SOURCES):
        for again in ({"files": ["./out.json"]}, {"folders": ["study"]}):
            with pytest.raises(InputError, match="another run is writing there"), claimed(**again):
                pass
        with claimed(files=["other.json"], folders=["music"]):
            pass
    with claimed(files=["out.json"], folders=["study"]):
        pass
    assert not list(folder.glob(".*"))
    assert not (folder / "study").exists()


HOLDER = """
import sys, time
from moodprint.outputs import claimed
with claimed(files=["out.json"]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_claim_dies_with_its_process(folder):
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with (
            pytest.raises(InputError, match=r"^out\.json: another run"),
            claimed(files=["out.json"]),
        ):
            pass
        other.kill()
    with claimed(files=["out.json"]):
        pass
    assert not list(folder.glob(".*")), "the next run leaves nothing of the killed one"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"files": ["one.mp3"]}, "is one of the files to read"),
        ({"files": ["link.mp3"]}, "is one of the files to read"),
        ({"files": ["music"]}, "is a folder, a file was expected"),
        ({"folders": ["one.mp3"]}, "is no folder"),
        ({"folders": ["dangling"]}, "is no folder"),
        ({"folders": [os.devnull]}, "is no folder"),
        ({"files": ["new"], "folders": ["new"]}, "twice"),
        ({"files": ["new/a"], "folders": []}, None),
        ({"files": [os.devnull], "special": False}, "is a pipe, a device or a link"),
        ({"files": ["dangling"], "special": False}, "is a pipe, a device or a link"),
        ({"files": [os.devnull]}, None),
        ({"files": [None], "folders": [None]}, None),
    ],
)
def test_what_would_destroy_something_is_refused_by_a_claim(asked, reason):
    Path("dangling").symlink_to("nowhere")
    if reason is None:
        with claimed(sources=SOURCES, **asked):
            pass
        return
    with pytest.raises(OptionError, match=reason), claimed(sources=SOURCES, **asked):
        pass


def test_a_claim_takes_names_of_any_length(folder):
    names = ["n" * 240 + end for end in "ab"]
    with claimed(files=names):
        pass
    assert len({path.name for path in folder.iterdir()}) == 6


def test_a_link_in_the_place_of_a_lock_is_not_followed(folder):
    Path(".out.json.moodprint.lock").symlink_to("one.mp3")
    with pytest.raises(InputError, match="cannot be written"), claimed(files=["out.json"]):
        pass
    assert Path("one.mp3").read_bytes() == b"one.mp3"


def test_folders_that_stay_empty_go_again(folder):
    before = sorted(folder.iterdir())
    with claimed(files=["deep/new/out.json"], folders=["deep/study", "music"]):
        assert (folder / "deep" / "study").is_dir()
    assert sorted(folder.iterdir()) == before
    with claimed(files=["deep/new/out.json"], folders=["deep/study"]):
        Path("deep/new/out.json").touch()
    assert sorted(path.name for path in (folder / "deep").rglob("*")) == ["new", "out.json"]
