import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.generation.midi.smf import META, TEMPO, Event, MidiFile
from moodprint.generation.midi.tick_clock import TickClock

FILE = MidiFile(1, 100, None, ())


def tempo(tick: int, us: int) -> Event:
    return Event(tick, META, TEMPO, us.to_bytes(3, "big"))


def test_without_a_tempo_a_quarter_note_lasts_half_a_second() -> None:
    assert TickClock(FILE, []).seconds(300) == pytest.approx(1.5)


def test_each_tempo_holds_from_its_tick_on() -> None:
    clock = TickClock(FILE, [tempo(200, 250_000), tempo(100, 1_000_000)])
    assert [clock.seconds(tick) for tick in (0, 100, 150, 200, 300)] == pytest.approx(
        [0, 0.5, 1.0, 1.5, 1.75]
    )


def test_a_tempo_of_nothing_is_none() -> None:
    events = [tempo(100, 0), Event(200, META, TEMPO, b"\x01")]
    assert TickClock(FILE, events).seconds(400) == pytest.approx(2.0)


def test_smpte_timing_knows_no_tempo() -> None:
    clock = TickClock(MidiFile(1, 0, 1000.0, ()), [tempo(0, 1)])
    assert clock.seconds(1500) == pytest.approx(1.5)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 2**24 - 1))), st.integers(0, 2000))
def test_time_never_runs_back(changes: list[tuple[int, int]], step: int) -> None:
    clock = TickClock(FILE, [tempo(*change) for change in changes])
    times = [clock.seconds(tick) for tick in range(0, 12_000, step + 1)]
    assert times == sorted(times)
