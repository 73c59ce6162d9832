"""The ladder from sound to answer: samples -> Clip -> file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from moodprint.audio.decode import AudioStream
from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.resample import resampled
from moodprint.bundle import DEFAULT, open_bundle
from moodprint.clip import Clip, FloatArray
from moodprint.engine import telling
from moodprint.errors import EmptyFileError
from moodprint.prediction import Timeline
from moodprint.recognition.explanation.cues.listener import CueListener
from moodprint.recognition.explanation.explainer import Explainer
from moodprint.recognition.presence import with_known_music
from moodprint.recognition.recogniser import calibration_of, load_recogniser
from moodprint.recognition.settings import AnalysisSettings
from moodprint.recognition.timeline import timeline

if TYPE_CHECKING:
    from moodprint.audio.loudness import ProgrammeMeter

_BLOCKS_AHEAD = 4
"""Enough that decoding and the network do not wait for each other; more would only take memory."""

_WAIT_S = 0.01
"""Between two looks whether the reader has ended."""


class Analyzer:
    """Loads a model once, then answers for as many clips and files as are asked.

    ``bundle`` is the name of a shipped model or the path of a bundle; ``threads`` is how many the
    network may use. With ``explain`` answers say why. The same input gives the same answer, to the
    byte.

    Raises:
        OptionError, BundleError: no such model, a broken one, or one that cannot explain itself.
    """

    def __init__(
        self,
        bundle: str | PathLike[str] | None = None,
        settings: AnalysisSettings | None = None,
        *,
        threads: int = 1,
        explain: bool = False,
    ) -> None:
        opened = open_bundle(bundle or DEFAULT)
        self.settings = settings or AnalysisSettings()
        self._recogniser = load_recogniser(opened, threads)
        self._calibration = calibration_of(opened)
        self._explainer = Explainer(opened) if explain else None

    @property
    def model(self) -> str:
        """Name and version of the model, as answers carry it."""
        return self._recogniser.name

    def clip(self, clip: Clip) -> Timeline:
        """The answer for a clip of any rate and number of channels."""
        mono = resampled(Clip(clip.mono, clip.sample_rate_hz), self._recogniser.sample_rate_hz).mono
        meter = None if self._explainer is None else _meter(clip.sample_rate_hz, clip.channels)
        if meter is not None:
            meter.push(_finite(clip.samples))
        return self._answer([_finite(mono)], clip.origin.source, [], meter=meter)

    def file(
        self,
        path: str | PathLike[str],
        options: DecodeOptions = DEFAULT_OPTIONS,
        known_music: Sequence[tuple[float, float]] = (),
    ) -> Timeline:
        """The answer for an audio or video file, decoded while the network listens; memory does
        not grow with the length of the file. ``options`` say what of it is decoded. Where known
        tracks play, from and to so many seconds, ``known_music`` says that there is music.

        Raises:
            InputError: the file is missing, unreadable, empty, not media or without sound.
        """
        rate_hz = self._recogniser.sample_rate_hz
        stream = AudioStream(Path(path), sample_rate_hz=rate_hz, mono=True, options=options)
        meter = None if self._explainer is None else _meter_beside(stream)
        blocks = telling(_read_ahead(stream), stream.expected_s, rate_hz)
        return self._answer(blocks, str(path), stream.warnings, known_music, meter)

    def _answer(
        self,
        blocks: Iterable[FloatArray],
        source: str,
        warnings: list[str],
        known_music: Sequence[tuple[float, float]] = (),
        meter: ProgrammeMeter | None = None,
    ) -> Timeline:
        listener = None if self._explainer is None else CueListener(self._recogniser.sample_rate_hz)
        outputs = self._recogniser.infer(blocks if listener is None else listener.through(blocks))
        if outputs.duration_s == 0:
            raise EmptyFileError(f"{source or 'the clip'}: holds no audio samples")
        answer = timeline(
            with_known_music(outputs, known_music),
            self.settings,
            self._calibration,
            source=source,
            model=self.model,
            warnings=tuple(warnings),
        )
        if self._explainer is None or listener is None:
            return answer
        loudness = None if meter is None else meter.finish()
        return self._explainer.explained(answer, listener.contours(), loudness)


def _finite(samples: FloatArray) -> FloatArray:
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)


def _meter(sample_rate_hz: int, channels: int) -> ProgrammeMeter:
    from moodprint.audio.loudness import ProgrammeMeter  # not loaded without need

    return ProgrammeMeter(sample_rate_hz, channels, true_peak=False)


def _meter_beside(stream: AudioStream) -> ProgrammeMeter:
    meter = _meter(stream.native_rate_hz, stream.native_channels)
    stream.listeners.append(meter.push)
    return meter


def _read_ahead(blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
    """The same blocks, made by another thread a few ahead: decoding overlaps with listening."""
    queue: Queue[Any] = Queue(maxsize=_BLOCKS_AHEAD)
    stopped = False

    def read() -> None:
        try:
            for block in blocks:
                if stopped:
                    return
                queue.put(block)
            queue.put(None)
        except BaseException as error:
            queue.put(error)

    thread = Thread(target=read, daemon=True)
    thread.start()
    try:
        while (block := queue.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield block
    finally:
        stopped = True
        while thread.is_alive():
            # A full queue would keep the reader waiting for ever.
            if not queue.empty():
                queue.get_nowait()
            thread.join(timeout=_WAIT_S)
