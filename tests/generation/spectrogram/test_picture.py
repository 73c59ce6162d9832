"""Pictures are Riffusion v1's: by an independent implementation, by pixels, by tags."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from PIL import Image

from moodprint.errors import EmptyFileError, InputError, MissingFileError, OptionError
from moodprint.generation.spectrogram.exchange import (
    PictureRequest,
    picture_of_sound,
    sound_of_picture,
)
from moodprint.generation.spectrogram.parameters import PictureParameters
from moodprint.generation.spectrogram.picture import picture_bytes, read_picture
from moodprint.generation.spectrogram.transform import Transform


def _tones(seconds: float = 1.0) -> np.ndarray:
    time_s = np.arange(int(seconds * 44_100)) / 44_100
    return (0.3 * sum(np.sin(2 * np.pi * hz * time_s) for hz in (220, 880, 3000)) / 3).astype(
        np.float32
    )


def test_mel_magnitudes_are_those_of_librosa() -> None:
    librosa = pytest.importorskip("librosa")
    sound = _tones() + 0.01 * np.random.default_rng(1).standard_normal(44_100).astype(np.float32)
    spectrum = librosa.stft(
        sound, n_fft=17_640, hop_length=441, win_length=4_410, pad_mode="reflect"
    )
    filters = librosa.filters.mel(
        sr=44_100, n_fft=17_640, n_mels=512, fmin=0, fmax=10_000, htk=True, norm=None
    )
    expected = (filters @ np.abs(spectrum)).T
    found = Transform.of_pictures(PictureParameters()).mel(sound)
    assert found.shape == expected.shape == (101, 512)
    assert np.abs(found - expected).max() < 1e-3 * expected.max()


def test_pixels_and_tags_are_the_original_s(tmp_path) -> None:
    mel = np.zeros((2, 3, 512), np.float32)
    mel[0, 0, 0], mel[1, 2, 511] = 16.0, 1.0
    (tmp_path / "a.png").write_bytes(picture_bytes(mel, PictureParameters(stereo=True)))
    with Image.open(tmp_path / "a.png") as image:
        pixels, exif = np.asarray(image), dict(image.getexif())
    assert pixels.shape == (512, 3, 3)
    assert pixels[511, 0].tolist() == [0, 0, 255]  # left is green, the lowest band below
    assert pixels[0, 2].tolist() == [0, 255, 127]  # (1 / 16) ** 0.25 is a half
    assert exif == {
        11000: 44_100, 11005: 1, 11010: 10, 11020: 100, 11030: 400,
        11040: 512, 11050: 0, 11060: 10_000, 11070: 0.25, 11080: 16.0 * 32_768,
    }  # fmt: skip
    read = read_picture(tmp_path / "a.png")
    assert read.parameters == PictureParameters(stereo=True)
    assert np.allclose(read.mel, mel, rtol=0.02)  # a step of 255


@pytest.mark.parametrize("stereo", [False, True])
def test_sound_comes_back_as_loud_and_as_high(tmp_path, stereo: bool) -> None:
    both = np.stack([_tones(), _tones() / 4], axis=1)
    soundfile.write(tmp_path / "a.wav", both, 44_100)
    request = PictureRequest(tmp_path / "a.wav", stereo=stereo)
    (tmp_path / "a.png").write_bytes(picture_of_sound(request))
    clip = sound_of_picture(tmp_path / "a.png", 4)
    wanted = both.T if stereo else both.T.mean(axis=0, keepdims=True)
    assert clip.samples.shape == (1 + stereo, 44_100)
    for found, asked in zip(clip.samples, wanted, strict=True):
        assert np.std(found[9000:-9000]) == pytest.approx(np.std(asked), rel=0.15)
        peaks = np.argsort(np.abs(np.fft.rfft(found)))[-3:]
        assert all(min(abs(peak - hz) for hz in (220, 880, 3000)) <= 3 for peak in peaks)


def test_a_whole_picture_has_512_columns(tmp_path) -> None:
    soundfile.write(tmp_path / "a.wav", _tones(6), 44_100)
    content = picture_of_sound(PictureRequest(tmp_path / "a.wav"))
    assert Image.open(io.BytesIO(content)).size == (512, 512)


def test_silence_is_white_and_sounds_silent(tmp_path) -> None:
    mel = np.zeros((1, 20, 512), np.float32)
    (tmp_path / "a.png").write_bytes(picture_bytes(mel, PictureParameters()))
    assert not np.any(np.abs(sound_of_picture(tmp_path / "a.png", 1).samples) > 1e-6)


def _saved(size=(512, 512), kind="PNG", **tags) -> bytes:
    image = Image.new("RGB", size, "gray")
    exif = image.getexif()
    exif.update({int(tag[1:]): value for tag, value in tags.items()}.items())
    content = io.BytesIO()
    image.save(content, kind, exif=exif)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no picture at all", "is no picture"),
        (_saved(kind="GIF"), "is no picture"),
        (_saved()[:700], "damaged"),
        (_saved((512, 300)), "300 pixels high"),
        (_saved((1, 512)), "1 pixels wide"),
        (_saved((4000, 512)), "4000 pixels wide"),
        (_saved(t11000=1), "sample_rate_hz"),
        (_saved(t11010="soon"), "step_ms in its EXIF is no number"),
        (_saved(t11070=0.0), "power"),
        (_saved(t11007=1), "three bands"),
        (_saved(t11060=40_000), "bands lie within"),
    ],
)
def test_bad_pictures_are_refused_in_one_line(tmp_path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as raised:
        read_picture(path)
    assert "\n" not in str(raised.value)


def test_missing_and_empty_files_are_told(tmp_path) -> None:
    with pytest.raises(MissingFileError):
        read_picture(tmp_path / "none.png")
    (tmp_path / "empty.png").touch()
    with pytest.raises(EmptyFileError):
        read_picture(tmp_path / "empty.png")


@pytest.mark.parametrize("seconds", [0.0, 31.0, float("nan")])
def test_stretches_that_no_picture_holds_are_refused(seconds: float) -> None:
    with pytest.raises(OptionError, match="a picture takes"):
        PictureRequest("a.wav", seconds=seconds)
