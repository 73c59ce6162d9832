import io
import json
import pickle
import zipfile

import numpy as np
import pytest

from moodprint.errors import BundleError, MissingExtraError
from moodprint.models.classifiers import skops_file
from moodprint.models.classifiers.fit import fit
from moodprint.models.classifiers.skops_file import dumped, loaded
from moodprint.models.classifiers.table import FAMILIES, family

pytest.importorskip("skops", reason="the extra study is not installed")


def _data():
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 3
    return rng.normal(size=(60, 4)) + labels[:, None], labels


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_every_family_comes_back_with_the_same_scores(name):
    if name == "xgboost":
        pytest.importorskip("xgboost", reason="the extra study is not installed")
    values, labels = _data()
    before = fit(family(name), values, labels * 2, 5)
    after = loaded(dumped(before), before.learned, before.classes)
    if name == "dummy":  # Draws at each call.
        assert after.scores(values).shape == (60, 5)
    else:
        np.testing.assert_array_equal(after.scores(values), before.scores(values))


def _forged(module, name):
    """A skops file whose root is a call of ``module.name``."""
    values, labels = _data()
    content = io.BytesIO(dumped(fit(family("ridge"), values, labels, 3)))
    forged = io.BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(forged, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            if entry == "schema.json":
                schema = json.loads(data)
                schema["__module__"], schema["__class__"] = module, name
                data = json.dumps(schema).encode()
            target.writestr(entry, data)
    return forged.getvalue()


@pytest.mark.parametrize(
    ("module", "name"), [("os", "system"), ("subprocess", "Popen"), ("builtins", "eval")]
)
def test_a_forged_file_is_refused_and_runs_nothing(module, name, monkeypatch):
    import os
    import subprocess

    def called(*_, **__):
        pytest.fail("loading ran code")

    monkeypatch.setattr(os, "system", called)
    monkeypatch.setattr(subprocess, "Popen", called)
    with pytest.raises(BundleError, match=f"{module}.{name}"):
        loaded(_forged(module, name), (0, 1, 2), 3)


class _Bomb:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize("content", [b"", b"not a zip", pickle.dumps(_Bomb())])
def test_what_is_no_skops_file_is_refused(content):
    with pytest.raises(BundleError, match="no skops file"):
        loaded(content, (0, 1), 2)


def test_a_cut_file_is_refused():
    values, labels = _data()
    whole = dumped(fit(family("logistic"), values, labels, 3))
    with pytest.raises(BundleError):
        loaded(whole[: len(whole) // 2], (0, 1, 2), 3)


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(skops_file, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"\[study\]"):
        loaded(b"", (0, 1), 2)
