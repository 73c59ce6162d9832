from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tensorflow_writer import field, sorted_table, varint, write_checkpoint

from moodprint.errors import BundleError, MissingFileError
from moodprint.models.tensor_bundle import latest_checkpoint, read_checkpoint

TENSORS = {
    "block_1/conv0/kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 4) / 7,
    "block_1/conv0/bias": np.array([-1.5, 2.5], np.float64),
    "block_10/ids": np.array([[2**40, -3]], np.int64),
    "flags": np.array([True, False]),
    "global_step": np.array(11, np.int32),
    "half": np.array([0.5, -2], np.float16),
    "nothing": np.zeros((0, 3), np.float32),
}


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("snappy", [False, True])
def test_what_was_written_is_read(
    tmp_path: Path, shards: int, big_endian: bool, snappy: bool
) -> None:
    prefix = tmp_path / "model.ckpt-11"
    write_checkpoint(prefix, TENSORS, shards=shards, big_endian=big_endian, snappy=snappy)
    checkpoint = read_checkpoint(prefix)
    assert set(checkpoint) == set(TENSORS)
    for name, tensor in TENSORS.items():
        assert checkpoint[name].dtype == tensor.dtype
        assert checkpoint[name].dtype.isnative
        np.testing.assert_array_equal(checkpoint[name], tensor)
        assert checkpoint.entries[name].shape == tensor.shape


def test_files_without_a_name_before_the_dot_are_found_by_their_folder(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "x", {"w": np.ones(2, np.float32)})
    (tmp_path / "x.index").rename(tmp_path / ".index")
    (tmp_path / "x.data-00000-of-00001").rename(tmp_path / ".data-00000-of-00001")
    assert read_checkpoint(tmp_path)["w"].tolist() == [1, 1]


def test_bfloat16_is_widened(tmp_path: Path) -> None:
    entry = field(1, 14) + field(2, field(2, field(1, 2))) + field(5, 4)
    _write_raw(tmp_path, entry, np.array([0x3FC0, 0xC000], "<u2").tobytes())
    assert read_checkpoint(tmp_path / "c")["w"].tolist() == [1.5, -2.0]


def test_names_are_known_without_the_shards(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", TENSORS)
    (tmp_path / "c.data-00000-of-00001").unlink()
    checkpoint = read_checkpoint(tmp_path / "c")
    assert len(checkpoint) == len(TENSORS)
    with pytest.raises(BundleError, match=r"half.*missing"):
        checkpoint["half"]


def test_an_altered_or_cut_shard_is_noticed(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", {"w": np.ones(300, np.float32)})
    shard = tmp_path / "c.data-00000-of-00001"
    altered = bytearray(shard.read_bytes())
    altered[700] ^= 1
    shard.write_bytes(altered)
    with pytest.raises(BundleError, match="checksum"):
        read_checkpoint(tmp_path / "c")["w"]
    shard.write_bytes(altered[:-1])
    with pytest.raises(BundleError, match="cut off"):
        read_checkpoint(tmp_path / "c")["w"]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (field(1, 7) + field(5, 4), "type 7"),
        (field(1, 1) + field(5, 4) + field(7, b""), "partitioned"),
        (field(1, 1) + field(2, field(2, field(1, 3))) + field(5, 4), "needs 12"),
    ],
)
def test_tensors_that_are_not_read_say_so(tmp_path: Path, entry: bytes, says: str) -> None:
    _write_raw(tmp_path, entry, bytes(4))
    with pytest.raises(BundleError, match=says):
        read_checkpoint(tmp_path / "c")["w"]


@pytest.mark.parametrize(
    "entry",
    [
        field(2, 3),
        field(2, field(2, 5)),
        field(2, field(2, field(1, 2**64 - 1))),
        varint(2 * 8 + 2) + b"\x09",
    ],
)
def test_a_broken_entry_is_refused(tmp_path: Path, entry: bytes) -> None:
    _write_raw(tmp_path, entry, b"")
    with pytest.raises(BundleError):
        read_checkpoint(tmp_path / "c")


@pytest.mark.parametrize("table", [[(b"w", b"")], [(b"", field(1, 0))], [(b"", field(2, 9))]])
def test_a_broken_header_is_refused(tmp_path: Path, table: list[tuple[bytes, bytes]]) -> None:
    (tmp_path / "c.index").write_bytes(sorted_table(table))
    with pytest.raises(BundleError, match=r"c\.index.*header"):
        read_checkpoint(tmp_path / "c")


def test_files_that_are_no_checkpoint_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        read_checkpoint(tmp_path / "none")
    (tmp_path / "text.index").write_text("x" * 100)
    with pytest.raises(BundleError, match="no sorted table"):
        read_checkpoint(tmp_path / "text")


def test_the_state_file_names_the_newest(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "model.ckpt-9", {})
    state = tmp_path / "checkpoint"
    for named in ("model.ckpt-9", "/elsewhere/run/model.ckpt-9"):
        state.write_text(
            f'model_checkpoint_path: "{named}"\nall_model_checkpoint_paths: "model.ckpt-1"\n'
        )
        assert latest_checkpoint(tmp_path) == tmp_path / "model.ckpt-9"


def test_a_state_file_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="checkpoint"):
        latest_checkpoint(tmp_path)
    (tmp_path / "checkpoint").write_text('all_model_checkpoint_paths: "x"\n')
    with pytest.raises(BundleError, match="names no"):
        latest_checkpoint(tmp_path)
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-3"\n')
    with pytest.raises(MissingFileError, match="not in"):
        latest_checkpoint(tmp_path)


@pytest.mark.parametrize("training_set", ["MSD", "MTT"])
def test_musicnns_checkpoints_are_read(training_set: str) -> None:
    installed = find_spec("musicnn")
    if installed is None or not installed.submodule_search_locations:
        pytest.skip("the package musicnn, whose checkpoints are read here, is not installed")
    folder = Path(installed.submodule_search_locations[0]) / f"{training_set}_musicnn"
    checkpoint = read_checkpoint(latest_checkpoint(folder))
    assert checkpoint.entries["conv2d/kernel"].shape == checkpoint["conv2d/kernel"].shape
    assert all(np.isfinite(checkpoint[name]).all() for name in checkpoint)
    variance = checkpoint["batch_normalization/moving_variance"]
    assert (variance > 0).all()


def _write_raw(folder: Path, entry: bytes, data: bytes) -> None:
    header = field(1, 1)
    (folder / "c.index").write_bytes(sorted_table([(b"", header), (b"w", entry)]))
    (folder / "c.data-00000-of-00001").write_bytes(data)
