"""What a study is told to do: a YAML file as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from moodprint.emotion import EMOTIONS
from moodprint.errors import OptionError, unknown_name
from moodprint.features.registry import feature_sets
from moodprint.models.classifiers.table import family
from moodprint.text_input import read_yaml

PROTOCOLS = ("holdout", "leave-one-corpus-out")


@dataclass(frozen=True)
class CorpusConfig:
    """A labelled corpus: a corpus ``folder`` with a manifest, a ``labels`` CSV, or ``made`` here.

    Paths are relative to the file that names them. Of a CSV, ``file``, ``label`` and ``group`` name
    the columns: where the sound is (relative to the CSV), what it is, and what must not be torn
    apart; ``duplicate``, where given, names sets of equal recordings. ``made`` is the number of
    toy songs a class that are synthesised into the study's folder, to try things out.
    """

    name: str
    folder: Path | None = None
    labels: Path | None = None
    file: str = "file"
    label: str = "emotion"
    group: str = "group"
    duplicate: str = ""
    made: int = 0

    def __post_init__(self) -> None:
        given = sum(map(bool, (self.folder, self.labels, self.made)))
        if given != 1:
            raise OptionError(
                f"the corpus {self.name!r} names {given} of folder, labels and made; 1 was expected"
            )


@dataclass(frozen=True)
class AugmentConfig:
    """``factor`` copies of each training clip, each changed by the named transforms at random."""

    factor: int = 0
    transforms: tuple[str, ...] = ("time_stretch", "pitch_shift", "noise", "gain", "equaliser")


@dataclass(frozen=True)
class StudyConfig:
    """A whole study. ``tune`` searches each model's space.

    ``segment_s`` None takes files whole; else of each at most ``segments_per_track`` segments,
    spread evenly over it.

    Raises:
        OptionError: an unknown feature set, model, protocol or option, or numbers without sense.
    """

    corpora: tuple[CorpusConfig, ...]
    features: tuple[str, ...]
    models: tuple[str, ...]
    labels: tuple[str, ...] = tuple(emotion.value for emotion in EMOTIONS)
    feature_options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    segment_s: float | None = None
    segments_per_track: int | None = None
    protocol: str = "holdout"
    holdout_share: float = 0.2
    folds: int = 5
    finalists: int = 5
    tune: bool = False
    augment: AugmentConfig = AugmentConfig()
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.corpora or not self.features or not self.models:
            raise OptionError("a study names at least one corpus, feature set and model")
        if self.protocol not in PROTOCOLS:
            raise unknown_name("protocol", self.protocol, PROTOCOLS)
        if len(set(self.labels)) < max(2, len(self.labels)):
            raise OptionError(f"a study takes 2 or more different labels, not {list(self.labels)}")
        if self.finalists < 1 or (self.segment_s is not None and self.segment_s <= 0):
            raise OptionError("a study takes 1 or more finalists and a segment_s above 0")
        most = self.segments_per_track
        if most is not None and (most < 1 or not self.segment_s):
            raise OptionError("segments_per_track takes a segment_s beside it, and is 1 or more")
        for combination in self.features:
            feature_sets(combination, self.feature_options)
        for name in self.models:
            family(name)

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def load_config(path: Path, **changes: Any) -> StudyConfig:
    """Read a study's YAML file; ``changes`` replace what it says.

    Raises:
        MissingFileError: there is no such file.
        OptionError: it is not YAML, or asks for what does not exist.
    """
    told = read_yaml(path)
    if not isinstance(told, dict):
        raise OptionError(f"{path}: a study is a mapping of options, not {type(told).__name__}")
    study: StudyConfig = _study(told, path.parent)
    return replace(study, **changes)


def _study(told: dict[str, Any], base: Path) -> Any:
    options = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
    options["corpora"] = tuple(_corpus(each, base) for each in told.get("corpora") or ())
    options["augment"] = _made_of(AugmentConfig, "augment", told.get("augment") or {})
    return _made_of(StudyConfig, "study", {"features": (), "models": (), **options})


def _corpus(told: dict[str, Any], base: Path) -> Any:
    places = {name: base / told[name] for name in ("folder", "labels") if told.get(name)}
    return _made_of(CorpusConfig, "corpus", {**told, **places})


def _made_of(kind: type[Any], what: str, options: Mapping[str, Any]) -> Any:
    known = {each.name for each in fields(kind)}
    for name in options:
        if name not in known:
            raise unknown_name(f"option of a {what}", str(name), known)
    try:
        return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in options.items()})
    except TypeError as error:
        raise OptionError(f"the options of a {what} do not fit: {error}") from error


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value
