"""Where work runs: one function over many items, in local processes by default."""

from moodprint.engine.cores import available_cores
from moodprint.engine.engine import Engine, run
from moodprint.engine.outcome import Outcome
from moodprint.engine.progress import Progress, no_progress

__all__ = ["Engine", "Outcome", "Progress", "available_cores", "no_progress", "run"]
