"""Where in the space of instruments each moment of a piece lies."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.note_generator.architecture import LATENT_SIZE

_NEARLY_PARALLEL = 1e-6
"""The sine of an angle below which the sphere is flat, and dividing by it loses digits."""


def slerp(start: FloatArray, end: FloatArray, share: float) -> FloatArray:
    """Between two latents [D] along the sphere, so that those between are as long as the ends.

    ``share`` 0 gives the start and 1 the end (White, Sampling Generative Networks, 2016).
    """
    cosine = np.dot(start, end) / (np.linalg.norm(start) * np.linalg.norm(end))
    angle = math.acos(float(np.clip(cosine, -1, 1)))
    if math.sin(angle) < _NEARLY_PARALLEL:
        return start + np.float32(share) * (end - start)
    between = math.sin((1 - share) * angle) * start + math.sin(share * angle) * end
    return (between / math.sin(angle)).astype(np.float32)


class InstrumentRoute:
    """A way through the space of instruments: one every ``seconds_per_instrument``, the ones
    between found on the way. After the last ``stops`` it stays there; without any, new ones are
    drawn at random for as long as it takes.

    ``steps`` is how many different instruments one stretch takes: the change is heard as smooth,
    and notes of a pitch within one step are one note, made once.
    """

    def __init__(
        self,
        seconds_per_instrument: float,
        seed: int,
        stops: npt.ArrayLike | None = None,
        steps: int = 8,
    ) -> None:
        if not (seconds_per_instrument > 0 and math.isfinite(seconds_per_instrument)):
            raise OptionError(f"seconds per instrument are above 0, not {seconds_per_instrument:g}")
        self._seconds = seconds_per_instrument
        self._steps = steps
        self._seed = seed
        self._stops = None if stops is None else np.asarray(stops, np.float32)

    def step(self, time_s: float) -> int:
        """The number of the step that a moment lies in."""
        return int(time_s / self._seconds * self._steps)

    def latent(self, step: int) -> FloatArray:
        """The instrument [256] of a step."""
        stretch, into = divmod(step, self._steps)
        return slerp(self._stop(stretch), self._stop(stretch + 1), into / self._steps)

    def _stop(self, number: int) -> FloatArray:
        if self._stops is not None:
            return self._stops[min(number, len(self._stops) - 1)]
        random = np.random.default_rng([self._seed, number])
        return random.standard_normal(LATENT_SIZE).astype(np.float32)
