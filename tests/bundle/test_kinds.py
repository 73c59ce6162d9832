"""What every kind of bundle keeps to: a card that is checked, and a loader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cards import CARDS

from moodprint.bundle import CARD, KINDS, Bundle, BundleKind, Card, open_bundle, write_bundle
from moodprint.errors import BundleError
from moodprint.import_name import import_name

WITHOUT = {
    BundleKind.EMOTION_NETWORK: [("features", "log_mel", "hop"), ("calibration", "temperature")],
    BundleKind.STUDY_CLASSIFIER: [("features", "segment_s"), ("classifier", "learned")],
    BundleKind.NOTE_GENERATOR: [("sample_rate_hz",), ("blocks",)],
    BundleKind.MUSIC_GENERATOR: [("spectrogram", "hop"), ("latents", "scale"), ("conditions",)],
    BundleKind.MUSIC_TAGGER: [("features", "hop"), ("features", "frames_per_patch"), ("tags",)],
    BundleKind.NOTE_TRANSCRIPTION: [("features", "keys")],
}
SHARED = [("name",), ("version",), ("kind",), ("labels",), ("files",)]


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> BundleKind:
    return request.param


@pytest.fixture
def folder(kind: BundleKind, tmp_path: Path) -> Path:
    make, file = CARDS[kind]
    write_bundle(tmp_path, make(), {file: b"weights"})
    return tmp_path


def test_each_kind_has_an_entry() -> None:
    assert set(KINDS) == set(BundleKind)


def test_the_card_says_its_kind(kind: BundleKind) -> None:
    card = import_name(KINDS[kind].card)
    assert issubclass(card, Card)
    assert card.kind is kind


def test_the_loader_can_be_called(kind: BundleKind) -> None:
    assert callable(import_name(KINDS[kind].loader))


def test_a_small_card_opens_as_its_class(kind: BundleKind, folder: Path) -> None:
    bundle = open_bundle(folder)
    assert bundle.kind is kind
    assert type(bundle.card) is import_name(KINDS[kind].card)


def test_weights_that_are_none_are_refused_by_the_loader(kind: BundleKind, folder: Path) -> None:
    with pytest.raises(BundleError):
        open_bundle(folder).load()


def test_another_kind_is_refused_by_the_loader(kind: BundleKind, tmp_path: Path) -> None:
    other = next(each for each in KINDS if each is not kind)
    make, file = CARDS[other]
    write_bundle(tmp_path, make(), {file: b"weights"})
    with pytest.raises(BundleError, match=f"of kind {other}, not {kind}"):
        import_name(KINDS[kind].loader)(open_bundle(tmp_path), 1)


def test_whatever_a_card_lacks_is_named(kind: BundleKind, folder: Path) -> None:
    whole = json.loads((folder / CARD).read_text())
    for keys in [*SHARED, *WITHOUT[kind]]:
        (folder / CARD).write_text(json.dumps(_without(whole, keys)))
        with pytest.raises(BundleError, match=rf"{'.'.join(keys)} is missing"):
            open_bundle(folder)


@pytest.mark.parametrize("value", [None, True, -1, 1.5, "", [], ["a", "a"], {}, [1]])
def test_no_value_of_a_card_leads_past_its_check(
    kind: BundleKind, folder: Path, value: object
) -> None:
    whole = json.loads((folder / CARD).read_text())
    for keys in [*SHARED, *WITHOUT[kind]]:
        (folder / CARD).write_text(json.dumps(_without(whole, keys, value)))
        bundle, refusal = _opened(folder)
        assert bundle is None or isinstance(bundle.card, Card)
        assert refusal is None or (str(folder) in refusal and "\n" not in refusal)
        assert (bundle is None) != (refusal is None)


def _opened(folder: Path) -> tuple[Bundle | None, str | None]:
    try:
        return open_bundle(folder), None
    except BundleError as error:
        return None, str(error)


def _without(card: dict, keys: tuple[str, ...], *instead: object) -> dict:
    copy = json.loads(json.dumps(card))
    place = copy
    for key in keys[:-1]:
        place = place[key]
    del place[keys[-1]]
    if instead:
        place[keys[-1]] = instead[0]
    return copy
