"""A stretch of sound in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Origin:
    """Where a clip comes from: the file (or name) and the time in it at which the clip begins;
    ``warnings`` tell what was odd about the file."""

    source: str = ""
    start_s: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clip:
    """Samples with their rate and origin.

    ``samples`` is float32 of shape [C, N] (C channels, N samples), nominally in [-1, 1];
    one channel may be given as [N] and is stored as [1, N]. Zero samples are allowed.

    Raises:
        OptionError: another shape, no channel, or a rate that is not positive.
    """

    samples: FloatArray
    sample_rate_hz: int
    origin: Origin = field(default_factory=Origin)

    def __post_init__(self) -> None:
        samples = np.atleast_2d(np.asarray(self.samples, dtype=np.float32))
        if samples.ndim != 2 or samples.shape[0] == 0:
            raise OptionError(f"a clip takes samples [C, N] or [N], not shape {samples.shape}")
        if self.sample_rate_hz <= 0:
            raise OptionError(f"a clip takes a positive rate, not {self.sample_rate_hz} Hz")
        object.__setattr__(self, "samples", samples)

    @property
    def channels(self) -> int:
        """C, how many channels there are: 1 or more."""
        return int(self.samples.shape[0])

    @property
    def duration_s(self) -> float:
        """The length in seconds; 0 without samples."""
        return float(self.samples.shape[1] / self.sample_rate_hz)

    @property
    def mono(self) -> FloatArray:
        """The mean of the channels, shape [N]."""
        mono: FloatArray = self.samples[0]
        if self.channels > 1:
            mono = self.samples.mean(axis=0, dtype=np.float32)
        return mono
