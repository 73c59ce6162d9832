from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from moodprint.emotion import EMOTIONS
from moodprint.reports.palette import COLOURS, LETTERS

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _linear(colour: str) -> np.ndarray:
    encoded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _oklab(linear: np.ndarray) -> np.ndarray:
    return TO_LAB @ np.cbrt(TO_LMS @ np.clip(linear, 0, 1))


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted(
        (float(_linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True
    )
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert _contrast("#ffffff", "#000000") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", ["#ffffff", "#14171c", "#000000"])
@pytest.mark.parametrize("emotion", EMOTIONS)
def test_each_stands_out_from_light_and_dark(emotion, ground):
    assert _contrast(COLOURS[emotion], ground) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_no_two_merge_in_any_sight(sight):
    seen = {e: _oklab(SIGHTS[sight] @ _linear(colour)) for e, colour in COLOURS.items()}
    nearest = min(float(np.linalg.norm(seen[a] - seen[b])) for a, b in combinations(seen, 2))
    assert nearest > 0.1, "about five times what is just noticeable (0.02)"


def test_a_letter_and_a_colour_each():
    assert list(COLOURS) == list(LETTERS) == list(EMOTIONS)
    assert len(set(LETTERS.values())) == len(EMOTIONS)
