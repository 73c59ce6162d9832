"""A fitted classifier as bytes and back, by skops: never pickle, and no code is run by loading."""

from __future__ import annotations

import zipfile
from importlib.util import find_spec

from moodprint.errors import BundleError, MissingExtraError
from moodprint.models.classifiers.fit import Classifier

TRUSTED = (
    "sklearn.tree._tree.Tree",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
)
"""Types of our families that skops does not take for granted: they hold arrays, and call nothing
that a file could name."""


def dumped(classifier: Classifier) -> bytes:
    """The estimator in skops' format, a zip of JSON and arrays.

    Raises:
        MissingExtraError: skops is not installed.
    """
    _need_skops()
    from skops.io import dumps

    return bytes(dumps(classifier.estimator))


def loaded(content: bytes, learned: tuple[int, ...], classes: int) -> Classifier:
    """The classifier of such bytes.

    The names of all types in the file are read first; one that is neither scikit-learn's own nor
    in ``TRUSTED`` is refused before anything of the file is made, so a forged file runs nothing.

    Raises:
        BundleError: not a skops file, or one with types that are not trusted.
        MissingExtraError: skops is not installed.
    """
    _need_skops()
    from skops.io import get_untrusted_types, loads

    try:
        strange = set(get_untrusted_types(data=content)) - set(TRUSTED)
        if strange:
            raise BundleError(
                f"the model holds types that may run code: {', '.join(sorted(strange))}; "
                "it was refused"
            )
        estimator = loads(content, trusted=list(TRUSTED))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BundleError(f"the model is no skops file, or a broken one ({error})") from error
    return Classifier(estimator, learned, classes)


def _need_skops() -> None:
    if find_spec("skops") is None:
        raise MissingExtraError("skops", "study")
