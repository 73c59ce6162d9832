"""The cache of features: named by all that decides a value, and never half written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from moodprint.features.cache import FeatureCache, default_folder
from moodprint.files import DRAFTS


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    key = cache.key("abc", {"set": "acoustic", "version": 1}, [(0.0, None)])
    assert cache.get(key) is None
    cache.put(key, values)
    np.testing.assert_array_equal(cache.get(key), values)
    assert not list(tmp_path.rglob(DRAFTS))


def test_all_that_decides_is_in_the_key(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    keys = {
        cache.key("abc", {"set": "acoustic", "version": 1}, [(0.0, None)]),
        cache.key("abd", {"set": "acoustic", "version": 1}, [(0.0, None)]),
        cache.key("abc", {"set": "acoustic", "version": 2}, [(0.0, None)]),
        cache.key("abc", {"set": "acoustic", "version": 1}, [(0.0, 5.0)]),
    }
    assert len(keys) == 4
    assert cache.key("a", {"x": 1, "y": 2}, 0) == cache.key("a", {"y": 2, "x": 1}, 0)


def test_a_broken_entry_counts_as_absent_and_no_pickle_is_loaded(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    for content in (b"", b"not numpy", b"\x93NUMPY\x01\x00"):
        (tmp_path / "ab").mkdir(exist_ok=True)
        (tmp_path / "ab" / "abc.npy").write_bytes(content)
        assert cache.get("abc") is None
    np.save(tmp_path / "ab" / "abc.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert cache.get("abc") is None


def test_the_folder_follows_the_users_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "moodprint" / "features"


def test_without_a_setting_it_is_in_the_users_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".cache" / "moodprint" / "features"


def test_the_last_of_two_values_stays(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    for value in (1.0, 2.0):
        cache.put("ab12", np.full(3, value, np.float32))
    np.testing.assert_array_equal(cache.get("ab12"), [2, 2, 2])


def test_types_and_shapes_are_kept(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    for key, values in {"aa1": np.zeros((0, 7), np.float32), "aa2": np.array([np.nan])}.items():
        cache.put(key, values)
        again = cache.get(key)
        assert (again.dtype, again.shape) == (values.dtype, values.shape)


def test_many_may_write_the_same_entry_while_others_read(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path)
    values = np.arange(50_000, dtype=np.float32)

    def write_and_read(_: int) -> bool:
        cache.put("cd34", values)
        found = cache.get("cd34")
        return found is not None and np.array_equal(found, values)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write_and_read, range(40)))
    assert not list(tmp_path.rglob(DRAFTS))


def test_no_folder_is_made_until_something_is_kept(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path / "new")
    assert cache.get("ef56") is None
    assert not (tmp_path / "new").exists()
