from __future__ import annotations

import numpy as np
import pytest
import soundfile


def test_agreement_is_counted_over_what_both_tell():
    from cues import compared

    one = [
        {"tempo": 100.0, "key": "A minor"},
        {"tempo": 60.0, "key": "C major"},
        {"tempo": None, "key": None},
    ]
    other = [
        {"tempo": 103.0, "key": "A minor"},
        {"tempo": 120.0, "key": "A minor"},
        {"tempo": 90.0, "key": "E flat major"},
    ]
    assert compared(one, other) == [
        ("tempo, 2 tracks", "same 50%, or times 2 or 3 100%"),
        ("key, 2 tracks", "same 50%, mode 50%"),
    ]


@pytest.mark.parametrize(("a", "b", "same"), [(100, 103.9, True), (100, 105, False)])
def test_tempi_are_the_same_within_4_percent(a, b, same):
    from cues import same_tempo

    assert same_tempo(a, b) == same_tempo(b, a) == same


def test_ours_tells_a_known_beat_and_chord():
    from cues import ours

    time = np.arange(16_000 * 12) / 16_000
    beat = np.exp(-12 * (time % 0.6))
    chord = sum(np.sin(2 * np.pi * hz * time) for hz in (220, 261.6, 329.6))
    values = ours((0.2 * beat * chord).astype(np.float32))
    assert values["tempo"] == pytest.approx(100, rel=0.02)
    assert values["key"] == "A minor"


def test_peers_that_are_not_here_are_named(tmp_path, capsys, monkeypatch):
    import cues

    def missing(samples):
        raise ImportError("No module named 'peer'")

    monkeypatch.setattr(cues, "PEERS", {"moodprint": cues.ours, "peer": missing})
    soundfile.write(tmp_path / "a.wav", np.zeros(12 * 8000), 8000)
    assert cues.main(["--music", str(tmp_path)]) == 0
    assert "peer: not measured (No module named 'peer')" in capsys.readouterr().out
