"""How loud a recording is as a whole, and the gain that brings every recording to one loudness.

The level is gated as in ITU-R BS.1770 (blocks that are far below the rest do not count), on
blocks of half a second and without its weighting of frequencies.
"""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray

LEVEL_DB = -11.0
"""Where a recording is brought to, where a sine of full scale has 0: about -16 dB RMS."""

FAINTEST_DB = -80.0
"""What never rises above this is silence, and is not made louder."""

_GATE_DB = 10.0


def programme_level_db(levels_db: FloatArray) -> float:
    """The mean power in dB of the blocks [R] that count; -inf where all are silent."""
    levels_db = levels_db[levels_db > FAINTEST_DB]
    if not len(levels_db):
        return -np.inf
    return _mean_db(levels_db[levels_db > _mean_db(levels_db) - _GATE_DB])


def gain_to_level_db(levels_db: FloatArray) -> float:
    """What to add to blocks of these levels [R] so that the whole is as loud as ``LEVEL_DB``."""
    level_db = programme_level_db(levels_db)
    return LEVEL_DB - level_db if np.isfinite(level_db) else 0.0


def _mean_db(levels_db: FloatArray) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels_db.astype(np.float64) / 10))))
