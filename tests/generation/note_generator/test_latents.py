import itertools

import numpy as np
import pytest

from moodprint.errors import OptionError
from moodprint.generation.note_generator.latents import InstrumentRoute, slerp


def test_slerp_turns_at_an_even_pace() -> None:
    start, end = np.eye(256, dtype=np.float32)[:2]
    for share in (0, 0.25, 0.5, 1):
        angle = share * np.pi / 2
        np.testing.assert_allclose(slerp(start, end, share)[:2], [np.cos(angle), np.sin(angle)],
                                   atol=1e-6)  # fmt: skip


def test_slerp_keeps_the_length_and_takes_equal_ends() -> None:
    random = np.random.default_rng(0)
    start, end = random.normal(size=(2, 256)).astype(np.float32)
    end *= np.linalg.norm(start) / np.linalg.norm(end)
    assert np.linalg.norm(slerp(start, end, 0.3)) == pytest.approx(np.linalg.norm(start), rel=1e-4)
    np.testing.assert_allclose(slerp(start, start, 0.3), start, rtol=1e-5)


def test_a_route_passes_its_stops_and_changes_in_steps() -> None:
    route = InstrumentRoute(4.0, seed=1, steps=8)
    assert [route.step(t) for t in (0, 0.49, 0.5, 3.99, 4.0)] == [0, 0, 1, 7, 8]
    between = [route.latent(step) for step in range(17)]
    jumps = [np.linalg.norm(b - a) for a, b in itertools.pairwise(between)]
    apart = np.linalg.norm(between[0] - between[8])
    assert max(jumps) < 0.3 * apart


def test_slower_is_smoother() -> None:
    slow, fast = InstrumentRoute(60.0, seed=1), InstrumentRoute(3.0, seed=1)
    moved = [np.linalg.norm(r.latent(r.step(2.0)) - r.latent(0)) for r in (slow, fast)]
    assert moved[0] < 0.1 * moved[1]


def test_a_seed_gives_the_same_route_from_wherever_it_is_asked() -> None:
    first, second = InstrumentRoute(6, seed=5), InstrumentRoute(6, seed=5)
    np.testing.assert_array_equal(first.latent(900), second.latent(900))
    assert not np.array_equal(first.latent(0), InstrumentRoute(6, seed=6).latent(0))


def test_given_stops_are_passed_and_the_last_is_kept() -> None:
    stops = np.random.default_rng(0).normal(size=(2, 256)).astype(np.float32)
    route = InstrumentRoute(1.0, seed=1, stops=stops)
    np.testing.assert_allclose(route.latent(0), stops[0], rtol=1e-5)
    np.testing.assert_allclose(route.latent(8), stops[1], rtol=1e-5)
    np.testing.assert_allclose(route.latent(99), stops[1], rtol=1e-5)


@pytest.mark.parametrize("seconds", [0, -1, np.inf, np.nan])
def test_a_time_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(OptionError):
        InstrumentRoute(seconds, seed=1)
