"""A fitted classifier as bytes and back, by skops: never pickle, and no code is run by loading."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec

from moodprint.errors import BundleError, MissingExtraError
from moodprint.models.classifiers.fit import Classifier
from moodprint.models.classifiers.tree_check import check_trees

_MOST_BYTES, _MOST_SCHEMA_BYTES = 512 * 1024**2, 16 * 1024**2
"""Of a classifier unpacked, and of the JSON in it: forests of 300 trees have 30 MB and 2 MB."""

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
        BundleError: not a skops file, one that grows too much when it is unpacked, or one with
            types that are not trusted or trees that cannot be walked.
        MissingExtraError: skops is not installed.
    """
    _need_skops()
    from skops.io import get_untrusted_types, loads

    try:
        _check_sizes(content)
        strange = set(get_untrusted_types(data=content)) - set(TRUSTED)
        if strange:
            raise BundleError(
                f"the model holds types that may run code: {', '.join(sorted(strange))}; "
                "it was refused"
            )
        estimator = loads(content, trusted=list(TRUSTED))
    except BundleError:
        raise
    except Exception as error:  # a broken file ends in whatever zip, JSON, numpy or skops raise
        words = " ".join(str(error).split())[:200]
        raise BundleError(f"the model is no skops file, or a broken one ({words})") from error
    try:
        check_trees(estimator)
    except BundleError as error:
        raise BundleError(f"the model {error}") from error
    return Classifier(estimator, learned, classes)


def _check_sizes(content: bytes) -> None:
    """Raises BundleError where the file would unpack to more than memory should hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = [entry.file_size for entry in archive.infolist()]
        schemas = [each.file_size for each in archive.infolist() if each.filename.endswith(".json")]
    if sum(sizes) > _MOST_BYTES or sum(schemas) > _MOST_SCHEMA_BYTES:
        raise BundleError("the model grows too much when it is unpacked")


def _need_skops() -> None:
    if find_spec("skops") is None:
        raise MissingExtraError("skops", "study")
