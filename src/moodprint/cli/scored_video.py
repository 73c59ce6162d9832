"""Music made to fit a video, and put under it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from moodprint.errors import OptionError

if TYPE_CHECKING:
    from moodprint.clip import Clip


@dataclass(frozen=True)
class Scoring:
    """A video that is to get music: ``video`` is read, ``out`` written.

    Raises:
        OptionError: a suffix that no video has, or a length, which is the video's own.
    """

    video: Path
    out: Path
    keep_sound: bool
    seconds: float | None

    def __post_init__(self) -> None:
        from moodprint.audio.soundtrack import check_video_suffix

        check_video_suffix(self.out)
        if self.seconds is not None:
            raise OptionError("--seconds and --for do not go together: the video says how long")

    def length_s(self) -> float:
        """Of the picture, read in a process of its own.

        Raises:
            InputError and its kinds: it cannot be read, has no picture, or no sound to keep.
        """
        from moodprint.audio.soundtrack import OwnSound, PictureLength
        from moodprint.engine import file_limits, run_one

        if self.keep_sound:  # known before any music is made
            run_one(OwnSound(8_000, 1.0), str(self.video), limits=file_limits())
        return run_one(PictureLength(), str(self.video), limits=file_limits())

    def write(self, music: Clip) -> None:
        """The video with the music, beside its own sound where that is kept.

        Raises:
            InputError and its kinds: it cannot be read or written. OptionError: the container of
                ``out`` cannot carry the picture.
        """
        from moodprint.audio.soundtrack import AddSoundtrack, OwnSound, mixed
        from moodprint.engine import file_limits, run_one

        limits = file_limits(memory_bytes=4 * 1024**3)  # an hour of sound in stereo, twice
        if self.keep_sound:
            own = OwnSound(music.sample_rate_hz, music.duration_s)
            music = mixed(music, run_one(own, str(self.video), limits=limits))
        run_one(AddSoundtrack(music, self.out), str(self.video), limits=limits)
