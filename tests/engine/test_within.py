"""How far work is within an item: told there, heard here, from any process."""

from __future__ import annotations

import engine_jobs as jobs
import pytest

from moodprint.engine import Limits, hearing, run, tell, telling, unheard
from moodprint.engine.within import at_work_on


@pytest.fixture
def heard():
    return []


@pytest.fixture
def hear(heard):
    return lambda item, done, total: heard.append((item, done, total))


def test_what_is_told_where_nobody_hears_is_lost():
    tell(1, 2)


def test_it_is_heard_with_its_item_and_never_past_the_end(hear, heard):
    with hearing(hear), at_work_on("song"):
        tell(1, 4)
        tell(5, 4)
        with unheard():
            tell(2, 4)
    tell(3, 4)
    assert heard == [("song", 1, 4), ("song", 4, 4)]


def test_parts_are_passed_on_and_counted_in_units_of_the_total(hear, heard):
    with hearing(hear):
        assert list(telling(["ab", "cdef"], 3.0, per_unit=2)) == ["ab", "cdef"]
    assert heard == [(None, 1, 3), (None, 3, 3)]


@pytest.mark.parametrize("total", [None, 0.0])
def test_of_an_unknown_total_nothing_is_told(total, hear, heard):
    with hearing(hear):
        assert list(telling(["ab"], total)) == ["ab"]
    assert heard == []


@pytest.mark.parametrize(("workers", "limits"), [(1, Limits()), (2, Limits()), (1, Limits(60.0))])
def test_it_comes_from_where_the_work_runs(workers, limits, hear, heard):
    with hearing(hear):
        outcomes = list(run(jobs.tell_slowly, [3, 5], workers=workers, limits=limits))
    assert [outcome.unwrap() for outcome in outcomes] == [3, 5]
    assert {item for item, *_ in heard} == {3, 5}
    for item, done, total in heard:
        assert total == item
        assert 0 < done <= item


def test_a_process_says_so_now_and_then_and_not_at_every_step(hear, heard):
    with hearing(hear):
        [outcome] = run(jobs.tell_fast, [20_000], workers=1, limits=Limits(60.0))
    assert outcome.unwrap() == 20_000
    assert 1 <= len(heard) < 2_000
