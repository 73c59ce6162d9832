"""What a feature set is: a clip in, a row of named numbers out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict
from typing import Any, ClassVar

from moodprint.clip import Clip, FloatArray


class FeatureSet(ABC):
    """A way to describe a clip by a fixed number of values.

    Subclasses are frozen dataclasses whose fields are the options of the set. They are sent to
    worker processes, so what is costly to make is made at the first ``extract``, not before.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    """Raised when the same clip would give other values than before: the cache asks."""
    licence: ClassVar[str] = "Apache-2.0"
    """Of the software and weights that make the features, where it binds who uses them."""
    memory_bytes: ClassVar[int] = 2 * 1024**3
    """What a worker may take: an excerpt with its spectra, 1 MB a second, is in memory whole."""

    @property
    @abstractmethod
    def sample_rate_hz(self) -> int:
        """The rate at which ``extract`` takes clips."""

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The name of each value [D]."""

    @abstractmethod
    def extract(self, clip: Clip) -> FloatArray:
        """The values of a clip, float32 [D], all finite, for silence too."""

    def check(self) -> None:  # noqa: B027  # most sets need nothing that might be missing
        """Return only if the set can be used here.

        Raises:
            MissingExtraError: a package is missing. MissingWeightsError: a checkpoint is.
        """

    @property
    def fingerprint(self) -> dict[str, Any]:
        """What, beside the clip, decides the values; for the cache and for model cards."""
        options = asdict(self)  # type: ignore[call-overload]  # subclasses are dataclasses
        return {"set": self.name, "version": self.version, **options}
