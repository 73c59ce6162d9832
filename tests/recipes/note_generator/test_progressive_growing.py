import pytest
from recipes.note_generator.progressive_growing import Growth

from moodprint.errors import OptionError


def test_blocks_settle_fade_in_and_settle() -> None:
    growth = Growth(blocks=3, stable_images=100, fade_images=50)
    expected = {0: 1, 99: 1, 100: 1, 125: 1.5, 150: 2, 250: 2, 275: 2.5, 300: 3, 10**6: 3}
    assert {images: growth.progress(images) for images in expected} == expected
    assert growth.images_to_full_size == 300


def test_progress_never_falls() -> None:
    growth = Growth(7, 13, 29)
    values = [growth.progress(images) for images in range(400)]
    assert values == sorted(values)
    assert values[growth.images_to_full_size] == 7
    assert values[growth.images_to_full_size - 1] < 7


def test_numbers_below_one_are_refused() -> None:
    with pytest.raises(OptionError):
        Growth(0, 1, 1)
    with pytest.raises(OptionError):
        Growth(1, 1, 0)
