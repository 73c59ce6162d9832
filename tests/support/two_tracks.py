"""A video container with two audio tracks that can be told apart by their pitch."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

PITCHES_HZ = (300, 1200)
LANGUAGES = ("eng", "deu")


def two_tracks(
    path: Path,
    *,
    default: int = 0,
    durations_s: tuple[float, float] = (1, 1),
    picture: bool = False,
) -> Path:
    """A low tone in the first audio track and a high one in the second, of these lengths; each is
    struck twice a second. With a ``picture``, 2 s of grey go with them."""
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=16_000, layout="mono") for _ in "12"]
        grey = container.add_stream("mpeg4", rate=25) if picture else None
        if grey is not None:
            grey.width = grey.height = 32
            grey.pix_fmt = "yuv420p"
        for number, stream in enumerate(streams):
            stream.metadata["language"] = LANGUAGES[number]
            stream.disposition = (
                av.stream.Disposition.default if number == default else av.stream.Disposition(0)
            )
        for number, stream in enumerate(streams):
            time_s = np.arange(round(16_000 * durations_s[number])) / 16_000
            struck = 20_000 * np.exp(-3 * (time_s % 0.5))
            tone = np.sin(2 * np.pi * PITCHES_HZ[number] * time_s) * struck
            frame = av.AudioFrame.from_ndarray(tone.astype(np.int16)[None], "s16", "mono")
            frame.sample_rate, frame.pts = 16_000, 0
            container.mux([*stream.encode(frame), *stream.encode(None)])
        if grey is not None:
            for number in range(50):
                image = np.full((32, 32, 3), number, np.uint8)
                shown = av.VideoFrame.from_ndarray(image, format="rgb24")
                shown.pts = number
                container.mux(grey.encode(shown))
            container.mux(grey.encode(None))
    return path
