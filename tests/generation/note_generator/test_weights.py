from dataclasses import replace

import numpy as np
import pytest

from moodprint.errors import BundleError
from moodprint.generation.note_generator.weights import (
    Block,
    GeneratorWeights,
    Layer,
    Normalizer,
    filters,
    scaled,
)

NORMALIZER = Normalizer(1, 0, 1, 0)


def _layer(*shape: int) -> Layer:
    return Layer(np.ones(shape, np.float32), np.zeros(shape[-1], np.float32))


def _block(width: int = 3) -> Block:
    return Block(_layer(2, 16, 317, width), _layer(3, 3, width, width), _layer(1, 1, width, 2))


def test_the_paper_has_these_many_filters() -> None:
    assert [filters(n) for n in range(8)] == [256, 256, 256, 256, 256, 128, 64, 32]
    assert filters(7, base=64) == 1


def test_a_scaled_kernel_keeps_the_variance_of_what_passes() -> None:
    kernel = np.random.default_rng(0).normal(size=(3, 3, 64, 64)).astype(np.float32)
    assert scaled(kernel, 1.0).std() * np.sqrt(9 * 64) == pytest.approx(1, rel=0.02)
    np.testing.assert_allclose(scaled(kernel, 2.0), scaled(kernel, 1.0) * np.sqrt(2), rtol=1e-5)


def test_parameters_are_counted() -> None:
    expected = 2 * 16 * 317 * 3 + 3 + 9 * 9 + 3 + 6 + 2
    assert GeneratorWeights((_block(),), NORMALIZER).parameters == expected


def test_layers_that_do_not_fit_are_named() -> None:
    with pytest.raises(BundleError, match="block 2 conv0"):
        GeneratorWeights((_block(), _block()), NORMALIZER)
    with pytest.raises(BundleError, match="1 to 7 blocks"):
        GeneratorWeights((), NORMALIZER)


def test_a_guide_belongs_to_all_blocks_or_to_none() -> None:
    guided = replace(_block(), guide=_layer(1, 1, 8, 3))
    assert GeneratorWeights((guided,), NORMALIZER).guided
    assert not GeneratorWeights((_block(),), NORMALIZER).guided
    second = Block(_layer(3, 3, 3, 3), _layer(3, 3, 3, 3), _layer(1, 1, 3, 2))
    with pytest.raises(BundleError, match="all blocks"):
        GeneratorWeights((guided, second), NORMALIZER)
    with pytest.raises(BundleError, match="guide"):
        GeneratorWeights((replace(_block(), guide=_layer(1, 1, 7, 3)),), NORMALIZER)


def test_weights_that_are_not_finite_are_refused() -> None:
    block = _block()
    block.conv1.bias[1] = np.nan
    with pytest.raises(BundleError, match=r"block 1 conv1.*finite"):
        GeneratorWeights((block,), NORMALIZER)
