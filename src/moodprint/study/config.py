"""What a study is to do: a YAML file as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from moodprint.dataset.config import AugmentConfig, DatasetConfig, config_from, corpus_config
from moodprint.errors import OptionError
from moodprint.features.registry import feature_sets
from moodprint.models.classifiers.table import family
from moodprint.outputs import AnyPath
from moodprint.text_input import read_yaml


@dataclass(frozen=True, kw_only=True)
class StudyConfig(DatasetConfig):
    """A dataset, and the ``features`` and ``models`` that are compared on it.

    ``finalists`` is how many of the best combinations the hold-out tests; ``tune`` searches each
    model's space.

    Raises:
        OptionError: an unknown feature set, model, protocol or option, or a number without sense.
    """

    features: tuple[str, ...]
    models: tuple[str, ...]
    feature_options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    finalists: int = 5
    tune: bool = False
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.features:
            raise OptionError(
                "a study compares features; at least one set was expected, such as acoustic"
            )
        if not self.models:
            raise OptionError(
                "a study compares models; at least one was expected, such as logistic"
            )
        if self.finalists < 1:
            raise OptionError(f"finalists are 1 or more, not {self.finalists}")
        for combination in self.features:
            feature_sets(combination, self.feature_options)
        for name in self.models:
            family(name)


def load_config(path: AnyPath, **changes: Any) -> StudyConfig:
    """Read a study's YAML file; ``changes`` replace what it says.

    Raises:
        MissingFileError: there is no such file. EncodingError: it is no text.
        OptionError: it is not YAML, or asks for what does not exist.
    """
    path = Path(path)
    options = read_yaml(path)
    if not isinstance(options, dict):
        raise OptionError(f"{path}: a study is a mapping of options, not {type(options).__name__}")
    corpora = options.get("corpora") or ()
    if not isinstance(corpora, list | tuple):
        raise OptionError(f"{path}: corpora are a list, not {type(corpora).__name__}")
    augment = options.get("augment") or {}
    if not isinstance(augment, dict):
        raise OptionError(f"{path}: augment is a mapping of options, not {augment!r}")
    parts = {
        "corpora": tuple(corpus_config(each, path.parent) for each in corpora),
        "augment": config_from(AugmentConfig, "augment", augment),
    }
    return replace(
        config_from(StudyConfig, "study", {"features": (), "models": (), **options, **parts}),
        **changes,
    )
