"""Which files FFmpeg is asked to open, and which of their tracks is decoded."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
from media_files import KINDS, tones, write_media
from two_tracks import two_tracks

from moodprint.audio.decode import AudioStream, DecodeOptions, decode
from moodprint.audio.ffmpeg import open_media
from moodprint.errors import NoAudioError, NotMediaError

SCRIPTS = {
    "tones that never end": b"-SE\n-T 24:00:00\nts1: 200+10/80\n\n00:00 == ts1 ->\n24:00 ts1\n",
    "a playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n",
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a session description": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 5004 RTP/AVP 0\n",
    "subtitles": b"1\n00:00:00,000 --> 00:00:02,000\nhello\n\n" * 9,
    "a dump of settings": b";FFMETADATA1\ntitle=x\n",
}


@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".m3u8", ".txt"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_texts_that_ffmpeg_could_play_are_no_media(tmp_path, name: str, suffix: str) -> None:
    path = tmp_path / f"script{suffix}"
    path.write_bytes(SCRIPTS[name])
    with pytest.raises(NotMediaError):
        decode(path)


def test_pictures_are_no_media(tmp_path) -> None:
    path = tmp_path / "picture.mp3"
    rows = b"".join(b"\0" + b"\x7f" * 24 for _ in range(8))
    header = b"\0\0\0\x08\0\0\0\x08\x08\x02\0\0\0"
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
            for name, data in chunks
        )
    )
    with pytest.raises((NotMediaError, NoAudioError)):
        decode(path)


def warnings(path: Path, track: int | None = None) -> list[str]:
    stream = AudioStream(path, options=DecodeOptions(track))
    list(stream)
    return stream.warnings


def _pitch_hz(path: Path, track: int | None = None) -> float:
    clip = decode(path, mono=True, options=DecodeOptions(track))
    return float(np.abs(np.fft.rfft(clip.mono)).argmax() / clip.duration_s)


@pytest.mark.parametrize(("default", "pitch_hz"), [(0, 300), (1, 1200)])
def test_the_track_flagged_as_default_is_taken(tmp_path, default: int, pitch_hz: int) -> None:
    path = two_tracks(tmp_path / "two.mkv", default=default)
    assert _pitch_hz(path) == pytest.approx(pitch_hz, abs=2)
    language = ("eng", "deu")[default]
    assert warnings(path) == [
        f"heard is audio track {default + 1} ({language}) of 2; --track takes another"
    ]


@pytest.mark.parametrize(("track", "pitch_hz"), [(1, 300), (2, 1200)])
def test_a_track_can_be_chosen(tmp_path, track: int, pitch_hz: int) -> None:
    path = two_tracks(tmp_path / "two.mkv")
    assert _pitch_hz(path, track) == pytest.approx(pitch_hz, abs=2)
    assert warnings(path, track) == []


def test_a_track_that_is_not_there_is_refused(tmp_path) -> None:
    with pytest.raises(NoAudioError, match="2 audio tracks, and no track 3"):
        decode(two_tracks(tmp_path / "two.mkv"), options=DecodeOptions(3))


def test_a_file_of_one_track_has_no_second(media) -> None:
    with pytest.raises(NoAudioError, match="has one audio track, and no track 2"):
        decode(media("wav-16"), options=DecodeOptions(2))


def test_a_track_that_is_shorter_than_another_is_whole(tmp_path) -> None:
    path = two_tracks(tmp_path / "two.mkv", durations_s=(6, 2))
    assert warnings(path, 2) == []


def test_a_track_that_cannot_be_decoded_gives_way_to_the_next(tmp_path) -> None:
    path = two_tracks(tmp_path / "two.mkv")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"A_PCM/INT/LIT", b"A_UNKNOWN/LIT", 1))
    assert _pitch_hz(path) == pytest.approx(1200, abs=2)
    with pytest.raises(NotMediaError, match="audio track 1"):
        decode(path, options=DecodeOptions(1))


def test_sound_that_begins_late_in_a_broadcast_is_placed(tmp_path) -> None:
    kind = KINDS["ts"]
    tone = tones(2, kind.rate_hz, 2)
    path = write_media(tmp_path / "late.ts", kind, tone, late_s=10, video_s=12)
    clip = decode(path, mono=True)
    assert clip.duration_s == pytest.approx(12, abs=0.2)
    loud = np.flatnonzero(np.abs(clip.mono) > 0.05) / clip.sample_rate_hz
    assert loud[0] == pytest.approx(10, abs=0.1)


_BIG_PICTURE = """
import sys, resource
from pathlib import Path
from moodprint.audio.decode import decode
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
decode(Path(sys.argv[1]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_large_picture_beside_the_sound_is_never_decoded(tmp_path) -> None:
    path = tmp_path / "big.mov"
    with av.open(str(path), "w") as container:
        video = container.add_stream("png", rate=1, width=8000, height=8000, pix_fmt="gray")
        audio = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        container.mux(video.encode(av.VideoFrame(8000, 8000, "gray")))
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), "s16", "mono")
        sound.sample_rate = 8000
        container.mux([*audio.encode(sound), *audio.encode(None)])
    done = subprocess.run(
        [sys.executable, "-c", _BIG_PICTURE, path], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 50, "a picture of 64 MB was decoded"


def test_rate_and_channels_are_those_of_the_first_frame(media) -> None:
    for name in ("m4a", "ts", "webm"):
        opened = open_media(media(name))
        assert (opened.sample_rate_hz, opened.channels) == (KINDS[name].rate_hz, 2)
        opened.close()
