"""What a family of models is: how one is made, and what may be tried with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import product
from typing import Any

from moodprint.errors import MissingExtraError
from moodprint.located import located


@dataclass(frozen=True)
class Family:
    """A family of classifiers over feature rows, by scikit-learn's interface.

    ``place`` is ``module:Class``, loaded when a model is made. ``options`` are its arguments,
    ``space`` the values to try besides, the first of each the default. Columns are scaled to mean
    0 and variance 1 first where ``scaled``, and all classes weigh alike: by an option, by even
    ``priors`` (``even_priors``), or by the weights of the rows (``weighs_rows``).
    """

    name: str
    kind: str
    place: str
    options: Mapping[str, Any] = field(default_factory=dict)
    space: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    scaled: bool = True
    even_priors: bool = False
    weighs_rows: bool = False

    def check(self) -> None:
        """Raises MissingExtraError where its package is not installed."""
        for package in ("sklearn", self.place.split(".")[0].split(":")[0]):
            if find_spec(package) is None:
                raise MissingExtraError(package, "study")

    def make(self, classes: int, seed: int, settings: Mapping[str, Any] | None = None) -> Any:
        """An unfitted estimator for so many classes."""
        kind = located(self.place)
        defaults = {option: values[0] for option, values in self.space.items()}
        arguments = {**self.options, **defaults, **(settings or {})}
        if "random_state" in kind().get_params():
            arguments["random_state"] = seed
        if self.even_priors:
            arguments["priors"] = [1 / classes] * classes
        model = kind(**arguments)
        return _scaling(model) if self.scaled else model

    def candidates(self) -> list[dict[str, Any]]:
        """All settings of the space, the defaults first."""
        names = list(self.space)
        return [dict(zip(names, values, strict=True)) for values in product(*self.space.values())]


def _scaling(model: Any) -> Any:
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline([("scale", StandardScaler()), ("model", model)])
