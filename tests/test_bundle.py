import json
import zipfile

import pytest

from moodprint.bundle import CARD, open_bundle, shipped_bundles, write_bundle
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError, OptionError

CARD_FIELDS = {"name": "toy", "version": "3", "kind": "ear", "labels": list(EMOTIONS)}


@pytest.fixture
def folder(tmp_path):
    write_bundle(tmp_path / "toy", CARD_FIELDS, {"ear.onnx": b"weights"})
    return tmp_path / "toy"


def rewrite(folder, **changes):
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **changes}))


def test_what_is_written_is_read(folder):
    bundle = open_bundle(folder)
    assert bundle.name == "toy-3"
    assert bundle.read("ear.onnx") == b"weights"


def test_a_zip_is_as_good_as_a_folder(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "toy.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    assert open_bundle(tmp_path / "toy.zip").read("ear.onnx") == b"weights"


def test_a_path_with_nothing_there_lists_what_ships():
    with pytest.raises(OptionError, match="no model is called 'nothing'"):
        open_bundle("nothing")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_card_that_is_no_object_is_refused(folder, content):
    (folder / CARD).write_bytes(content)
    with pytest.raises(BundleError):
        open_bundle(folder)


@pytest.mark.parametrize("key", ["name", "version", "kind", "labels", "files"])
def test_a_card_that_lacks_a_field_is_refused(folder, key):
    rewrite(folder, **{key: None})
    with pytest.raises(BundleError, match=key):
        open_bundle(folder)


def test_labels_in_another_order_are_refused(folder):
    rewrite(folder, labels=list(EMOTIONS)[::-1])
    with pytest.raises(BundleError, match="labels"):
        open_bundle(folder)


@pytest.mark.parametrize(
    "name", ["../secret.onnx", "/etc/passwd", "code.pkl", "code.py", "a/b.onnx"]
)
def test_a_card_may_not_list_pickles_code_or_paths(folder, name):
    rewrite(folder, files={name: "0"})
    with pytest.raises(BundleError, match="may not hold"):
        open_bundle(folder)


def test_changed_bytes_are_noticed(folder):
    (folder / "ear.onnx").write_bytes(b"Weights")
    with pytest.raises(BundleError, match="fetch it anew"):
        open_bundle(folder).read("ear.onnx")


def test_a_missing_file_is_noticed(folder):
    (folder / "ear.onnx").unlink()
    with pytest.raises(BundleError, match=r"ear\.onnx"):
        open_bundle(folder).read("ear.onnx")


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    with pytest.raises(BundleError, match="no model bundle"):
        open_bundle(tmp_path / "song.mp3")


def test_a_card_says_what_it_lacks(folder):
    with pytest.raises(BundleError, match=r"calibration\.temperature"):
        open_bundle(folder).need("calibration", "temperature")


@pytest.mark.parametrize("name", sorted(shipped_bundles()))
def test_a_shipped_bundle_is_whole_and_its_card_says_what_a_card_must(name):
    bundle = open_bundle(name)
    for key in ("licence", "data", "metrics", "limits", "training"):
        assert bundle.need(key)
    assert sum(len(bundle.read(file)) for file in bundle.card["files"]) < 20_000_000
