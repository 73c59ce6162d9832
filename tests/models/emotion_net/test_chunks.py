from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.models.emotion_net.chunks import CHUNK_ROWS, chunks, levelled, row_levels_db

PER_ROW, BANDS = 4, 3


def frames_of(rows: float, level_db: float = -30.0) -> np.ndarray:
    count = int(rows * PER_ROW)
    return (level_db + np.arange(count)[:, None] % 7 * np.ones(BANDS)).astype(np.float32)


@given(st.integers(1, 700), st.lists(st.integers(1, 900), min_size=1, max_size=6))
def test_every_row_is_counted_once_whatever_the_pieces(count: int, sizes: list[int]) -> None:
    frames = np.arange(count, dtype=np.float32)[:, None] * np.ones(BANDS, np.float32)
    edges = [0, *np.clip(np.cumsum(sizes), 0, count), count]
    pieces = [frames[a:b] for a, b in pairwise(edges)]
    counted = [
        chunk.frames.reshape(-1, PER_ROW, BANDS)[chunk.counted, 0, 0]
        for chunk in chunks(pieces, PER_ROW)
    ]
    np.testing.assert_array_equal(np.concatenate(counted), np.arange(0, count, PER_ROW))


def test_a_chunk_knows_where_it_begins() -> None:
    frames = np.repeat(np.arange(3 * CHUNK_ROWS), PER_ROW)[:, None] * np.ones(BANDS)
    for chunk in chunks([frames.astype(np.float32)], PER_ROW):
        assert chunk.frames[0, 0] == chunk.start


def test_no_piece_gives_no_chunk() -> None:
    assert list(chunks([], PER_ROW)) == []


@pytest.mark.parametrize("gain_db", [-40.0, -12.5, 9.0])
def test_levelled_chunks_are_the_same_for_softer_and_louder_sound(gain_db: float) -> None:
    frames = frames_of(2.4 * CHUNK_ROWS)
    plain = list(levelled(chunks([frames], PER_ROW), PER_ROW, -80.0))
    gained = list(levelled(chunks([frames + np.float32(gain_db)], PER_ROW), PER_ROW, -80.0))
    assert len(plain) == len(gained) > 1
    for one, other in zip(plain, gained, strict=True):
        np.testing.assert_allclose(other.frames, one.frames, atol=1e-3)
        assert one.gain_db - other.gain_db == pytest.approx(gain_db, abs=1e-3)


def test_silence_is_not_made_louder_and_the_floor_holds() -> None:
    [chunk] = levelled(chunks([frames_of(3, -170.0)], PER_ROW), PER_ROW, -80.0)
    assert chunk.gain_db == 0
    assert (chunk.frames == -80).all()


def test_levels_sum_the_power_of_all_bands() -> None:
    np.testing.assert_allclose(row_levels_db(np.full((8, 10), -20.0), PER_ROW), [-10, -10])
