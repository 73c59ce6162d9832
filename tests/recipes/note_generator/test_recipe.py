"""The whole way of the recipe: recordings, prepared notes, a run, a bundle that plays."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pitched_notes
import pytest
import soundfile

for package in ("torch", "safetensors", "onnxscript"):
    pytest.importorskip(package, reason=f"the recipe needs {package}")

from moodprint.generation.note_generator import load_generator  # noqa: E402
from moodprint.generation.note_generator.bundle import bundled_instruments  # noqa: E402
from moodprint.generation.note_quality.note_shards import read_shards  # noqa: E402

pytestmark = pytest.mark.long  # an export takes some ten seconds

ROOT = Path(__file__).parents[3]
APART = "organ"


def _run(script: str, *words: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"recipes.note_generator.{script}", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clear notes of three instruments, of which one is kept apart, and one out of tune."""
    folder = tmp_path_factory.mktemp("recordings")
    lines = ["file,instrument,pitch_midi,dynamic"]
    for number, instrument in enumerate(("reed", "string", APART)):
        for pitch in (40, 60):
            sound = pitched_notes.note(pitch, kept=0.3 * number + 0.2)
            soundfile.write(folder / f"{instrument}{pitch}.wav", sound, 16_000)
            lines.append(f"{instrument}{pitch}.wav,{instrument},{pitch},forte")
    soundfile.write(folder / "off.wav", pitched_notes.note(60, cents=40), 16_000)
    lines.append("off.wav,reed,60,forte")
    (folder / "labels.csv").write_text("\n".join(lines))
    return folder


def test_recordings_become_a_generator(recordings: Path, tmp_path: Path) -> None:
    notes, apart, run = tmp_path / "notes", tmp_path / "apart", tmp_path / "run"
    _run("prepare", "--recordings", recordings, "--clear", "--out", notes, "--held-out", apart)
    assert len(read_shards(notes).labels) == 4
    assert {label.instrument for label in read_shards(apart).labels} == {APART}
    small = ("--base-filters", 128, "--most-filters", 4, "--batch", 2)
    train = ("train", "--notes", notes, "--out", run, "--objective", "reconstruct", *small)
    assert "stored at step 1, 2 images" in _run(*train, "--images", 2)
    assert "stored at step 2, 4 images" in _run(*train, "--images", 4)
    bundle = ("--out", tmp_path / "bundle", "--name", "small", "--source", "tones")
    assert "2 instruments" in _run("export", "--run", run, *bundle, "--limits", "two steps")
    known = bundled_instruments(tmp_path / "bundle")
    assert set(known) == {"reed", "string"}
    generator = load_generator(tmp_path / "bundle")
    assert generator.waveform([known["reed"].latent], [60]).shape == (1, 64_000)
    card = json.loads((tmp_path / "bundle/card.json").read_text())
    assert card["training"]["step"] == 2
    assert card["limits"] == ["two steps"]
