"""What an experiment stood on, so that it can be repeated: its data and the packages."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from moodprint.dataset.samples import Sample

_PACKAGES = ("moodprint", "numpy", "scipy", "scikit-learn", "xgboost-cpu", "torch", "opensmile")


def data_hash(samples: Iterable[Sample]) -> str:
    """A hash of which samples there were, with their labels and groups: 32 digits in hex."""
    identities = [(each.id, each.label, each.group, each.origin) for each in samples]
    return hashlib.blake2b(json.dumps(identities).encode(), digest_size=16).hexdigest()


def versions() -> dict[str, str]:
    """Of Python and of the packages that have a say, where they are installed."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
