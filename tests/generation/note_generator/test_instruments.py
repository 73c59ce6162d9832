import json
from pathlib import Path

import numpy as np
import pytest

from moodprint.errors import InputError, MissingFileError, OptionError
from moodprint.generation.note_generator.instruments import (
    Instrument,
    explored,
    load_instruments,
    route_latents,
    save_instruments,
)
from moodprint.generation.note_generator.timbre import Timbre

TONE = np.sin(2 * np.pi * 261.63 * np.arange(64_000) / 16_000).astype(np.float32)


def _instrument(seed: int) -> Instrument:
    latent = np.random.default_rng(seed).normal(size=256).astype(np.float32)
    return Instrument(tuple(latent.tolist()), Timbre(1.0, 1.0, 0.0))


def test_exploring_is_repeatable() -> None:
    class Player:
        def waveform(self, latent, pitch_midi) -> np.ndarray:
            return np.stack([TONE for _ in pitch_midi])

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
    route = route_latents("a, warm pad, 0.6*a+0.8*warm pad", known)
    np.testing.assert_allclose(route[0], a, rtol=1e-6)
    np.testing.assert_allclose(route[1], b, rtol=1e-6)
    np.testing.assert_allclose(route[2], 0.6 * a + 0.8 * b, rtol=1e-5)
    assert np.linalg.norm(route_latents("a+warm pad", known)[0]) == pytest.approx(16, rel=0.15)


@pytest.mark.parametrize("route", ["c", "", "a+", "0*a", "1.2.3*a", "a,,b"])
def test_routes_that_lead_nowhere_are_refused(route: str) -> None:
    with pytest.raises(OptionError):
        route_latents(route, {"a": _instrument(1), "b": _instrument(2)})


LATENT = [0.5] * 256


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ([], r"the whole is \[\], not an object"),
        ({"a": {}}, "a.latent is missing"),
        ({"a": {"latent": [1], "timbre": {}}}, "a latent has 256 numbers, not 1"),
        ({"a": {"latent": [*LATENT[1:], "x"], "timbre": {}}}, "not a list of finite numbers"),
        ({"a": {"latent": LATENT, "timbre": {"kept": 1}}}, "a.timbre.overtones is missing"),
    ],
)
def test_files_of_something_else_say_what_is_wrong(
    tmp_path: Path, fields: object, says: str
) -> None:
    (tmp_path / "x.json").write_text(json.dumps(fields))
    with pytest.raises(InputError, match=f"x.json: is no file of instruments: .*{says}"):
        load_instruments(tmp_path / "x.json")


def test_a_file_that_is_not_there_or_no_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        load_instruments(tmp_path / "none.json")
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(InputError, match="no file of instruments"):
        load_instruments(tmp_path / "x.json")
