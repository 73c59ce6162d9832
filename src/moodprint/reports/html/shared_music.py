"""Which files share music, as one HTML page that needs nothing else: drawn, listed, playable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.excerpt import Excerpt
from moodprint.files import write_output
from moodprint.fingerprint import SharedMusic
from moodprint.plain_text import one_line
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.recognition.sharing import Sharing
from moodprint.reports.html.preview import Preview, previews
from moodprint.reports.html.report import asset, data_url, environment
from moodprint.reports.html.track_drawing import Drawing, drawing
from moodprint.reports.timeline_text import clock
from moodprint.reports.track_words import track_name, track_words, use_words

_LONGEST_PREVIEW_S = 30.0
"""Enough to know a piece by."""


@dataclass(frozen=True)
class SharedMusicPage:
    """What the template places."""

    sharing: Sharing
    files: Sequence[str]
    sounds: Sequence[Preview]
    """One for each use of each track, in their order."""

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        sharing = sum(len(group) for group in self.sharing.groups)
        return f"{sharing} of {len(self.files)} files share music"

    @property
    def summary(self) -> str:
        """How many tracks and groups."""
        tracks, groups = len(self.sharing.tracks), len(self.sharing.groups)
        return f"{_counted(tracks, 'track')}, {_counted(groups, 'group')} of files joined by them."

    @property
    def drawings(self) -> list[Drawing]:
        """One for each group of files."""
        return [
            drawing(group, [track for track in self.sharing.tracks if track.files[0] in group])
            for group in self.sharing.groups
        ]

    @property
    def tracks(self) -> list[dict[str, Any]]:
        """Name, words and uses of each track."""
        sounds = iter(self.sounds)
        return [_track(number, track, sounds) for number, track in enumerate(self.sharing.tracks)]

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """The stretches of music that pairs share."""
        return [_pair(pair) for pair in self.sharing.pairs]

    @property
    def speech(self) -> list[dict[str, Any]]:
        """The stretches of speech that pairs share."""
        return [_pair(pair) for pair in self.sharing.speech]

    @property
    def failed(self) -> list[str]:
        """What could not be read, a line each."""
        return [one_line(error) for _, error in self.sharing.failed]


def write_shared_music(
    files: Sequence[str], sharing: Sharing, path: Path, *, audio: bool = True
) -> None:
    """Write the page of the files and what they share.

    Raises:
        NoPermissionError, InputError: the file cannot be written.
    """
    write_output(path, render_shared_music(files, sharing, audio=audio))


def render_shared_music(
    files: Sequence[str],
    sharing: Sharing,
    *,
    audio: bool = True,
    decoding: DecodeOptions = DEFAULT_OPTIONS,
) -> bytes:
    """The page, as UTF-8. Files that share nothing are counted and not drawn.

    ``audio`` puts a preview of each use of a track in the page, of at most 30 s: see
    ``html.preview``. ``decoding`` says what of the files is decoded.
    """
    uses = [use for track in sharing.tracks for use in track.uses]
    sounds = previews([_excerpt(use, decoding) for use in uses]) if audio else []
    page = SharedMusicPage(sharing, files, sounds or [Preview(None)] * len(uses))
    text: str = environment().get_template("sharing.html.jinja").render(page=page, asset=asset)
    return text.encode("utf-8", "replace")


def _excerpt(use: TrackUse, decoding: DecodeOptions) -> tuple[Excerpt, float]:
    length_s = min(_LONGEST_PREVIEW_S, use.duration_s)
    excerpt = Excerpt(Path(use.file), use.start_s, use.start_s + length_s, decoding)
    return excerpt, length_s


def _track(number: int, track: SharedTrack, sounds: Iterator[Preview]) -> dict[str, Any]:
    name = track_name(track)
    uses = [
        {
            "path": one_line(use.file),
            "name": _name(use.file),
            "times": use_words(use),
            "sound": data_url(sound.webm),
            "note": sound.note,
        }
        for use, sound in zip(track.uses, islice(sounds, len(track.uses)), strict=True)
    ]
    return {
        "id": f"track-{number + 1}",
        "name": name,
        "meta": track_words(track).removeprefix(name).lstrip(", "),
        "files": len(track.files),
        "search": " ".join([name, *map(one_line, track.files)]),
        "uses": uses,
    }


def _pair(pair: SharedMusic) -> dict[str, Any]:
    return {
        "first": _name(pair.first),
        "first_at": clock(pair.first_offset_s),
        "second": _name(pair.second),
        "second_at": clock(pair.second_offset_s),
        "numbers": [
            f"{pair.duration_s:.1f}",
            f"{pair.speed:.3f}",
            f"{pair.pitch_semitones:+.2f}",
            f"{pair.score:.0f}",
        ],
    }


def _name(file: str) -> str:
    return one_line(PurePath(file).name) or one_line(file)


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
