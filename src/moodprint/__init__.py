"""Hears the emotion of the music in songs and videos, and makes mood music to learn from."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import MoodprintError
from moodprint.prediction import Prediction, Presence, Segment, Timeline

if TYPE_CHECKING:
    from moodprint.recognition.settings import AnalysisSettings

__version__ = "0.1.0"

__all__ = [
    "EMOTIONS",
    "Emotion",
    "MoodprintError",
    "Prediction",
    "Presence",
    "Segment",
    "Timeline",
    "analyze",
]


def analyze(
    path: str | PathLike[str],
    *,
    model: str | PathLike[str] | None = None,
    settings: AnalysisSettings | None = None,
    track: int | None = None,
    longest_s: float | None = None,
) -> Timeline:
    """The emotion of the music in an audio or video file, over time and as a whole.

    ``model`` is the name of a shipped model or the path of a bundle. ``track`` is the audio track
    that is meant, counted from 1; by default the one that a player would take. Sound beyond
    ``longest_s`` (a day by default) is left out, with a warning. The file is read in a process of
    its own, with limits of time and memory. To analyse many files use
    ``moodprint.recognition.run``; to analyse sound in memory,
    ``moodprint.recognition.analyzer.Analyzer``.

    Raises:
        InputError: the file is missing, unreadable, empty, not media or without sound.
        BundleError: the model is broken.
        WorkerCrashedError, TimeLimitError, MemoryLimitError: the file ended its decoder, hung it,
            or asked for too much.
    """
    # Numerical packages load here, so that the command line answers --help without them.
    from moodprint.audio.decode_options import LONGEST_S, DecodeOptions
    from moodprint.bundle import open_bundle
    from moodprint.engine import file_limits, run_one
    from moodprint.models.acceptance import accept
    from moodprint.recognition.batch import FileAnalysis
    from moodprint.recognition.settings import AnalysisSettings

    bundle = None if model is None else str(model)
    if bundle is not None:
        accept(open_bundle(bundle))
    decoding = DecodeOptions(track, LONGEST_S if longest_s is None else longest_s)
    analysis = FileAnalysis(bundle, settings or AnalysisSettings(), threads=2, decoding=decoding)
    return run_one(analysis, str(path), limits=file_limits())
