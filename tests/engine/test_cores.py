"""The number of cores is that of this process, not of the machine."""

from __future__ import annotations

import os

import pytest

from moodprint.engine.cores import available_cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cannot pin a process here")
def test_a_pinned_process_has_the_cores_it_is_pinned_to() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert available_cores() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert available_cores() == len(before)


@pytest.mark.parametrize(("counted", "expected"), [(6, 6), (None, 1)])
def test_where_pinning_is_unknown_the_machine_is_counted(
    monkeypatch: pytest.MonkeyPatch, counted: int | None, expected: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: counted)
    assert available_cores() == expected
