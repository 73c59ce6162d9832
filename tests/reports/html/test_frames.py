"""Pictures of a video at the changes of its music; files without any give none."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from moodprint.prediction import Timeline
from moodprint.reports.html.frames import MOST_FRAMES, Frame, changes, frames

EXAMPLES = Path(__file__).parents[3] / "examples"


def video(path: Path, seconds: int = 20, size: tuple[int, int] = (64, 48)) -> Path:
    """Dark at first, and brighter each second; one key frame in ten seconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5, options={"g": "50"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = Fraction(1, 5)
        for number in range(5 * seconds):
            level = int(250 * number / (5 * seconds))
            picture = np.full((size[1], size[0], 3), level, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    return path


def shown(frame: Frame) -> np.ndarray:
    with av.open(io.BytesIO(frame.jpeg)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def test_pictures_are_of_their_times(timeline: Timeline, tmp_path: Path) -> None:
    [found] = frames([(video(tmp_path / "v.mp4"), timeline)])
    assert [frame.time_s for frame in found] == list(changes(timeline, 8))
    for frame in found:
        assert shown(frame).mean() == pytest.approx(250 * frame.time_s / 20, abs=8)
        assert shown(frame).shape == (90, 120, 3)
        assert len(frame.jpeg) < 5000


def test_two_readings_are_alike_to_the_byte(timeline: Timeline, tmp_path: Path) -> None:
    wanted = [(video(tmp_path / "v.mp4"), timeline)]
    assert frames(wanted) == frames(wanted)


@pytest.mark.parametrize("content", [None, b"", b"no video", b"\x00\x00\x00\x18ftypmp42" * 50])
def test_what_is_no_video_has_no_pictures(
    timeline: Timeline, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "odd.mp4"
    if content is not None:
        path.write_bytes(content)
    assert frames([(path, timeline)]) == [()]


def with_cover(song: bytes, jpeg: bytes) -> bytes:
    """An mp3 with a picture in its ID3 tag."""
    body = b"\0image/jpeg\0\x03\0" + jpeg
    tag = b"APIC" + len(body).to_bytes(4, "big") + b"\0\0" + body
    size = bytes(len(tag) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + tag + song


def test_sound_and_covers_have_no_pictures(timeline: Timeline, tmp_path: Path, tone: Path) -> None:
    [[picture, *_]] = frames([(video(tmp_path / "v.mp4"), timeline)])
    song = (EXAMPLES / "song.mp3").read_bytes()
    covered = tmp_path / "covered.mp3"
    covered.write_bytes(with_cover(song, picture.jpeg))
    with av.open(str(covered)) as container:
        assert container.streams.video, "else this shows nothing"
    assert frames([(tone, timeline), (covered, timeline)]) == [(), ()]


def test_a_damaged_video_ends_nothing(timeline: Timeline, tmp_path: Path) -> None:
    whole = video(tmp_path / "v.avi").read_bytes()
    (tmp_path / "cut.avi").write_bytes(whole[: len(whole) // 3])
    [first, second] = frames([(tmp_path / "cut.avi", timeline), (tmp_path / "v.avi", timeline)])
    assert len(second) == len(changes(timeline, 8))
    assert len(first) <= len(second)


def test_odd_shapes_stay_small(timeline: Timeline, tmp_path: Path) -> None:
    wide, tall = video(tmp_path / "w.avi", 4, (640, 16)), video(tmp_path / "t.avi", 4, (16, 640))
    for found in frames([(wide, timeline), (tall, timeline)]):
        assert found
        assert all(max(shown(frame).shape) <= 360 for frame in found)


def test_changes_are_where_something_new_begins(timeline: Timeline) -> None:
    assert changes(timeline, 8) == (1.0, 7.25, 9.75, 12.25, 14.75, 17.25)
    assert changes(timeline, 1) == (1.0,), "the longest"
    assert changes(replace(timeline, segments=()), 8) == ()


def test_a_page_of_many_files_has_room_for_some(timeline: Timeline, tmp_path: Path) -> None:
    none = tmp_path / "none.mp4"
    found = frames([(none, timeline)] * (MOST_FRAMES + 7))
    assert found == [()] * (MOST_FRAMES + 7)
