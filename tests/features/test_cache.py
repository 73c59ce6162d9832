import numpy as np

from moodprint.features.cache import FeatureCache, default_folder
from moodprint.files import DRAFTS


def test_what_was_put_comes_back(tmp_path):
    cache = FeatureCache(tmp_path)
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    key = cache.key("abc", {"set": "acoustic", "version": 1}, [(0.0, None)])
    assert cache.get(key) is None
    cache.put(key, values)
    np.testing.assert_array_equal(cache.get(key), values)
    assert not list(tmp_path.rglob(DRAFTS))


def test_all_that_decides_is_in_the_key(tmp_path):
    cache = FeatureCache(tmp_path)
    keys = {
        cache.key("abc", {"set": "acoustic", "version": 1}, [(0.0, None)]),
        cache.key("abd", {"set": "acoustic", "version": 1}, [(0.0, None)]),
        cache.key("abc", {"set": "acoustic", "version": 2}, [(0.0, None)]),
        cache.key("abc", {"set": "acoustic", "version": 1}, [(0.0, 5.0)]),
    }
    assert len(keys) == 4
    assert cache.key("a", {"x": 1, "y": 2}, 0) == cache.key("a", {"y": 2, "x": 1}, 0)


def test_a_broken_entry_counts_as_absent_and_no_pickle_is_loaded(tmp_path):
    cache = FeatureCache(tmp_path)
    for content in (b"", b"not numpy", b"\x93NUMPY\x01\x00"):
        (tmp_path / "ab").mkdir(exist_ok=True)
        (tmp_path / "ab" / "abc.npy").write_bytes(content)
        assert cache.get("abc") is None
    np.save(tmp_path / "ab" / "abc.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert cache.get("abc") is None


def test_the_folder_follows_the_users_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "moodprint" / "features"
