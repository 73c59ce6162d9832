"""Where work runs: one function over many items, in local processes by default."""

from moodprint.engine.cores import available_cores
from moodprint.engine.crew import Crew
from moodprint.engine.engine import Engine, run, run_one
from moodprint.engine.limits import Limits, file_limits
from moodprint.engine.outcome import Outcome
from moodprint.engine.progress import Progress, no_progress, progress_within
from moodprint.engine.within import hearing, tell, telling, unheard

__all__ = [
    "Crew",
    "Engine",
    "Limits",
    "Outcome",
    "Progress",
    "available_cores",
    "file_limits",
    "hearing",
    "no_progress",
    "progress_within",
    "run",
    "run_one",
    "tell",
    "telling",
    "unheard",
]
