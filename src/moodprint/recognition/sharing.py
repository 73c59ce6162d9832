"""Which files share music: stretches in common, told from speech, and put together to tracks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import DEFAULT, open_bundle
from moodprint.clip import FloatArray
from moodprint.engine import Engine, Progress, file_limits, no_progress, run
from moodprint.errors import EmptyFileError
from moodprint.evaluation.groups import unions
from moodprint.fingerprint import SharedMusic, compare_files
from moodprint.fingerprint.shared_music import SHORTEST_S, strongest
from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.prediction import Presence
from moodprint.recognition.common_sound import CommonSound, common_sound
from moodprint.recognition.presence import presence_of
from moodprint.recognition.recogniser import Recogniser, load_recogniser
from moodprint.recognition.shared_tracks import SharedTrack, shared_tracks

_LISTENED_S = 12.0
"""Of a shared stretch its middle is heard: two dozen rows of the network decide."""

_VOICE_FROM = 0.5
"""Likelier than not."""

_REST_FROM_DB = -15.0
"""What two files hold beside the common sound counts from this level, beside the whole: what codecs
leave of the same sound lies under -20 dB, music that lies 10 dB under a voice above it."""


@dataclass(frozen=True)
class Sharing:
    """What files share, strongest first: ``tracks``, the stretches of music in ``pairs`` of files
    that they were found by, and those that share no more than ``speech``.

    ``failed`` are files that could not be read, with the reasons; ``warnings`` tell what was odd
    about others.
    """

    tracks: tuple[SharedTrack, ...]
    pairs: tuple[SharedMusic, ...]
    speech: tuple[SharedMusic, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Files joined by tracks, directly or through others, in alphabetical order."""
        files = sorted({file for track in self.tracks for file in track.files})
        first_of = unions(files, (pair for track in self.tracks for pair in pairwise(track.files)))
        members: dict[str, list[str]] = {}
        for file in files:
            members.setdefault(first_of[file], []).append(file)
        return tuple(map(tuple, members.values()))

    def to_dict(self) -> dict[str, Any]:
        """The object that ``moodprint match query --all-pairs --format json`` gives.

        Of each pair the strongest stretch is told.
        """
        return {
            "groups": [list(group) for group in self.groups],
            "tracks": [track.to_dict() for track in self.tracks],
            "pairs": [pair.to_dict() for pair in strongest(self.pairs)],
            "shared_speech": [pair.to_dict() for pair in strongest(self.speech)],
            "failed": [{"path": path, "error": error} for path, error in self.failed],
        }


def find_sharing(
    paths: Iterable[str | Path],
    *,
    known: str | Path | None = None,
    shortest_s: float = SHORTEST_S,
    decoding: DecodeOptions = DEFAULT_OPTIONS,
    workers: int | None = None,
    engine: Engine | None = None,
    progress: Progress = no_progress,
) -> Sharing:
    """Compare all files with all others, hear what they share, and name the tracks.

    ``known`` is the folder of an index whose tracks join files, too: music that lies under two
    different voices is found in each, though hardly in one beside the other. The rest as
    ``fingerprint.compare_files``.

    Raises:
        IndexFileError: there is no index at ``known``, or it is damaged.
    """
    compared = compare_files(
        paths,
        known=known,
        shortest_s=shortest_s,
        decoding=decoding,
        workers=workers,
        engine=engine,
        progress=progress,
    )
    kinds = _kinds(compared.stretches, decoding, workers, engine, progress)
    stretches = list(zip(compared.stretches, kinds, strict=True))
    music = [(pair, presence) for pair, presence in stretches if presence is not Presence.SPEECH]
    return Sharing(
        tracks=shared_tracks(music, compared.known),
        pairs=tuple(pair for pair, _ in music),
        speech=tuple(pair for pair, presence in stretches if presence is Presence.SPEECH),
        failed=compared.failed,
        warnings=compared.warnings,
    )


def _kinds(
    stretches: Sequence[SharedMusic],
    decoding: DecodeOptions,
    workers: int | None,
    engine: Engine | None,
    progress: Progress,
) -> list[Presence]:
    """What each stretch is; what was read a moment ago and cannot be heard now is taken for
    music."""
    kinds = []
    listen, limits = SharedPresence(decoding), file_limits(_larger_file)
    outcomes = run(listen, stretches, engine=engine, workers=workers, limits=limits)
    for done, outcome in enumerate(outcomes, 1):
        kinds.append(Presence.MUSIC if outcome.error is not None else outcome.unwrap())
        progress("hear what they share", done, len(stretches))
    return kinds


@dataclass(frozen=True)
class SharedPresence:
    """What two files share in a stretch, heard by the recogniser's network: music, speech or other
    sound.

    What both have in common is heard, not what each holds there: a voice that two films share under
    different music is speech, and music that they share under different voices is music.
    """

    decoding: DecodeOptions = DEFAULT_OPTIONS

    def __call__(self, shared: SharedMusic) -> Presence:
        """Raises what decoding raises."""
        network = _network()
        parts = _aligned(shared, network.sample_rate_hz, self.decoding)
        common, *rests = (network.infer([part]) for part in _parts(parts))
        presence = presence_of(common, slice(None)).kind
        if presence is Presence.MUSIC and _is_voice_over_other_music(common, rests):
            return Presence.SPEECH
        return presence


def _aligned(shared: SharedMusic, rate_hz: int, decoding: DecodeOptions) -> CommonSound:
    length_s = min(_LISTENED_S, shared.duration_s)
    late_s = (shared.duration_s - length_s) / 2
    first_s, second_s = shared.first_offset_s + late_s, shared.second_offset_s
    second_s += late_s * shared.speed
    return common_sound(
        _sound(shared.first, first_s, length_s, rate_hz, decoding),
        _sound(shared.second, second_s, length_s * shared.speed, rate_hz, decoding),
        rate_hz,
        speed=shared.speed,
        pitch_semitones=shared.pitch_semitones,
    )


def _sound(
    path: str, start_s: float, length_s: float, rate_hz: int, decoding: DecodeOptions
) -> FloatArray:
    excerpt = Excerpt(Path(path), start_s, start_s + length_s, decoding)
    return excerpt.decode(sample_rate_hz=rate_hz, mono=True).samples[0]


def _parts(sound: CommonSound) -> Sequence[FloatArray]:
    if not len(sound.common):
        raise EmptyFileError("a shared stretch is shorter than what can be heard")
    return sound.common, sound.first_rest, sound.second_rest


def _is_voice_over_other_music(common: FrameOutputs, rests: Sequence[FrameOutputs]) -> bool:
    """Music and a voice are in common, but the music of each is not: what there is of it in the
    common sound is what two pieces happen to share."""
    if common.presence[:, 1].mean() < _VOICE_FROM:
        return False
    whole = np.mean(10 ** (common.level_db / 10)) + 1e-12
    return all(
        presence_of(rest, slice(None)).kind is Presence.MUSIC
        and 10 * np.log10(np.mean(10 ** (rest.level_db / 10)) / whole + 1e-12) >= _REST_FROM_DB
        for rest in rests
    )


def _larger_file(shared: SharedMusic) -> str:
    return max((shared.first, shared.second), key=_size)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=1)
def _network() -> Recogniser:
    return load_recogniser(open_bundle(DEFAULT))
