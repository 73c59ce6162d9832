"""Keys follow tempo and pitch as the module says."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodprint.fingerprint.peaks import Peaks
from moodprint.fingerprint.triples import KEY_BITS, PITCH_BITS, Triples, triples_of


def peaks_of(*points: tuple[float, float]) -> Peaks:
    frame, octave = np.array(points, np.float32).T
    return Peaks(frame, octave)


THREE = peaks_of((10, 1.0), (14, 1.5), (30, 0.25))


def test_a_key_holds_the_fields_that_are_documented() -> None:
    (key,) = triples_of(THREE, 2).keys()
    assert int(key) >> 25 == 4
    assert int(key) >> 20 & 31 == 20
    assert int(key) >> 14 & 63 == 24 + 12
    assert int(key) >> 8 & 63 == 24 - 18
    assert int(key) & 255 == round(1.5 * 48)


def test_pitch_moves_the_lowest_bits_alone() -> None:
    higher = Peaks(THREE.frame, THREE.octave + 2 / 12)
    before, after = (int(triples_of(peaks, 2).keys()[0]) for peaks in (THREE, higher))
    assert after - before == 8
    assert triples_of(higher, 2).pitches(2 / 12)[0] == before & 255


def test_a_query_of_another_tempo_asks_for_the_same_shape() -> None:
    fast = Peaks(THREE.frame / 1.1, THREE.octave)
    shape, fits = triples_of(fast, 2, 1.12).shapes(1.1)
    assert fits.all()
    assert shape[0] == triples_of(THREE, 2).keys()[0] >> PITCH_BITS


def test_what_does_not_fit_into_a_key_is_marked() -> None:
    far = peaks_of((0, 1), (20, 1), (33, 1))
    triples = triples_of(far, 2, 1.12)
    assert len(triples.rows) == 1
    assert not triples.shapes(1.0)[1][0]
    assert triples.shapes(0.9)[1][0]


def test_fan_out_gives_all_pairs_of_the_next_peaks_in_the_zone() -> None:
    points = [(0, 1), (1, 1), (5, 1), (6, 2.5), (7, 1.2), (9, 0.9), (40, 1)]
    triples = triples_of(peaks_of(*points), 3)
    of_first = triples.rows[triples.rows[:, 0] == 0]
    # 1 is too near, 3 too high, 6 too late.
    assert {tuple(row) for row in of_first} == {(0, 2, 4), (0, 2, 5), (0, 4, 5)}


def test_few_peaks_make_no_triples() -> None:
    assert len(triples_of(Peaks(np.zeros(0, np.float32), np.zeros(0, np.float32)), 4).rows) == 0
    assert len(triples_of(peaks_of((0, 1), (4, 1)), 4).rows) == 0


@given(
    st.lists(st.tuples(st.floats(0, 2000), st.floats(-0.1, 4.6)), min_size=3, max_size=60),
    st.integers(2, 5),
)
def test_every_key_has_its_bits(points: list[tuple[float, float]], fan_out: int) -> None:
    peaks = peaks_of(*sorted(points))
    triples: Triples = triples_of(peaks, fan_out)
    shapes, fits = triples.shapes()
    assert fits.all()
    assert ((shapes >= 0) & (shapes < 2 ** (KEY_BITS - PITCH_BITS))).all()
    assert (np.diff(triples.rows, axis=1) > 0).all()
