from __future__ import annotations

import io

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.excerpt import Excerpt
from moodprint.reports.html.preview import PAGE_AUDIO_BYTES, bit_rates, preview, previews


def _decoded(webm: bytes) -> np.ndarray:
    with av.open(io.BytesIO(webm)) as container:
        assert container.streams.audio[0].codec_context.name in ("opus", "libopus")
        return np.concatenate([f.to_ndarray().mean(axis=0) for f in container.decode(audio=0)])


def test_the_sound_comes_back_from_the_preview(tone):
    sound = _decoded(preview(Excerpt(tone), 20.0, 48_000).webm)
    assert len(sound) / 48_000 == pytest.approx(20, abs=0.1)
    middle = sound[6 * 48_000 : 14 * 48_000]
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) * 48_000 / len(middle) == pytest.approx(440, abs=1)


def test_peaks_follow_the_loudness(tone):
    peaks = np.array(preview(Excerpt(tone), 20.0, 48_000).peaks)
    assert len(peaks) == 900
    assert peaks[:220].max() == 0
    assert peaks[240:660].min() == pytest.approx(1, abs=0.05)
    assert peaks[690:].mean() == pytest.approx(0.5, abs=0.05)


def test_two_previews_are_alike_to_the_byte(tone):
    assert preview(Excerpt(tone), 20.0, 32_000) == preview(Excerpt(tone), 20.0, 32_000)


def test_a_lower_rate_makes_it_smaller(tone):
    assert len(preview(Excerpt(tone), 20.0, 12_000).webm) < 0.6 * len(
        preview(Excerpt(tone), 20.0, 48_000).webm
    )


def test_a_file_longer_than_announced_does_no_harm(tone):
    assert len(preview(Excerpt(tone), 1.0, 48_000).peaks) == 900


@pytest.mark.parametrize("content", [None, b"", b"no media at all"])
def test_what_cannot_be_read_gives_a_note(content, tmp_path):
    path = tmp_path / "song.mp3"
    if content is not None:
        path.write_bytes(content)
    shown = preview(Excerpt(path), 10.0, 48_000)
    assert shown.webm is None
    assert shown.note.startswith("No player: ")
    assert "song.mp3" in shown.note


def test_no_room_gives_a_note(tone):
    assert "do not fit" in preview(Excerpt(tone), 20.0, None).note


def test_rates_fall_with_the_minutes_and_then_the_first_win():
    assert bit_rates([200.0]) == [48_000]
    assert bit_rates([3600.0]) == [16_666]
    assert bit_rates([5000.0, 5000.0]) == [10_000, None]
    assert bit_rates([20_000.0]) == [None]
    assert bit_rates([]) == []
    assert bit_rates([0.0]) == [48_000]


@given(st.lists(st.floats(0, 50_000), max_size=30))
def test_a_page_never_holds_more_than_it_may(durations_s):
    rates = bit_rates(durations_s)
    size = sum(r * d / 8 for r, d in zip(rates, durations_s, strict=True) if r is not None)
    assert size <= PAGE_AUDIO_BYTES + 2


def test_the_files_of_a_page_are_read_elsewhere_and_fail_alone(tone, tmp_path, monkeypatch):
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no media at all")
    monkeypatch.setattr("moodprint.audio.decode._open", None)  # in this process, and only here
    first, second, third = previews([(Excerpt(path), 20.0) for path in (tone, broken, tone)])
    assert first.webm == third.webm is not None
    assert second.webm is None
    assert "broken.mp3" in second.note


def test_of_an_excerpt_its_times_alone_are_played(tone):
    whole, part = (preview(Excerpt(tone, *t), 20.0, 48_000) for t in ((), (5.0, 8.0)))
    assert len(_decoded(part.webm)) == pytest.approx(3 * 48_000, abs=4800)
    assert len(part.webm) < len(whole.webm) / 4
