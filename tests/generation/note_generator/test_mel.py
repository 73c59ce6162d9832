import math

import numpy as np
import pytest

from moodprint.generation.note_generator.mel import linear_from_mel, mel_from_linear


@pytest.fixture(scope="module")
def literal_matrix() -> list[list[float]]:
    """The matrix [F][mel] built number by number from its description."""
    e = [1127 * math.log(1 + 8000 / 700) * i / 1025 for i in range(1026)]
    hz = lambda mel: 700 * (math.exp(mel / 1127) - 1)  # noqa: E731
    for i in range(1024):
        if hz(e[i + 2]) - hz(e[i]) < 11.71875:
            moved = 1127 * math.asinh(0.5 * 11.71875 / (hz(e[i + 1]) + 700))
            e[i], e[i + 2] = e[i + 1] - moved, e[i + 1] + moved
    rows = [[0.0] * 1024]
    for k in range(1, 1024):
        f, row = 8000 * k / 1023, []
        for i in range(1024):
            low, peak, high = hz(e[i]), hz(e[i + 1]), hz(e[i + 2])
            row.append(max(0.0, min((f - low) / (peak - low), (high - f) / (high - peak))))
        rows.append(row)
    return rows


def test_every_weight_is_as_described(literal_matrix: list[list[float]]) -> None:
    np.testing.assert_allclose(mel_from_linear().toarray(), literal_matrix, atol=1e-11)


def test_each_weight_of_the_way_back_is_as_described(literal_matrix: list[list[float]]) -> None:
    back = linear_from_mel().toarray()
    matrix = np.array(literal_matrix)
    product = matrix @ matrix.T
    for k in (1, 2, 17, 400, 1022):
        column_sum = sum(product[j][k] for j in range(1024))
        np.testing.assert_allclose(back[:, k], matrix[k] / column_sum, atol=1e-10)
    assert not back[:, 0].any()


def test_bands_narrower_than_a_bin_and_a_half_were_widened() -> None:
    weights = mel_from_linear().toarray()
    assert (weights[1:-1].sum(axis=1) > 0).all()  # every frequency but 0 and 8,000 Hz
    assert weights.max() <= 1
    assert (weights >= 0).all()


def test_matrices_are_made_once() -> None:
    assert mel_from_linear() is mel_from_linear()
