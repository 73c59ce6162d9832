import pickle
from dataclasses import replace

import numpy as np
import pytest

from moodprint.study.trial_table import StoredTable, TrialTable


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(200, 50)).astype(np.float32)
    return TrialTable(values, rng.integers(3, size=200), np.arange(200) // 4, 3)


def test_equal_tables_have_one_digest_and_any_change_gives_another(table):
    assert TrialTable(table.values.copy(), table.truth, table.groups, 3).digest == table.digest
    for change in (
        {"values": table.values[:, ::-1]},
        {"values": table.values.reshape(100, 100)},
        {"truth": table.truth[::-1]},
        {"groups": table.groups + 1},
        {"classes": 4},
    ):
        assert replace(table, **change).digest != table.digest


def test_a_stored_table_is_the_same_table(table, tmp_path):
    stored = StoredTable.of(table, tmp_path)
    stored.write(table)
    loaded = stored.load()
    np.testing.assert_array_equal(loaded.values, table.values)
    np.testing.assert_array_equal(loaded.truth, table.truth)
    assert (loaded.classes, loaded.digest, stored.digest) == (3, table.digest, table.digest)


def test_values_are_mapped_and_not_sent(table, tmp_path):
    stored = StoredTable.of(table, tmp_path)
    stored.write(table)
    assert isinstance(stored.load().values, np.memmap)
    assert not stored.load().values.flags.writeable
    assert len(pickle.dumps(stored)) < table.values.nbytes / 5


def test_a_table_is_written_once(table, tmp_path):
    stored = StoredTable.of(table, tmp_path)
    assert list(tmp_path.iterdir()) == []
    stored.write(table)
    path = stored.path
    before = path.stat().st_mtime_ns
    StoredTable.of(table, tmp_path).write(table)
    assert path.stat().st_mtime_ns == before
    assert list(tmp_path.iterdir()) == [path]
