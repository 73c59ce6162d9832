"""What a family of classifiers is: how one is made, and which settings may be tried with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib.util import find_spec
from itertools import product
from typing import Any

from moodprint.errors import MissingExtraError
from moodprint.import_name import import_name


class Balance(Enum):
    """How a family is made to count all classes alike, however many rows each has."""

    ARGUMENTS = "arguments"
    """By the estimator's own arguments, where it has one for that: ``class_weight``."""
    EVEN_PRIORS = "even priors"
    """By the same prior probability for each class."""
    SAMPLE_WEIGHTS = "sample weights"
    """By weights of the rows, given when the estimator is fitted."""


@dataclass(frozen=True)
class Family:
    """A family of classifiers over feature rows, by scikit-learn's interface.

    ``estimator`` is ``module:Class``, loaded when one is made. ``arguments`` are those it is made
    with; ``grid`` gives the values that tuning tries for others, the default first. Columns are
    scaled to mean 0 and variance 1 before it where ``is_scaled``. ``kind`` groups families in a
    report.
    """

    name: str
    kind: str
    estimator: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    is_scaled: bool = True
    balance: Balance = Balance.ARGUMENTS

    def check(self) -> None:
        """Return only if the family can be used here.

        Raises:
            MissingExtraError: scikit-learn or the family's own package is not installed.
        """
        module, _ = self.estimator.split(":")
        for package in ("sklearn", module.split(".")[0]):
            if find_spec(package) is None:
                raise MissingExtraError(package, "study")

    def make(self, classes: int, seed: int, settings: Mapping[str, Any] | None = None) -> Any:
        """An unfitted estimator for so many classes; ``settings`` take the place of defaults."""
        kind = import_name(self.estimator)
        defaults = {argument: values[0] for argument, values in self.grid.items()}
        arguments = {**self.arguments, **defaults, **(settings or {})}
        if "random_state" in kind().get_params():
            arguments["random_state"] = seed
        if self.balance is Balance.EVEN_PRIORS:
            arguments["priors"] = [1 / classes] * classes
        model = kind(**arguments)
        return _scaled(model) if self.is_scaled else model

    def candidates(self) -> list[dict[str, Any]]:
        """All settings of the grid, the defaults first; one without any where it has no grid."""
        names = list(self.grid)
        return [dict(zip(names, values, strict=True)) for values in product(*self.grid.values())]


def _scaled(model: Any) -> Any:
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline([("scale", StandardScaler()), ("model", model)])
