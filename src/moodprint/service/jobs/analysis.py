"""The job of an analysis: a content is read by a process with limits, and its answer kept."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import soundfile

from moodprint.audio.media import probe
from moodprint.engine import hearing, unheard
from moodprint.errors import InputError
from moodprint.prediction import Timeline
from moodprint.recognition.batch import FileAnalysis
from moodprint.service.peaks import peaks_of
from moodprint.service.problems import Problem
from moodprint.service.store.job_states import JobStates
from moodprint.service.store.media import MediaStore
from moodprint.service.workers import Workers

_REPORT_EVERY_S = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MediaAnalysis:
    """What a job wants of a file, as a function that can be sent to other processes."""

    analysis: FileAnalysis

    def __call__(self, path: str) -> tuple[Timeline, str, bytes]:
        """The answer, the media type by the container, and the peaks of the waveform."""
        timeline = self.analysis(path)
        with unheard():
            peaks = peaks_of(path)
        return timeline, _media_type(path), peaks


class NobodyWaitsError(Exception):
    """The job was cancelled, or its files were removed."""


def analyze(
    key: str,
    states: JobStates,
    media: MediaStore,
    workers: Workers[tuple[Timeline, str, bytes]],
) -> None:
    """Do the job of a key: once done, or where nobody waits, doing it again changes nothing."""
    if states.take_known_answer(key):
        return
    content = states.begin(key)
    if content is None:
        return
    job = {"fields": {"job": key}}
    _log.info("analysis begins", extra=job)
    try:
        with hearing(reporting(lambda share: states.report(key, share))):
            timeline, media_type, peaks = workers(media.path(content))
    except NobodyWaitsError:
        _log.info("analysis is given up", extra=job)
    except Problem as problem:
        states.fail(key, problem.code, problem.detail)
        _log.info("analysis failed: %s", problem.code, extra=job)
    else:
        media.keep_peaks(content, peaks)
        states.finish(key, timeline, media_type)
        _log.info("analysis is done", extra=job)


def reporting(report: Callable[[float], bool]) -> Callable[[object, float, float], None]:
    last_s = time.monotonic()

    def hear(_: object, done: float, total: float) -> None:
        nonlocal last_s
        if time.monotonic() - last_s < _REPORT_EVERY_S:
            return
        last_s = time.monotonic()
        if not report(done / total if total else 0.0):
            raise NobodyWaitsError

    return hear


_MEDIA_TYPES = {
    "wav": "audio/wav",
    "w64": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "avi": "video/x-msvideo",
    "asf": "video/x-ms-asf",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "flv": "video/x-flv",
    "aiff": "audio/aiff",
}
"""Of what holds no video, or nothing else."""


def _media_type(path: str) -> str:
    try:
        info = probe(path)
    except InputError:  # damaged so that libsndfile alone reads it
        return media_type_of(soundfile.info(path).format.lower(), has_video=False)
    return media_type_of(info.container, info.has_video)


def media_type_of(container: str, has_video: bool) -> str:
    """The type that a browser is told, by FFmpeg's name of the container."""
    if container.startswith("mov,mp4"):
        return "video/mp4" if has_video else "audio/mp4"
    if container in ("ogg", "matroska,webm"):
        return f"{'video' if has_video else 'audio'}/{container.rpartition(',')[2]}"
    return _MEDIA_TYPES.get(container, "application/octet-stream")
