"""The feature sets by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from moodprint.errors import MissingExtraError, MissingWeightsError, OptionError, unknown_name
from moodprint.features.feature_set import FeatureSet
from moodprint.import_name import import_name

FEATURE_SETS = {
    "acoustic": "moodprint.features.acoustic:Acoustic",
    "compare": "moodprint.features.opensmile_sets:Compare",
    "ear": "moodprint.features.ear_embedding:EarEmbedding",
    "egemaps": "moodprint.features.opensmile_sets:Egemaps",
    "musicnn": "moodprint.features.musicnn:Musicnn",
    "hubert": "moodprint.features.speech_models:Hubert",
    "wav2vec2": "moodprint.features.speech_models:Wav2vec2",
}
"""Where each set lives; a module is loaded when its set is asked for."""

TAGS = "tags"
"""No feature set, for models take numbers alone and all of them: text, and nulls where something
cannot be told. ``dataset.tag_table`` makes them."""

Options = Mapping[str, Mapping[str, Any]]
"""Options by the name of the set that takes them."""


@dataclass(frozen=True)
class SetStatus:
    """A feature set by name, the licence that binds who uses it, and what is missing here.

    ``missing`` says what to install; it is empty where the set is ready.
    """

    set: str
    licence: str
    missing: str


def statuses() -> tuple[SetStatus, ...]:
    """Of all feature sets, in the order of the registry, and of the tags behind them."""
    return (*(_status(name) for name in FEATURE_SETS), SetStatus(TAGS, FeatureSet.licence, ""))


def _status(name: str) -> SetStatus:
    found = feature_set(name)
    try:
        found.check()
    except (MissingExtraError, MissingWeightsError) as error:
        return SetStatus(name, found.licence, str(error))
    return SetStatus(name, found.licence, "")


def feature_set(name: str, options: Mapping[str, Any] | None = None) -> FeatureSet:
    """The set of that name with its options.

    Raises:
        OptionError: no set is called that, or it has no such option.
    """
    if name == TAGS:
        raise OptionError(
            "tags are for people, not for models, and stand alone: "
            "moodprint features extract songs/ --set tags --out tags.csv"
        )
    if name not in FEATURE_SETS:
        raise unknown_name("feature set", name, [*FEATURE_SETS, TAGS])
    kind: type[FeatureSet] = import_name(FEATURE_SETS[name])
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    for option in options or {}:
        if option not in known:
            raise unknown_name(f"option of the feature set {name}", option, known)
    return kind(**(options or {}))


def feature_sets(combination: str, options: Options | None = None) -> tuple[FeatureSet, ...]:
    """The sets of a combination such as ``acoustic+musicnn``, in that order.

    ``options`` maps a set's name to its options; those of other sets are left alone.

    Raises:
        OptionError: an unknown name, one named twice, or an option that a set does not have.
    """
    names = combination.split("+")
    if len(set(names)) < len(names):
        raise OptionError(f"{combination!r} names a feature set twice")
    return tuple(feature_set(name, (options or {}).get(name)) for name in names)
