from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from moodprint.audio.decode import AudioStream
from moodprint.audio.ogg_links import ogg_links


@pytest.fixture
def chain(media, tmp_path: Path):
    def make(*names: str) -> Path:
        path = tmp_path / "chain.ogg"
        path.write_bytes(b"".join(media(name).read_bytes() for name in names))
        return path

    return make


def test_one_stream_is_one_link(media) -> None:
    assert ogg_links(media("ogg")) == [(0, media("ogg").stat().st_size)]


def test_the_links_lie_side_by_side(chain, media) -> None:
    sizes = [media(name).stat().st_size for name in ("ogg", "opus", "ogg")]
    edges = np.cumsum([0, *sizes]).tolist()
    assert ogg_links(chain("ogg", "opus", "ogg")) == list(pairwise(edges))


def test_damage_between_pages_is_passed_over(chain, media) -> None:
    path = chain("ogg", "ogg")
    size = media("ogg").stat().st_size
    data = bytearray(path.read_bytes())
    data[size - 3000 : size - 2990] = b"\x55" * 10
    path.write_bytes(data[:size] + b"noise" * 9 + data[size:])
    assert [start for start, _ in ogg_links(path)] == [0, size + 45]


def test_no_ogg_at_all_is_one_link(media) -> None:
    assert len(ogg_links(media("wav-16"))) == 1


@pytest.mark.parametrize(
    "names", [("opus", "opus"), ("ogg", "ogg"), ("ogg", "opus"), ("opus",) * 3]
)
def test_every_link_is_decoded_without_a_warning(chain, names) -> None:
    stream = AudioStream(chain(*names), sample_rate_hz=16_000)
    samples = np.concatenate(list(stream))
    assert len(samples) / 16_000 == pytest.approx(4 * len(names), abs=0.1 * len(names))
    assert all(np.abs(part).max() > 0.1 for part in np.array_split(samples, 4 * len(names)))
    assert stream.warnings == []


def test_a_part_is_found_in_a_later_link(chain) -> None:
    path = chain("opus", "opus")
    whole = np.concatenate(list(AudioStream(path, sample_rate_hz=48_000)))
    part = np.concatenate(list(AudioStream(path, sample_rate_hz=48_000, start_s=5.0, stop_s=6.0)))
    np.testing.assert_allclose(part, whole[5 * 48_000 : 6 * 48_000], atol=1e-5)


def test_a_link_that_cannot_be_decoded_is_told(chain, media) -> None:
    path = chain("opus", "opus")
    size = media("opus").stat().st_size
    data = bytearray(path.read_bytes())
    data[size + 28 : size + 36] = b"NotKnown"
    path.write_bytes(data)
    stream = AudioStream(path)
    assert sum(map(len, stream)) / stream.sample_rate_hz == pytest.approx(4.0, abs=0.1)
    assert any("cannot be decoded" in line for line in stream.warnings)
