"""What a job finds out of a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.recognition.batch import FileAnalysis
from moodprint.service.jobs.analysis import MediaAnalysis, media_type_of
from moodprint.service.peaks import peaks_of


@pytest.mark.parametrize(
    ("container", "has_video", "expected"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", True, "video/mp4"),
        ("mov,mp4,m4a,3gp,3g2,mj2", False, "audio/mp4"),
        ("matroska,webm", True, "video/webm"),
        ("matroska,webm", False, "audio/webm"),
        ("ogg", False, "audio/ogg"),
        ("wav", False, "audio/wav"),
        ("mp3", True, "audio/mpeg"),
        ("never heard of", True, "application/octet-stream"),
    ],
)
def test_browsers_are_told_known_types_only(container: str, has_video: bool, expected: str) -> None:
    assert media_type_of(container, has_video) == expected


def test_a_file_that_libsndfile_alone_reads_is_analysed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moodprint.errors import NotMediaError
    from moodprint.service.jobs import analysis

    def refuse(path: str) -> None:
        raise NotMediaError(path)

    monkeypatch.setattr(analysis, "probe", refuse)
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, 6 * 16_000)
    soundfile.write(tmp_path / "a.ogg", noise, 16_000)
    timeline, kind, peaks = MediaAnalysis(FileAnalysis())(str(tmp_path / "a.ogg"))
    assert (timeline.duration_s, kind) == (pytest.approx(6, abs=0.1), "audio/ogg")
    assert json.loads(peaks)["peaks"]


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_peaks_stand_where_the_sound_is(tmp_path: Path, rate: int) -> None:
    sound = np.zeros(rate * 30)
    sound[rate * 10 : rate * 11] = 0.5
    sound[rate * 20] = -1.0
    soundfile.write(tmp_path / "a.wav", sound, rate, subtype="FLOAT")
    found = json.loads(peaks_of(str(tmp_path / "a.wav")))
    peaks, per_s = np.array(found["peaks"]), found["rate_hz"]
    assert len(peaks) / per_s == pytest.approx(30, abs=0.02)
    loud = np.flatnonzero(peaks > 100) / per_s
    assert loud.min() == pytest.approx(10, abs=0.02)
    assert peaks.max() == 255
    assert np.argmax(peaks) / per_s == pytest.approx(20, abs=0.02)
    assert set(peaks[: int(9 * per_s)]) == {0}


def test_peaks_of_an_hour_are_few(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", np.zeros(8_000 * 3_600, np.int16), 8_000)
    found = json.loads(peaks_of(str(tmp_path / "a.flac")))
    assert len(found["peaks"]) <= 100_000
    assert len(found["peaks"]) / found["rate_hz"] == pytest.approx(3_600, abs=0.2)
