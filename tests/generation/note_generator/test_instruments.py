from pathlib import Path

import numpy as np
import pytest

from moodprint.errors import InputError, MissingFileError, OptionError
from moodprint.generation.note_generator.instruments import (
    Instrument,
    Timbre,
    explored,
    load_instruments,
    save_instruments,
    stops,
    timbre_of,
)

TIME_S = np.arange(64_000) / 16_000


def _note(partials: list[int], decay_s: float = np.inf, attack_s: float = 0.001) -> np.ndarray:
    tone = sum(np.sin(2 * np.pi * 261.63 * h * TIME_S) for h in partials)
    return (tone * np.exp(-TIME_S / decay_s) * np.minimum(1, TIME_S / attack_s)).astype(np.float32)


def _instrument(seed: int) -> Instrument:
    latent = np.random.default_rng(seed).normal(size=256).astype(np.float32)
    return Instrument(tuple(latent.tolist()), Timbre(1.0, 1.0, 0.0))


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (_note([1]), {"dark", "sustained"}),
        (_note([1, 5, 6, 7, 8]), {"bright", "sustained"}),
        (_note([1, 2], decay_s=0.5), {"dark", "plucked"}),
        (_note([1], attack_s=0.5), {"dark", "sustained", "slow"}),
    ],
)
def test_words_tell_how_a_note_sounds(note: np.ndarray, words: set[str]) -> None:
    assert set(timbre_of(note, 60).words) == words


def test_overtones_count_in_multiples_of_the_note() -> None:
    assert timbre_of(_note([3]), 60).overtones == pytest.approx(3, rel=0.01)
    assert timbre_of(np.zeros(64_000, np.float32), 60) == Timbre(0, 0, 0)


def test_exploring_is_repeatable() -> None:
    class Player:
        def waveform(self, latent, pitch_midi) -> np.ndarray:
            return np.stack([_note([1]) for _ in pitch_midi])

    first, again = explored(Player(), 3, seed=2), explored(Player(), 3, seed=2)
    assert list(first) == ["2-1", "2-2", "2-3"]
    assert first == again
    assert first["2-1"].latent != first["2-2"].latent
    with pytest.raises(OptionError):
        explored(Player(), 0, seed=2)


def test_instruments_are_kept_by_name(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    save_instruments(path, {"a": _instrument(1), "b": _instrument(2)})
    save_instruments(path, {"b": _instrument(3), "c": _instrument(4)})
    assert load_instruments(path) == {"a": _instrument(1), "b": _instrument(3), "c": _instrument(4)}


def test_a_route_names_and_blends_them() -> None:
    known = {"a": _instrument(1), "warm pad": _instrument(2)}
    a, b = (np.array(one.latent, np.float32) for one in known.values())
    route = stops("a, warm pad, 0.6*a+0.8*warm pad", known)
    np.testing.assert_allclose(route[0], a, rtol=1e-6)
    np.testing.assert_allclose(route[1], b, rtol=1e-6)
    np.testing.assert_allclose(route[2], 0.6 * a + 0.8 * b, rtol=1e-5)
    assert np.linalg.norm(stops("a+warm pad", known)[0]) == pytest.approx(16, rel=0.15)


@pytest.mark.parametrize("route", ["c", "", "a+", "0*a", "1.2.3*a", "a,,b"])
def test_routes_that_lead_nowhere_are_refused(route: str) -> None:
    with pytest.raises(OptionError):
        stops(route, {"a": _instrument(1), "b": _instrument(2)})


@pytest.mark.parametrize("text", ["", "[]", '{"a": {}}', '{"a": {"latent": [1], "timbre": {}}}'])
def test_files_of_something_else_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(MissingFileError):
        load_instruments(tmp_path / "none.json")
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError, match="no file of instruments"):
        load_instruments(tmp_path / "x.json")
