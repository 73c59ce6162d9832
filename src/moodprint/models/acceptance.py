"""A bundle from elsewhere is tried before a command works with it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from moodprint.bundle import KINDS, Bundle, open_bundle
from moodprint.engine import Limits, run
from moodprint.errors import (
    BundleError,
    MemoryLimitError,
    MissingExtraError,
    MissingWeightsError,
    MoodprintError,
    TimeLimitError,
    WorkerCrashedError,
)
from moodprint.import_name import import_name

_LIMITS = Limits(time_s=30.0, memory_bytes=768 * 1024**2)
"""A second of noise takes a recogniser some milliseconds, and the slowest classifier, with its
imports on a busy machine, some seconds."""


def accept(bundle: Bundle) -> None:
    """Load a bundle and let it answer once, in a process of its own with limits of time and memory.

    Weights can be forged so that using them crashes the process, never ends or fills memory; then
    this says so, and the caller's process stays whole. Bundles that ship are taken as they are;
    any other is tried once in a process.

    Raises:
        BundleError: it does not load, ends its process, or answers what is no answer.
        MissingExtraError, MissingWeightsError: what it needs beside its files is not here.
    """
    if bundle.shipped:
        return
    sums = ",".join(f"{name}={digest}" for name, digest in sorted(bundle.card.files.items()))
    _accept(str(bundle.path.absolute()), repr(bundle.card), sums)


@lru_cache(maxsize=64)
def _accept(path: str, card: str, sums: str) -> None:  # noqa: ARG001 - the key of the cache
    [outcome] = run(_try_out, [path], workers=1, limits=_LIMITS)
    error = outcome.error
    if error is None:
        return
    if isinstance(error, BundleError | MissingExtraError | MissingWeightsError):
        raise error
    if isinstance(error, WorkerCrashedError | TimeLimitError | MemoryLimitError):
        raise BundleError(f"{path}: is refused; tried on a second of noise, {error}") from error
    raise BundleError(f"{path}: does not work ({error or type(error).__name__})") from error


def _try_out(path: str) -> None:
    bundle = open_bundle(Path(path))
    entry = KINDS[bundle.kind]
    try:
        loaded = bundle.load()
        if entry.trial:
            import_name(entry.trial)(bundle.card, loaded)
    except MoodprintError:
        raise
    except Exception as error:  # whatever a forged file makes of libraries; its words in one line
        words = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise BundleError(f"{bundle.path}: does not work ({words})") from error
