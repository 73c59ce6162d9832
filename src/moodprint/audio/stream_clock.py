"""Where decoded sound lies on its file's clock: what is heard must line up with what is seen."""

from __future__ import annotations

SMALLEST_GAP_S = 0.1
"""Stamps are rounded, and codecs hold samples back: less than this is no pause."""

_MOST_SILENCE_S = 3600.0
"""Silence for late and paused tracks, in sum; beyond it only broken stamps ask for it."""

_LONGEST_PAUSE_S = 60.0
"""A pause in kinds of container whose stamps are a running clock, which is set anew at times."""

_WORTH_A_WORD_S = 1.0


class Placement:
    """Follows the stamps of a track, frame by frame, in samples at ``sample_rate_hz``.

    ``exact`` says that the container keeps a table of times rather than a running clock. Where a
    stamp jumps further than a pause can last, or back, the clock was set anew: the sound is joined
    there, and later stamps are read from there on.
    """

    def __init__(self, sample_rate_hz: int, *, exact: bool) -> None:
        self._rate_hz = sample_rate_hz
        self._longest = (_MOST_SILENCE_S if exact else _LONGEST_PAUSE_S) * sample_rate_hz
        self._silence_left = _MOST_SILENCE_S * sample_rate_hz
        self._shift = 0
        self._begun = False
        self._paused = self._pauses = self._jumps = 0
        self.at = 0
        """The sample at which the next frame will lie."""

    def begin_at(self, sample: int) -> None:
        """The first frame lies here, whatever its stamp says."""
        self.at, self._begun = sample, True

    def silence_before(self, stamp: int | None) -> int:
        """How many samples of silence belong between what was placed and a frame so stamped."""
        first, self._begun = not self._begun, True
        if stamp is None:
            return 0
        gap = stamp + self._shift - self.at
        if -_WORTH_A_WORD_S * self._rate_hz <= gap <= SMALLEST_GAP_S * self._rate_hz:
            return 0
        longest = self._silence_left if first else min(self._longest, self._silence_left)
        if not 0 <= gap <= longest:
            self._shift -= gap
            self._jumps += not first
            return 0
        self._silence_left -= gap
        if not first:
            self._paused, self._pauses = self._paused + gap, self._pauses + 1
        return gap

    def warnings(self) -> list[str]:
        """What a user should know of the clock, a line each; none for a sound one."""
        lines = []
        paused_s = self._paused / self._rate_hz
        if paused_s > _WORTH_A_WORD_S:
            places = "1 place" if self._pauses == 1 else f"{self._pauses} places"
            lines.append(f"its time stamps leave {paused_s:.1f} s without sound, in {places}")
        if self._jumps:
            times = "once" if self._jumps == 1 else f"{self._jumps} times"
            lines.append(f"its time stamps jump {times}: the sound was joined there")
        return lines
