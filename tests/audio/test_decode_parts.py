"""Parts of files are slices of the whole."""

from __future__ import annotations

import numpy as np
import pytest
from media_files import KINDS

from moodprint.audio.decode import AudioStream, DecodeOptions, decode
from moodprint.errors import EmptyFileError

# The sample at which a part begins is exact in all but Matroska, whose stamps are milliseconds.
EXACT_PARTS = [name for name in KINDS if KINDS[name].suffix not in (".mkv", ".webm")]


@pytest.mark.parametrize("name", EXACT_PARTS)
@pytest.mark.parametrize(("start_s", "stop_s"), [(0, 1.0), (0.5, 0.5001), (2.3, 3.1), (1.7, None)])
def test_a_part_is_the_slice_of_the_whole(media, name: str, start_s: float, stop_s) -> None:
    kind = KINDS[name]
    whole = decode(media(name)).samples
    stop = None if stop_s is None else round(stop_s * kind.rate_hz)
    part = decode(media(name), start_s=start_s, stop_s=stop_s)
    assert part.origin.start_s == start_s
    # A decoder that starts in the midst has other rounding and noise at first.
    tolerance = 0.01 if kind.codec == "aac" else 1e-5
    wanted = whole[:, round(start_s * kind.rate_hz) : stop]
    np.testing.assert_allclose(part.samples, wanted, atol=tolerance)


@pytest.mark.parametrize("name", ["mkv", "webm"])
def test_a_part_of_matroska_is_exact_to_its_millisecond_stamps(media, name: str) -> None:
    rate_hz = KINDS[name].rate_hz
    whole = decode(media(name)).samples[0]
    part = decode(media(name), start_s=2.3, stop_s=3.1).samples[0]
    first = round(2.3 * rate_hz)
    shifts = range(-rate_hz // 1000, rate_hz // 1000 + 1)
    errors = [
        np.abs(whole[first + shift : first + shift + len(part)] - part).max() for shift in shifts
    ]
    assert min(errors) < 0.02


@pytest.mark.parametrize("name", ["wav-16", "mp3", "ogg", "m4a", "mp4", "ts"])
def test_a_part_behind_the_end_is_nothing(media, name: str) -> None:
    source = AudioStream(media(name), start_s=60)
    assert list(source) == []
    assert source.warnings == []
    with pytest.raises(EmptyFileError, match="no audio samples from 60 s on"):
        decode(media(name), start_s=60)


@pytest.mark.parametrize("name", ["wav-16", "m4a"])
def test_a_part_that_reaches_over_the_end_ends_there(media, name: str) -> None:
    whole = decode(media(name)).samples
    part = decode(media(name), start_s=3, stop_s=60)
    assert part.samples.shape[1] == whole.shape[1] - 3 * 44_100


def test_a_part_of_no_length_is_nothing(media) -> None:
    assert list(AudioStream(media("wav-16"), start_s=1, stop_s=1)) == []


def test_sound_beyond_the_longest_is_left_out_with_a_warning(media) -> None:
    stream = AudioStream(media("flac"), options=DecodeOptions(longest_s=1.5))
    assert sum(map(len, stream)) == round(1.5 * stream.sample_rate_hz)
    assert stream.warnings == ["only its first 1.5 s were heard"]
