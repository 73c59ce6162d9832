"""Music under a video: the picture stays as it was, to the byte, and the sound fits it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from moodprint.audio.decode import decode
from moodprint.audio.soundtrack import (
    AddSoundtrack,
    OwnSound,
    PictureLength,
    check_video_suffix,
    mixed,
)
from moodprint.clip import Clip
from moodprint.errors import (
    EmptyFileError,
    InputError,
    MissingFileError,
    NotMediaError,
    OptionError,
)


def _film(path: Path, codec: str, *, seconds: float = 3.0, sound: str | None = None) -> Path:
    """Frames of rising grey, 25 a second; with ``sound``, a tone of 440 Hz beside them."""
    with av.open(str(path), "w") as container:
        picture: Any = container.add_stream(codec, rate=25)
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        track: Any = container.add_stream(sound, rate=48_000, layout="mono") if sound else None
        for number in range(round(seconds * 25)):
            grey = np.full((64, 64, 3), number % 255, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts = number
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if track is not None:
            time_s = np.arange(round(seconds * 48_000)) / 48_000
            tone = (0.3 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)[None]
            beside = av.AudioFrame.from_ndarray(tone, "fltp", "mono")
            beside.sample_rate, beside.pts = 48_000, 0
            container.mux([*track.encode(beside), *track.encode(None)])
    return path


def _music(seconds: float, hz: float = 1_000, channels: int = 2) -> Clip:
    time_s = np.arange(round(seconds * 44_100)) / 44_100
    tone = (0.3 * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)
    return Clip(np.stack([tone] * channels), 44_100)


def _packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(each) for each in container.demux(video=0) if each.dts is not None]


@pytest.mark.parametrize(
    ("name", "codec", "out"),
    [("a.mp4", "mpeg4", "b.mp4"), ("a.mkv", "mpeg4", "b.mov"), ("a.webm", "libvpx", "b.webm"),
     ("a.webm", "libvpx", "b.mkv"), ("a.avi", "mpeg4", "b.mkv")],
)  # fmt: skip
@pytest.mark.parametrize("channels", [1, 2])
def test_the_picture_is_copied_and_the_sound_is_the_music(
    tmp_path: Path, name: str, codec: str, out: str, channels: int
) -> None:
    film = _film(tmp_path / name, codec)
    seconds = PictureLength()(str(film))
    assert seconds == pytest.approx(3, abs=0.05)
    AddSoundtrack(_music(seconds, channels=channels), tmp_path / out)(str(film))
    assert _packets(tmp_path / out) == _packets(film)
    sound = decode(tmp_path / out)
    assert sound.channels == 2
    assert sound.duration_s == pytest.approx(3, abs=0.05)
    spectrum = np.abs(np.fft.rfft(sound.samples[0]))
    assert np.argmax(spectrum) / sound.duration_s == pytest.approx(1_000, abs=2)


def test_the_sound_of_the_video_stays_and_the_music_lies_under_it(tmp_path: Path) -> None:
    film = _film(tmp_path / "a.mp4", "mpeg4", sound="aac")
    own = OwnSound(44_100, 3.0)(str(film))
    both = mixed(_music(3.0), own)
    assert both.samples.shape == (2, 3 * 44_100)
    spectrum = np.abs(np.fft.rfft(both.samples[0]))
    speech, music = spectrum[440 * 3], spectrum[1_000 * 3]
    assert 20 * np.log10(speech / music) == pytest.approx(15, abs=1.5)
    assert np.abs(both.samples - own.samples[:, : 3 * 44_100]).max() < 0.1


def test_silence_leaves_the_music_as_it_is() -> None:
    music = _music(2.0)
    silent = Clip(np.zeros((2, 44_100), np.float32), 44_100)
    assert np.array_equal(mixed(music, silent).samples, music.samples)


def test_a_container_that_cannot_carry_the_picture_is_refused_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    film = _film(tmp_path / "a.mp4", "mpeg4")
    with pytest.raises(OptionError, match="cannot carry"):
        AddSoundtrack(_music(3), tmp_path / "b.webm")(str(film))
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("no video" * 100)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(_film(tmp_path / "a.mp4", "mpeg4").read_bytes()[:600])
    with av.open(str(tmp_path / "sound.wav"), "w") as container:
        track: Any = container.add_stream("pcm_s16le", rate=8_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8_000), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = 8_000, 0
        container.mux([*track.encode(frame), *track.encode(None)])
    for name, error in (
        ("empty.mp4", EmptyFileError), ("text.mp4", NotMediaError),
        ("nowhere.mp4", MissingFileError), ("sound.wav", NotMediaError),
        ("cut.mp4", InputError), (".", InputError),
    ):  # fmt: skip
        with pytest.raises(error, match=name.replace(".", r"\.")):
            PictureLength()(str(tmp_path / name) if name != "." else ".")


@pytest.mark.parametrize("name", ["a.wav", "a", "a.mp3", "a.gif"])
def test_other_suffixes_are_refused(name: str) -> None:
    with pytest.raises(OptionError, match="video format"):
        check_video_suffix(name)
