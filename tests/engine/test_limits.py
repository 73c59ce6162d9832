"""Limits of time and memory, and that what has limits never runs in the caller's process."""

from __future__ import annotations

import os
from pathlib import Path

import engine_jobs as jobs
import pytest

from moodprint.engine import Limits, file_limits, run, run_one
from moodprint.errors import MemoryLimitError, OptionError, TimeLimitError

MB = 1024**2


@pytest.mark.parametrize("options", [{"time_s": 0}, {"time_s": -1.5}, {"memory_bytes": 0}])
def test_a_limit_is_positive(options: dict) -> None:
    with pytest.raises(OptionError, match="limit"):
        Limits(**options)


def test_with_limits_even_one_worker_is_a_process_of_its_own() -> None:
    assert run_one(jobs.process_id, 0, limits=Limits(60)) != os.getpid()
    [outcome] = run(jobs.process_id, [0], workers=1)
    assert outcome.unwrap() == os.getpid()


def test_an_item_that_asks_for_too_much_memory_fails_alone() -> None:
    items = [10 * MB, 400 * MB, 20 * MB]
    outcomes = list(run(jobs.fill, items, workers=1, limits=Limits(memory_bytes=200 * MB)))
    assert [outcome.value for outcome in outcomes] == [10 * MB, None, 20 * MB]
    assert isinstance(outcomes[1].error, MemoryLimitError)


def test_one_item_that_hangs_ends_in_an_error() -> None:
    with pytest.raises(TimeLimitError, match=r"longer than 0\.2 s"):
        run_one(jobs.nap, 60.0, limits=Limits(0.2))


def test_a_larger_file_may_take_longer(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x")
    with large.open("wb") as file:
        file.truncate(20 * MB)
    limits = file_limits()
    assert 60 <= limits.seconds_for(small) < 61
    assert limits.seconds_for(str(large)) > 1000
    assert limits.seconds_for(tmp_path / "gone") == 60
    assert file_limits(lambda item: item[1]).seconds_for((0, small)) == limits.seconds_for(small)
    assert file_limits(effort=3).seconds_for(tmp_path / "gone") == 180


def test_a_huge_file_has_its_end_too(tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(10**12)
    assert file_limits().seconds_for(huge) == 6 * 3600


def test_the_errors_of_one_item_are_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        run_one(jobs.inverse, 0, limits=Limits(60))
