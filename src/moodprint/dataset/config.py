"""Which labelled samples there are, and how they are parted: what every experiment begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from moodprint.dataset.labels import label_key
from moodprint.emotion import EMOTIONS
from moodprint.errors import OptionError, unknown_name
from moodprint.outputs import AnyPath

HOLDOUT, LEAVE_ONE_CORPUS_OUT = PROTOCOLS = ("holdout", "leave-one-corpus-out")

_RENAMED = {"made": "toy_songs"}
"""Options of a corpus by the names that they had in version 0.2, which are still read."""

Config = TypeVar("Config")


@dataclass(frozen=True)
class CorpusConfig:
    """A labelled corpus: a ``folder`` with a manifest, a ``labels`` CSV, or ``toy_songs``.

    Of a CSV, ``file``, ``label`` and ``group`` name the columns: where the sound is (relative to
    the CSV), what it is, and what must not be torn apart; ``duplicate``, where given, names sets
    of equal recordings. ``toy_songs`` is a number of songs a class that are synthesised into the
    folder of the experiment, to try things out.

    Raises:
        OptionError: not one of the three is given.
    """

    name: str
    folder: AnyPath | None = None
    labels: AnyPath | None = None
    file: str = "file"
    label: str = "emotion"
    group: str = "group"
    duplicate: str = ""
    toy_songs: int = 0

    def __post_init__(self) -> None:
        given = sum(map(bool, (self.folder, self.labels, self.toy_songs)))
        if given != 1:
            raise OptionError(
                f"the corpus {self.name!r} names {given} of folder, labels and toy_songs; "
                "1 was expected"
            )
        if self.toy_songs < 0:
            raise OptionError(
                f"the corpus {self.name!r} asks for {self.toy_songs} toy songs a class; "
                "1 or more were expected"
            )


@dataclass(frozen=True)
class AugmentConfig:
    """``factor`` copies of each training clip, each changed by the named transforms at random."""

    factor: int = 0
    transforms: tuple[str, ...] = ("time_stretch", "pitch_shift", "noise", "gain", "equaliser")

    def __post_init__(self) -> None:
        if self.factor < 0:
            raise OptionError(f"augment takes a factor of 0 or more, not {self.factor}")


@dataclass(frozen=True, kw_only=True)
class DatasetConfig:
    """Samples of ``corpora`` that carry one of the ``labels``, and how they are split.

    ``segment_s`` None takes files whole; else of each at most ``segments_per_track`` segments,
    spread evenly over it. The protocol ``holdout`` keeps a ``holdout_share`` apart and parts the
    rest into ``folds``, ``repeats`` times in other ways; ``leave-one-corpus-out`` tests on each
    corpus in turn.

    Raises:
        OptionError: an unknown protocol, or a number without sense.
    """

    corpora: tuple[CorpusConfig, ...]
    labels: tuple[str, ...] = tuple(emotion.value for emotion in EMOTIONS)
    segment_s: float | None = None
    segments_per_track: int | None = None
    protocol: str = HOLDOUT
    holdout_share: float = 0.2
    folds: int = 5
    repeats: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.corpora:
            raise OptionError("no corpus is named; at least one was expected")
        names = [corpus.name for corpus in self.corpora]
        if len(set(names)) < len(names):
            raise OptionError(f"corpora need names of their own, not {', '.join(names)}")
        if self.protocol not in PROTOCOLS:
            raise unknown_name("protocol", self.protocol, PROTOCOLS)
        if len(self.labels) < 2 or len(set(map(label_key, self.labels))) < len(self.labels):
            raise OptionError(f"labels are 2 or more different ones, not {list(self.labels)}")
        if not 0 <= self.holdout_share < 1:
            raise OptionError(f"holdout_share is at least 0 and below 1, not {self.holdout_share}")
        if self.folds < 2:
            raise OptionError(f"folds are 2 or more, not {self.folds}")
        if self.repeats < 1:
            raise OptionError(f"repeats are 1 or more, not {self.repeats}")
        self._check_segments()

    def _check_segments(self) -> None:
        if self.segment_s is not None and not self.segment_s > 0:
            raise OptionError(f"segment_s is above 0, not {self.segment_s}")
        if self.segments_per_track is None:
            return
        if self.segments_per_track < 1:
            raise OptionError(f"segments_per_track is 1 or more, not {self.segments_per_track}")
        if self.segment_s is None:
            raise OptionError(
                f"segments_per_track: {self.segments_per_track} takes a segment_s beside it"
            )

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def corpus_config(options: Any, base: Path) -> CorpusConfig:
    """A corpus from its options in a YAML file; paths are meant from the folder ``base``.

    Without a ``name`` it is called as its folder is.

    Raises:
        OptionError: unknown options, or some that do not fit.
    """
    if not isinstance(options, Mapping):
        raise OptionError(f"a corpus is a mapping of options, not {options!r}")
    renamed = {_RENAMED.get(str(name), str(name)): value for name, value in options.items()}
    paths = {name: base / str(renamed[name]) for name in ("folder", "labels") if renamed.get(name)}
    place = paths.get("folder") or paths.get("labels")
    named = {"name": "toys" if place is None else _name_of(place), **renamed, **paths}
    return config_from(CorpusConfig, "corpus", named)


def _name_of(place: Path) -> str:
    """What a corpus is called that has no name: as its folder, or that of its CSV."""
    place = place.resolve()
    return (place.parent if place.is_file() else place).name or str(place)


def config_from(kind: type[Config], what: str, options: Mapping[str, Any]) -> Config:
    """A frozen configuration from options by name, as YAML gives them.

    A list becomes a tuple, and a single word where words are expected a tuple of one.

    Raises:
        OptionError: unknown options, missing ones, or some of the wrong type.
    """
    types = {each.name: str(each.type) for each in fields(kind)}  # type: ignore[arg-type]
    for name in options:
        if name not in types:
            raise unknown_name(f"option of a {what}", str(name), types)
    for each in fields(kind):  # type: ignore[arg-type]
        if each.name not in options and each.default is each.default_factory is MISSING:
            raise OptionError(f"a {what} needs the option {each.name!r}")
    return kind(**{name: _fitting(name, value, types[name]) for name, value in options.items()})


_EXPECTED: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
    ("int", int, "a whole number"),
    ("float", (int, float), "a number"),
    ("bool", bool, "true or false"),
    ("str", (str, int, float), "a word"),
    ("AnyPath", (str, PathLike), "a path"),
    ("tuple", (list, tuple), "a list"),
    ("Mapping", Mapping, "a mapping of options"),
)
"""By how an annotation begins: the types that YAML may give, and what an error calls them."""


def _fitting(name: str, value: Any, annotation: str) -> Any:
    """The value as the annotation has it."""
    if value is None and annotation.endswith("None"):
        return None
    if annotation.startswith("tuple[str") and isinstance(value, str):
        value = [value]
    for begins, types, expected in _EXPECTED:
        if annotation.startswith(begins):
            truth = isinstance(value, bool) and begins != "bool"
            if truth or not isinstance(value, types):
                raise OptionError(f"{name} is {expected}, not {value!r}")
    if annotation.startswith("tuple"):
        return tuple(map(str, value)) if "str" in annotation else tuple(value)
    return str(value) if annotation == "str" else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value
