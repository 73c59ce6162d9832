"""Peaks lie where the sound's tones and onsets are, in whatever blocks it comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.clip import Clip, FloatArray
from moodprint.fingerprint.peaks import (
    FRAME_S,
    HIGHEST_HZ,
    HOP,
    LOWEST_HZ,
    RATE_HZ,
    _running_maximum,
    extract_peaks,
    peaks_of_blocks,
)

MakeSong = Callable[..., FloatArray]


def beep(at_s: float, pitch_hz: float, total_s: float = 4.0) -> FloatArray:
    """A tone of about 0.1 s around ``at_s``, fading in and out."""
    time_s = np.arange(int(total_s * RATE_HZ)) / RATE_HZ
    envelope = np.exp(-0.5 * ((time_s - at_s) / 0.03) ** 2)
    return (0.5 * envelope * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.float32)


@pytest.mark.parametrize("pitch_hz", [200.0, 443.3, 1000.0, 3210.7])
@pytest.mark.parametrize("at_s", [1.0, 2.337])
def test_a_beep_is_one_peak_at_its_time_and_pitch(pitch_hz: float, at_s: float) -> None:
    peaks = extract_peaks(Clip(beep(at_s, pitch_hz), RATE_HZ)).peaks
    loudest = np.abs(peaks.octave - np.log2(pitch_hz / LOWEST_HZ)).argmin()
    assert peaks.frame[loudest] * FRAME_S == pytest.approx(at_s, abs=0.005)
    assert 2 ** peaks.octave[loudest] * LOWEST_HZ == pytest.approx(pitch_hz, rel=0.004)


def test_blocks_do_not_matter(make_song: MakeSong) -> None:
    samples = make_song(3, 90.0, RATE_HZ)
    whole = peaks_of_blocks([samples])
    for sizes in ([1000] * 1000, [7, 50_000, 123, 400_000, 10**6]):
        blocks = np.split(samples, np.minimum(np.cumsum(sizes), len(samples)))
        parts = peaks_of_blocks(blocks)
        np.testing.assert_array_equal(parts.peaks.frame, whole.peaks.frame)
        np.testing.assert_array_equal(parts.peaks.octave, whole.peaks.octave)
        assert parts.duration_s == whole.duration_s == 90.0


def test_peaks_are_in_order_within_the_band_and_as_many_as_documented(make_song: MakeSong) -> None:
    sound = extract_peaks(Clip(make_song(1), 16_000))
    assert (np.diff(sound.peaks.frame) >= 0).all()
    pitches_hz = LOWEST_HZ * 2**sound.peaks.octave
    assert LOWEST_HZ * 0.93 < pitches_hz.min() < pitches_hz.max() < HIGHEST_HZ * 1.01
    assert 10 < len(sound.peaks) / sound.duration_s < 60


def test_soft_sound_has_the_same_peaks_but_for_the_weakest(make_song: MakeSong) -> None:
    samples = make_song(1, 20.0)
    loud, soft = (extract_peaks(Clip(samples * gain, 16_000)).peaks for gain in (1.0, 0.1))
    of_loud = set(zip(np.rint(loud.frame * 4), np.rint(loud.octave * 50), strict=True))
    of_soft = set(zip(np.rint(soft.frame * 4), np.rint(soft.octave * 50), strict=True))
    assert len(of_soft & of_loud) > 0.95 * len(of_soft)
    assert len(soft) > 0.7 * len(loud)


def test_a_file_and_a_clip_give_the_same_peaks(make_song: MakeSong, tmp_path: Path) -> None:
    samples = make_song(4, 15.0, RATE_HZ)
    soundfile.write(tmp_path / "song.wav", samples, RATE_HZ, subtype="FLOAT")
    np.testing.assert_array_equal(
        extract_peaks(tmp_path / "song.wav").peaks.frame,
        extract_peaks(Clip(samples, RATE_HZ)).peaks.frame,
    )


@pytest.mark.parametrize("length", [0, 1, HOP, 1023, 1024, 3000])
def test_short_and_silent_sound_has_no_peaks(length: int) -> None:
    sound = extract_peaks(Clip(np.zeros(length, np.float32), RATE_HZ))
    assert len(sound.peaks) == 0
    assert sound.duration_s == length / RATE_HZ


@pytest.mark.parametrize("reach", [1, 2, 4, 7, 16])
def test_the_running_maximum_agrees_with_a_plain_one(reach: int) -> None:
    rows = np.random.default_rng(reach).normal(size=(50, 3)).astype(np.float32)
    plain = [rows[at : at + 2 * reach + 1].max(axis=0) for at in range(50 - 2 * reach)]
    np.testing.assert_array_equal(_running_maximum(rows, reach), plain)


def test_between_takes_the_start_and_leaves_the_stop() -> None:
    peaks = extract_peaks(Clip(beep(1.0, 500), RATE_HZ)).peaks
    frame = float(peaks.frame[0])
    assert len(peaks.between(frame, frame)) == 0
    assert peaks.between(frame, frame + 0.01).frame[0] == peaks.frame[0]
