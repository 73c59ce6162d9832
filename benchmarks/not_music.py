"""What is answered of sounds that are no music: the aim is no emotion, or an abstention.

    python benchmarks/not_music.py [--data DIR] [--model BUNDLE] [--list]

Forty sounds are made: tones, hum, alarms, dialling, engines, hearts, clicks and noise, each 20 s at
-20 dBFS. With --data, the recordings under DIR/not_music whose presence is "other" follow. A sound
fails where an emotion is named without abstaining. --list prints each that fails.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.signal import butter, chirp, sosfilt

from moodprint.audio.decode import decode
from moodprint.clip import Clip, FloatArray
from moodprint.recognition.analyzer import Analyzer

RATE_HZ, SECONDS = 16_000, 20
_AT_S = np.arange(RATE_HZ * SECONDS) / RATE_HZ
_MORSE = "-.-. --.- / -.. . / ... --- ..."


def made() -> Iterator[tuple[str, str, FloatArray]]:
    """(kind, name, samples [N]) of the forty."""
    rng = np.random.default_rng(2024)
    for hz in (110, 440, 1_000, 3_000):
        yield "tone", f"sine {hz} Hz", np.sin(_turns(hz))
    for hz in (82.4, 220, 880):
        yield "tone", f"square {hz} Hz", np.sign(np.sin(_turns(hz)))
        yield "tone", f"saw {hz} Hz", 2 * (hz * _AT_S % 1) - 1
    yield "tone", "sweep 50 Hz to 5 kHz", chirp(_AT_S, 50, SECONDS, 5_000, "logarithmic")
    yield (
        "tone",
        "theremin-like glide",
        np.sin(np.cumsum(600 + 300 * np.sin(_AT_S)) * 2 * np.pi / RATE_HZ),
    )
    for hz in (50, 60, 400):
        yield "hum", f"mains {hz} Hz", sum(np.sin(_turns(k * hz)) / k for k in (1, 2, 3, 5, 7))
    yield (
        "alarm",
        "two tones",
        np.sin(2 * np.pi * np.cumsum(np.where(_AT_S % 1 < 0.5, 960, 770)) / RATE_HZ),
    )
    yield (
        "alarm",
        "siren",
        np.sin(np.cumsum(900 + 500 * np.sin(_turns(0.25))) * 2 * np.pi / RATE_HZ),
    )
    yield "alarm", "smoke detector", np.sin(_turns(3_100)) * (_AT_S % 4 < 1.5) * (_AT_S % 1 < 0.5)
    yield "alarm", "alarm clock", np.sin(_turns(2_048)) * (_AT_S % 1 < 0.6) * (_AT_S % 0.15 < 0.08)
    yield "alarm", "truck backing up", np.sin(_turns(1_250)) * (_AT_S % 1 < 0.5)
    yield "alarm", "heart monitor", np.sin(_turns(880)) * (_AT_S % 0.9 < 0.12)
    yield "telephone", "dial tone", np.sin(_turns(350)) + np.sin(_turns(440))
    yield "telephone", "busy tone", (np.sin(_turns(480)) + np.sin(_turns(620))) * (_AT_S % 1 < 0.5)
    yield "telephone", "ringing tone", (np.sin(_turns(440)) + np.sin(_turns(480))) * (_AT_S % 6 < 2)
    yield "telephone", "keys", _keys(rng)
    yield (
        "telephone",
        "bell",
        np.sin(_turns(1_400)) * np.sign(np.sin(_turns(20))) * (_AT_S % 3 < 1.2),
    )
    yield (
        "telephone",
        "modem",
        np.sin(
            np.cumsum(rng.choice([1_200, 2_200], len(_AT_S) // 13 + 1).repeat(13)[: len(_AT_S)])
            * 2
            * np.pi
            / RATE_HZ
        ),
    )
    yield "telephone", "morse", np.sin(_turns(700)) * _morse()
    for revolutions in (15, 40):
        yield "engine", f"motor at {revolutions} Hz", _motor(revolutions, rng)
    yield "engine", "propeller", _band(rng, 80, 600) * (0.3 + (np.sin(_turns(22)) > 0.6))
    yield "engine", "fan", _band(rng, 100, 2_000) + 0.4 * np.sin(_turns(117))
    yield "engine", "drill", _band(rng, 1_000, 6_000) + np.sign(np.sin(_turns(180)))
    for beats in (60, 110):
        yield "heart", f"{beats} a minute", _thumps(beats)
    yield "clicks", "clock", _hits(np.arange(0, SECONDS, 1.0), 2_500, 0.004)
    yield "clicks", "metronome", _hits(np.arange(0, SECONDS, 0.5), 1_200, 0.02)
    yield "clicks", "keyboard", _hits(np.cumsum(rng.uniform(0.06, 0.4, 90)), 1_800, 0.008)
    yield "clicks", "footsteps", _hits(np.cumsum(rng.uniform(0.5, 0.6, 35)), 140, 0.05)
    yield "noise", "white", rng.standard_normal(len(_AT_S))
    yield "noise", "surf", _band(rng, 50, 3_000) * (1 + np.sin(_turns(0.12)))
    yield "noise", "hiss", _band(rng, 3_000, 7_500)


def _turns(hz: float) -> FloatArray:
    return 2 * np.pi * hz * _AT_S


def _band(rng: np.random.Generator, low_hz: float, high_hz: float) -> FloatArray:
    sections = butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    sound: FloatArray = sosfilt(sections, rng.standard_normal(len(_AT_S)))
    return sound / sound.std()


def _keys(rng: np.random.Generator) -> FloatArray:
    """Telephone keys, four a second (ITU-T Q.23)."""
    each = (_AT_S * 4).astype(int)
    low, high = rng.choice([697, 770, 852, 941], 99)[each], rng.choice([1209, 1336, 1477], 99)[each]
    return (np.sin(2 * np.pi * low * _AT_S) + np.sin(2 * np.pi * high * _AT_S)) * (
        _AT_S % 0.25 < 0.13
    )


def _morse() -> FloatArray:
    units = (
        "".join({"-": "1110", ".": "10", " ": "00", "/": "00"}[sign] for sign in _MORSE) + "0000"
    )
    at = (_AT_S / 0.07).astype(int) % len(units)
    return np.array([float(unit) for unit in units])[at]


def _motor(revolutions: float, rng: np.random.Generator) -> FloatArray:
    phase = np.cumsum(revolutions * (1 + 0.05 * np.sin(_turns(0.3)))) / RATE_HZ
    return np.exp(-6 * (phase % 1)) * _band(rng, 60, 900)


def _thumps(beats: float) -> FloatArray:
    at = _AT_S * beats / 60
    envelope = np.exp(-18 * (at % 1)) + 0.7 * np.exp(-18 * ((at - 0.3) % 1))
    return envelope * np.sin(_turns(55))


def _hits(starts_s: FloatArray, hz: float, decay_s: float) -> FloatArray:
    sound = np.zeros(len(_AT_S))
    for start_s in starts_s[starts_s < SECONDS - 0.3]:
        first = round(start_s * RATE_HZ)
        at_s = _AT_S[: round(0.3 * RATE_HZ)]
        sound[first : first + len(at_s)] += np.exp(-at_s / decay_s) * np.sin(2 * np.pi * hz * at_s)
    return sound


def recorded(data: Path) -> Iterator[tuple[str, str, FloatArray]]:
    """The recordings that are labelled as neither music nor speech."""
    with (data / "not_music" / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["presence"] == "other":
                clip = decode(data / "not_music" / row["file"], sample_rate_hz=RATE_HZ, mono=True)
                yield "recorded", row["file"], clip.mono


def main() -> None:
    """Run from the command line."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, help="the labelled data, for its not_music")
    words.add_argument("--model", default="ear")
    words.add_argument("--list", action="store_true", help="print each that fails")
    asked = words.parse_args()
    analyzer = Analyzer(asked.model)
    sounds = [*made(), *(recorded(asked.data) if asked.data else ())]
    tried: dict[str, int] = defaultdict(int)
    failed: dict[str, list[str]] = defaultdict(list)
    as_music: dict[str, int] = defaultdict(int)
    for kind, name, sound in sounds:
        samples = (0.1 * sound / sound.std()).astype(np.float32)
        answer = analyzer.clip(Clip(np.clip(samples, -1, 1), RATE_HZ)).overall
        tried[kind] += 1
        as_music[kind] += answer.emotion is not None
        if answer.emotion is not None and not answer.abstained:
            failed[kind].append(f"{name}: {answer.emotion} {answer.confidence:.2f}")
    print(f"{'kind':<12}{'tried':>6}{'music':>6}{'answered':>10}")
    for kind, count in tried.items():
        print(f"{kind:<12}{count:>6}{as_music[kind]:>6}{len(failed[kind]):>10}")
        for line in failed[kind] if asked.list else ():
            print(f"    {line}")


if __name__ == "__main__":
    main()
