"""Tracks that files share as sound files, to hear or to look up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath

import numpy as np

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.encode import encode
from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import DEFAULT, open_bundle
from moodprint.engine import Progress, file_limits, no_progress, run
from moodprint.fingerprint.extract import error_line
from moodprint.outputs import AnyPath, refuse_collisions
from moodprint.recognition.recogniser import Recogniser, load_recogniser
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.reports.exports.saving import file_names

_SUFFIX = ".flac"
_LONGEST_S = 600.0
"""Ten minutes are more than a look-up takes, and 230 MB of stereo in memory."""
_COMPARED = 5
"""Uses of which the clearest is chosen."""
_LISTENED_S = 12.0
_SPEECH = 1
"""The column of ``FrameOutputs.presence``."""


@dataclass(frozen=True)
class _Cut:
    """Write the use with the least speech over it, of uses from the longest on."""

    decoding: DecodeOptions

    def __call__(self, work: tuple[tuple[TrackUse, ...], Path]) -> Path:
        uses, path = work
        use = min(uses, key=self._speech) if len(uses) > 1 else uses[0]
        stop_s = min(use.end_s, use.start_s + _LONGEST_S)
        excerpt = Excerpt(Path(use.file), use.start_s, stop_s, self.decoding)
        return encode(excerpt.decode(), path)

    def _speech(self, use: TrackUse) -> float:
        """The mean probability of speech in the middle of a use, to a tenth: the longer ones come
        first, and win where there is as little."""
        late_s = max(0.0, use.duration_s - _LISTENED_S) / 2
        start_s, stop_s = use.start_s + late_s, use.end_s - late_s
        excerpt = Excerpt(Path(use.file), start_s, stop_s, self.decoding)
        network = _network()
        sound = excerpt.decode(sample_rate_hz=network.sample_rate_hz, mono=True).samples[0]
        return round(float(np.mean(network.infer([sound]).presence[:, _SPEECH])), 1)


def cut_tracks(
    tracks: Sequence[SharedTrack],
    folder: AnyPath,
    *,
    decoding: DecodeOptions = DEFAULT_OPTIONS,
    workers: int | None = None,
    progress: Progress = no_progress,
) -> tuple[list[Path], list[tuple[str, str]]]:
    """A FLAC file for each track, in ``folder``: the use with the least speech over it, of the
    longest five; at most ten minutes. The files, and what could not be cut, with the reasons.

    Files of these names that are there are replaced, but none that holds a track.

    Raises:
        OptionError: a file to write is one of those to cut from.
    """
    folder = Path(folder)
    names = file_names([PurePath(track.name).name for track in tracks], _SUFFIX)
    work = [(_longest(track), folder / name) for track, name in zip(tracks, names, strict=True)]
    refuse_collisions((path for _, path in work), (use.file for t in tracks for use in t.uses))
    made: list[Path] = []
    failed: list[tuple[str, str]] = []
    limits = file_limits(_file_of, effort=_COMPARED)
    for done, outcome in enumerate(run(_Cut(decoding), work, workers=workers, limits=limits), 1):
        progress("cut tracks", done, len(work))
        if outcome.error is None:
            made.append(outcome.unwrap())
        else:
            source = _file_of(outcome.item)
            failed.append((source, error_line(source, outcome.error)))
    return made, failed


def _longest(track: SharedTrack) -> tuple[TrackUse, ...]:
    return tuple(sorted(track.uses, key=lambda use: -use.duration_s)[:_COMPARED])


def _file_of(work: tuple[tuple[TrackUse, ...], Path]) -> str:
    return work[0][0].file


@lru_cache(maxsize=1)
def _network() -> Recogniser:
    return load_recogniser(open_bundle(DEFAULT))
