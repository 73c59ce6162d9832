import json
import subprocess
import sys
import zipfile

import onnxruntime
import pytest
from cards import classifier_card, emotion_network_card

from moodprint.bundle import CARD, BundleKind, open_bundle, shipped_bundles, write_bundle
from moodprint.errors import BundleError, OptionError
from moodprint.models.classifiers.card import ClassifierCard
from moodprint.models.emotion_net.card import EmotionNetworkCard


@pytest.fixture
def folder(tmp_path):
    write_bundle(tmp_path / "toy", emotion_network_card(), {"ear.onnx": b"weights"})
    return tmp_path / "toy"


def rewrite(folder, **changes):
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **changes}))


def test_what_is_written_is_read(folder):
    bundle = open_bundle(folder)
    assert bundle.name == "toy-3"
    assert bundle.kind is BundleKind.EMOTION_NETWORK
    assert bundle.read("ear.onnx") == b"weights"


def test_the_card_is_there_typed_and_as_it_was_written(folder):
    rewrite(folder, teachers=["two"])
    bundle = open_bundle(folder)
    assert bundle.card_as(EmotionNetworkCard).calibration.temperature == 1.5
    assert bundle.fields["teachers"] == ["two"]


def test_a_card_of_another_kind_is_not_handed_out(folder):
    with pytest.raises(BundleError, match="of kind emotion-network, not study"):
        open_bundle(folder).card_as(ClassifierCard)


@pytest.mark.parametrize(
    ("released", "kind"),
    [("ear", BundleKind.EMOTION_NETWORK), ("emotion-network", BundleKind.EMOTION_NETWORK)],
)
def test_a_kind_is_read_under_its_name_and_the_one_it_was_released_under(folder, released, kind):
    rewrite(folder, kind=released)
    assert open_bundle(folder).kind is kind


def test_a_kind_that_there_is_not_lists_those_there_are(folder):
    rewrite(folder, kind="emotion-netwrok")
    with pytest.raises(BundleError, match=r"did you mean 'emotion-network'.*note-generator"):
        open_bundle(folder)


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
    with pytest.raises(BundleError, match=r"card\.json cannot be used"):
        open_bundle(folder)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused_wherever_it_stands(folder, number):
    text = (folder / CARD).read_text().replace("1.5", number)
    assert number in text
    (folder / CARD).write_text(text)
    with pytest.raises(BundleError, match="number") as refused:
        open_bundle(folder)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["../secret.onnx", "/etc/passwd", "code.pkl", "code.py", "a/b.onnx", "a\\b.onnx", ""]
)
def test_a_card_may_not_list_pickles_code_or_paths(folder, name):
    rewrite(folder, files={name: "0" * 64})
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


def test_a_file_that_the_card_does_not_list_is_read_beside_it_only(folder):
    (folder / "notes.txt").write_bytes(b"read me")
    assert open_bundle(folder).beside("notes.txt") == b"read me"
    with pytest.raises(BundleError, match="lists no file"):
        open_bundle(folder).read("notes.txt")


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    with pytest.raises(BundleError, match="no model bundle"):
        open_bundle(tmp_path / "song.mp3")


def test_a_session_runs_a_network_of_the_bundle_on_the_processor():
    session = open_bundle("ear").session("ear.onnx", threads=1)
    assert isinstance(session, onnxruntime.InferenceSession)
    assert session.get_providers() == ["CPUExecutionProvider"]
    assert session.get_session_options().intra_op_num_threads == 1


def test_a_network_that_does_not_load_is_refused_and_named(folder):
    with pytest.raises(BundleError, match=r"toy: ear\.onnx does not load: it is no ONNX file"):
        open_bundle(folder).session("ear.onnx")


def test_a_session_of_changed_bytes_says_so(folder):
    (folder / "ear.onnx").write_bytes(b"Weights")
    with pytest.raises(BundleError, match="fetch it anew"):
        open_bundle(folder).session("ear.onnx")


def test_writing_fills_in_the_checksums_and_replaces_what_was_there(folder):
    before = open_bundle(folder).card.files["ear.onnx"]
    write_bundle(folder, emotion_network_card(name="other"), {"ear.onnx": b"other weights"})
    bundle = open_bundle(folder)
    assert bundle.card.name == "other"
    assert bundle.card.files["ear.onnx"] != before
    assert bundle.read("ear.onnx") == b"other weights"


def test_a_card_of_a_classifier_opens_too(tmp_path):
    write_bundle(tmp_path, classifier_card(), {"model.skops": b"classifier"})
    assert open_bundle(tmp_path).card_as(ClassifierCard).segment_s == 4.0


@pytest.mark.parametrize("name", sorted(shipped_bundles()))
def test_a_shipped_bundle_is_whole_and_its_card_says_what_a_card_must(name):
    bundle = open_bundle(name)
    for key in ("licence", "data", "metrics", "limits", "training"):
        assert bundle.fields[key]
    assert sum(len(bundle.read(file)) for file in bundle.card.files) < 20_000_000


def test_a_zip_that_lacks_its_card_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "toy.zip", "w") as archive:
        archive.writestr("ear.onnx", b"weights")
    with pytest.raises(BundleError, match=r"has no card\.json"):
        open_bundle(tmp_path / "toy.zip")


def test_a_card_comes_last_so_that_a_folder_with_one_is_whole(tmp_path, monkeypatch):
    def full(path, content):
        raise OSError("no space left on device")

    write_bundle(tmp_path / "toy", emotion_network_card(), {"ear.onnx": b"old"})
    monkeypatch.setattr("moodprint.bundle.bundle.write_atomically", full)
    with pytest.raises(OSError, match="no space left"):
        write_bundle(tmp_path / "toy", emotion_network_card(), {"ear.onnx": b"new"})
    with pytest.raises(BundleError, match=r"has no card\.json"):
        open_bundle(tmp_path / "toy")


def test_what_ships_is_found_by_name():
    assert {"ear", "band", "painter"} <= set(shipped_bundles())
    for name, path in shipped_bundles().items():
        assert path.name == name
        assert (path / CARD).is_file()


def test_the_emotion_network_ships_under_its_released_name_and_its_kind():
    bundle = open_bundle()
    assert (bundle.card.name, bundle.kind) == ("ear", BundleKind.EMOTION_NETWORK)
    assert bundle.path.name == "ear"


def test_opening_a_bundle_loads_no_runtime_of_networks():
    code = "import sys, moodprint.bundle as b; b.open_bundle(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"onnxruntime", "torch", "sklearn"} & set(done.stdout.split())


def test_a_list_of_bundles_loads_no_code_of_their_kinds():
    code = (
        "import sys, moodprint.bundle as b\n"
        "print(sorted({b.open_bundle(n, typed=False).kind for n in b.shipped_bundles()}))\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    kinds, modules = done.stdout.splitlines()
    assert "emotion-network" in kinds
    assert not {"numpy", "scipy", "onnxruntime"} & set(modules.split())


def test_without_its_class_a_card_is_checked_for_what_all_kinds_share(folder):
    rewrite(folder, features=None)
    assert open_bundle(folder, typed=False).card.name == "toy"
    with pytest.raises(BundleError, match="features"):
        open_bundle(folder)
    rewrite(folder, labels="angry")
    with pytest.raises(BundleError, match="labels"):
        open_bundle(folder, typed=False)
