"""Every error that moodprint raises on purpose, in one tree.

    MoodprintError
    |-- InputError               what the caller handed over cannot be used
    |   |-- MissingFileError     the path does not exist
    |   |-- NoPermissionError    the path may not be read (or written)
    |   |-- EmptyFileError       the file has no bytes
    |   |-- NotMediaError        the bytes are no audio or video that can be decoded
    |   |-- NoAudioError         a video or container without an audio track
    |   |-- NoMediaFoundError    a folder, glob or list that names no media file
    |   |-- EncodingError        a text file is in an encoding that cannot be told
    |   `-- OptionError          an option has a value that it may not have
    |-- MissingExtraError        an optional package is not installed
    |-- MissingWeightsError      the weights of a network are not on this machine
    |-- BundleError              a model bundle is broken, or not one
    |-- IndexFileError           a match index is broken, or not one
    |-- CorpusError              a corpus folder is broken, or not one
    |-- FetchError               a source of a corpus could not be fetched
    |-- LeakError                a split would learn from the music it is judged on
    |-- WorkerCrashedError       the process at work on an item died
    |-- TimeLimitError           an item took longer than it may
    `-- MemoryLimitError         an item needs more memory than it may take

Each message says what came, what was expected and, where it helps, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from moodprint.install_line import install_line


class MoodprintError(Exception):
    """Root of the tree: catch this to catch all that moodprint raises on purpose."""


class InputError(MoodprintError):
    """What the caller handed over cannot be used."""


class MissingFileError(InputError):
    """The path does not exist."""


class NoPermissionError(InputError):
    """The path exists but may not be read or written."""


class EmptyFileError(InputError):
    """The file has no bytes, or holds no audio samples."""


class NotMediaError(InputError):
    """The bytes are no audio or video that can be decoded."""


class NoAudioError(InputError):
    """A container, usually a video, without an audio track."""


class NoMediaFoundError(InputError):
    """A folder, glob or list that names no media file."""


class EncodingError(InputError):
    """A text file is neither UTF-8 nor marked as another encoding."""


class OptionError(InputError, ValueError):
    """An option has a value that it may not have."""


class MissingExtraError(MoodprintError, ImportError):
    """An optional package is needed here and not installed; the message ends in a line to run."""

    def __init__(self, package: str, extra: str) -> None:
        hint = " (without a GPU see Install in README.md first)" if package == "torch" else ""
        super().__init__(
            f"this needs the package {package!r}, which is not installed{hint}: "
            f"run  {install_line(extra)}"
        )
        self.package = package
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        # Exceptions are rebuilt from their message by default, which does not fit here.
        return (MissingExtraError, (self.package, self.extra))


class MissingWeightsError(MoodprintError):
    """The weights of a pretrained network are needed here and not on this machine."""


class BundleError(MoodprintError):
    """A model bundle is broken, or is not one."""


class IndexFileError(MoodprintError):
    """A match index is broken, or is not one."""


class CorpusError(MoodprintError):
    """A corpus folder is broken, or is not one."""


class FetchError(MoodprintError):
    """A source of a corpus could not be fetched; trying again later may help."""


class LeakError(MoodprintError):
    """A split would learn from the music it is judged on; its scores would be worthless."""


class WorkerCrashedError(MoodprintError):
    """The process at work on an item died (a decoder crashed, or memory ran out)."""


class TimeLimitError(MoodprintError):
    """An item took longer than it may, and was ended."""


class MemoryLimitError(MoodprintError):
    """An item needs more memory than it may take."""


def is_of_the_file(error: Exception) -> bool:
    """Whether an error at work on a file speaks of that file alone, so that others may go on."""
    kinds = (InputError, TimeLimitError, MemoryLimitError, WorkerCrashedError)
    return isinstance(error, kinds) and not isinstance(error, OptionError)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> OptionError:
    """An OptionError for a name that is not in a table, listing the ones that are."""
    names = sorted(map(str, known))
    close = get_close_matches(name, names, n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    return OptionError(f"no {kind} is called {name!r}{hint}; known: {', '.join(names)}")
