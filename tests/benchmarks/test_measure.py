from __future__ import annotations

import sys

import pytest


def test_time_and_memory_of_a_process():
    from measure import measure

    code = "import time; block = b'x' * 60_000_000; time.sleep(0.2)"
    usage = measure([sys.executable, "-c", code])
    assert usage.wall_s >= 0.2
    assert 0 < usage.cpu_s < usage.wall_s
    assert usage.peak_mib > 57


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ([sys.executable, "-c", "raise SystemExit('out of luck')"], "out of luck"),
        (["false"], "exit status 1"),
        (["/no/such/program"], "No such file"),
    ],
)
def test_a_failing_command_says_why(command, said):
    from measure import CommandFailedError, measure

    with pytest.raises(CommandFailedError, match=said):
        measure(command)


def test_a_command_that_does_not_end_is_ended():
    from measure import CommandFailedError, measure

    with pytest.raises(CommandFailedError, match=r"longer than 0\.3 s"):
        measure(["sleep", "60"], limit_s=0.3)


def test_the_machine_is_named():
    from measure import machine

    assert " cores, " in machine()
