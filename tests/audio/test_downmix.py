import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from media_files import tones

from moodprint.audio.decode import AudioStream
from moodprint.audio.downmix import Downmix


def _one(block):
    downmix = Downmix()
    return downmix(np.asarray(block, np.float32))[0], downmix.cancelled


@given(st.integers(2, 64), st.integers(0, 2**32 - 1))
def test_channels_without_anything_in_common_are_averaged(channels: int, seed: int) -> None:
    block = np.random.default_rng(seed).normal(size=(channels, 4000)).astype(np.float32)
    mixed, cancelled = _one(block)
    np.testing.assert_allclose(mixed, block.mean(axis=0), atol=1e-6)
    assert not cancelled


@pytest.mark.parametrize("balance", [1.0, 0.95, -0.9])
def test_an_inverted_channel_is_heard(balance: float) -> None:
    tone = tones(0.5, 16_000, 1)[0]
    mixed, cancelled = _one([tone, -abs(balance) * tone])
    np.testing.assert_allclose(mixed, tone)
    assert cancelled


def test_the_loudest_channel_is_taken() -> None:
    tone = tones(0.5, 16_000, 1)[0]
    mixed, _ = _one([0.5 * tone, -tone, 0.5 * tone])
    np.testing.assert_allclose(mixed, -tone)


@pytest.mark.parametrize("gain", [0.5, 0.1, 0.0])
def test_a_softer_or_silent_channel_is_no_cancellation(gain: float) -> None:
    tone = tones(0.5, 16_000, 1)[0]
    assert not _one([tone, gain * tone])[1]


def test_silence_and_nothing_are_no_cancellation() -> None:
    assert not _one(np.zeros((2, 100)))[1]
    assert _one(np.zeros((2, 0)))[0].shape == (0,)


def test_a_file_with_an_inverted_channel_is_heard_with_a_warning(wav) -> None:
    tone = tones(1, 16_000, 1)[0]
    stream = AudioStream(wav(np.stack([tone, -tone])))
    decoded = np.concatenate(list(stream))
    np.testing.assert_allclose(decoded, tone, atol=1e-6)
    assert stream.warnings == ["its channels cancel out one another: the loudest was heard"]
