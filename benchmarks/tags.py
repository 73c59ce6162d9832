"""Tempo, key, loudness and voice beside values that come from elsewhere.

    python benchmarks/tags.py --data DATA [--games POOL] [--soundfont FILE.sf2] [--most 80]

DATA holds the labelled music (vgmidi, emopia, musifeast17); POOL unpacked Debian packages with game
music, of which fretsonfire-songs-* are recordings with tempi set by hand. Scores count as in
mir_eval. A part whose music is missing is left out, and named.

- tempo: MIDI of one tempo whose notes lie on its sixteenths, rendered by FluidSynth; and songs.
- key: the key signature's major or minor key, whichever the notes fit better; for MIDI without a
  signature the key of the notes, where three profiles agree on it.
- loudness: pyloudnorm, on the files as they are.
- voice: whether listeners noted a voice, against the tags of MusiCNN.

Beside the packages of tests it takes pyloudnorm and pyfluidsynth, and Debian's libfluidsynth3 and
fluid-soundfont-gm.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import mir_eval
import numpy as np
import soundfile

from moodprint.audio.decode import decode
from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import find_media
from moodprint.bundle import open_bundle
from moodprint.models.music_tagger.network import MusicTagger
from moodprint.pitch import ALBRECHT_SHANAHAN, KRUMHANSL_KESSLER, Key, KeyProfiles, estimate_key
from moodprint.recognition.tagging import tag
from moodprint.tags import Tags

TEMPERLEY = KeyProfiles(
    major=(5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0),
    minor=(5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0),
)
"""What's Key for Key? (Music Perception 1999)."""

_TOLERANCE = 0.04
_OCTAVES = (1, 2, 3, 1 / 2, 1 / 3)
_ON_GRID = 0.9
_SHORTEST_S, _LONGEST_S = 10.0, 240.0
_BANDS = (0.0, 0.7, 0.85, 0.95, 1.01)


@dataclass(frozen=True)
class Piece:
    """A recording with what its score says: ``group`` ties pieces of one series or song."""

    group: str
    tempo_bpm: float | None
    key: Key | None
    signature: bool
    tags: Tags
    peer_bpm: float | None


def pieces_of(midi: Sequence[Path], soundfont: Path, most: int) -> Iterator[Piece]:
    """Scores played by a soundfont and tagged, those first that have a tempo or a signature."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from recipes.ear.render import SoundfontPlayer

    player = SoundfontPlayer(soundfont)
    with tempfile.TemporaryDirectory() as folder:
        for path in midi[:: max(1, len(midi) // most)]:
            bpm, (key, signature) = tempo_of(path), key_of(path)
            if bpm is None and key is None:
                continue
            clip = player.play(path)
            if clip.duration_s < _SHORTEST_S:
                continue
            sound = Path(folder) / "piece.wav"
            mono = clip.mono[: round(_LONGEST_S * clip.sample_rate_hz)]
            soundfile.write(sound, mono, clip.sample_rate_hz)
            peer = None if bpm is None else librosa_bpm(mono, clip.sample_rate_hz)
            group = path.name.split("_")[1 if path.name.startswith("Q") else 0]
            yield Piece(group, bpm, key, signature, tag(Excerpt(sound))[0], peer)


def songs_of(pool: Path) -> Iterator[Piece]:
    """Songs for Frets on Fire: recordings in parts, with the tempo that the game keeps to."""
    import symusic

    for path in sorted(pool.rglob("notes.mid")):
        tempi = {round(60e6 / tempo.mspq, 2) for tempo in symusic.Score(str(path)).tempos}
        parts = [
            decode(each, sample_rate_hz=16_000, mono=True) for each in path.parent.glob("*.ogg")
        ]
        if len(tempi) != 1 or not parts:
            continue
        mix = np.zeros(round(_LONGEST_S * 16_000), np.float32)
        for part in parts:
            length = min(len(mix), len(part.mono))
            mix[:length] += part.mono[:length]
        mix = mix[: max(len(part.mono) for part in parts)] / len(parts)
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            soundfile.write(file.name, mix, 16_000)
            tags = tag(Excerpt(Path(file.name)))[0]
        yield Piece(path.parent.name, tempi.pop(), None, False, tags, librosa_bpm(mix, 16_000))


def tempo_of(path: Path) -> float | None:
    """The one tempo of a MIDI file, where nine notes of ten begin within a tenth of its sixteenths:
    a file that was played freely says 120 whatever is heard."""
    import symusic

    score = symusic.Score(str(path))
    tempi = {round(60e6 / tempo.mspq, 1) for tempo in score.tempos}
    starts = np.array([note.time for track in score.tracks for note in track.notes])
    if len(tempi) != 1 or not len(starts):
        return None
    sixteenths = 4 * starts / score.ticks_per_quarter
    near = np.abs(sixteenths - np.round(sixteenths)) < 0.1
    return tempi.pop() if near.mean() >= _ON_GRID else None


def key_of(path: Path) -> tuple[Key | None, bool]:
    """The key of a score, None where it is not to be trusted, and whether a signature says so. One
    of no accidentals says nothing: it is what programs write of their own."""
    import symusic

    score = symusic.Score(str(path), ttype="second")
    sounding_s = np.zeros(12)
    for track in score.tracks:
        for note in () if track.is_drum else track.notes:
            sounding_s[note.pitch % 12] += note.duration
    signatures = {each.key for each in score.key_signatures}
    if len(signatures) == 1 and (fifths := signatures.pop()) != 0:
        tonic = 7 * fifths % 12
        both = (Key(tonic, minor=False), Key((tonic + 9) % 12, minor=True))
        fit = ALBRECHT_SHANAHAN.rows @ (sounding_s - sounding_s.mean())
        return max(both, key=lambda key: fit[key.tonic + 12 * key.minor]), True
    profiles = (KRUMHANSL_KESSLER, ALBRECHT_SHANAHAN, TEMPERLEY)
    keys = {estimate_key(sounding_s, each).key for each in profiles}
    return (keys.pop() if len(keys) == 1 else None), False


def librosa_bpm(samples: np.ndarray, rate_hz: int) -> float:
    """The tempo that librosa's beat_track finds first, without the beats that it then looks for."""
    import librosa

    strength = librosa.onset.onset_strength(y=samples, sr=rate_hz, aggregate=np.median)
    return float(librosa.feature.tempo(onset_envelope=strength, sr=rate_hz)[0])


def is_tempo(reference_bpm: float, said_bpm: float | None, factors: Sequence[float]) -> bool:
    """Within 4 % of the reference times any factor, by mir_eval."""
    if not said_bpm:
        return False
    said = np.array([0.0, said_bpm])
    references = (np.array([0.0, reference_bpm * factor]) for factor in factors)
    scores = (mir_eval.tempo.detection(each, 0.0, said, _TOLERANCE)[1] for each in references)
    return any(scores)


def tempo_lines(name: str, pieces: Sequence[Piece]) -> Iterator[str]:
    timed = [piece for piece in pieces if piece.tempo_bpm is not None]
    programs: dict[str, Callable[[Piece], float | None]] = {
        "moodprint": lambda piece: piece.tags.tempo_bpm,
        "librosa, beat_track": lambda piece: piece.peer_bpm,
    }
    for program, say in programs.items() if timed else ():
        first, second = (
            np.mean([is_tempo(piece.tempo_bpm, say(piece), factors) for piece in timed])
            for factors in ((1,), _OCTAVES)
        )
        off = [
            min(abs(said / piece.tempo_bpm / factor - 1) for factor in _OCTAVES)
            for piece in timed
            if is_tempo(piece.tempo_bpm, said := say(piece), _OCTAVES)
        ]
        typical = f"{np.median(off):.2%}" if off else "-"
        yield f"| {name}, {len(timed)} | {program} | {first:.2f} | {second:.2f} | {typical} |"


def key_lines(name: str, pieces: Sequence[Piece]) -> Iterator[str]:
    if not pieces:
        return
    scores = [
        mir_eval.key.weighted_score(piece.key.short, piece.tags.key)
        for piece in pieces
        if piece.key is not None and piece.tags.key is not None
    ]
    exact = np.mean(np.array(scores) == 1)
    yield f"| {name} | {len(scores)} | {exact:.2f} | {np.mean(scores):.2f} |"


def confidence_lines(pieces: Sequence[Piece]) -> Iterator[str]:
    """Of the half of series and songs that ``recognition.tagging`` was not calibrated on."""
    unseen = [piece for piece in pieces if int(sha256(piece.group.encode()).hexdigest(), 16) % 2]
    for low, high in pairwise(_BANDS):
        within = [piece for piece in unseen if low <= piece.tags.key_confidence < high]
        if within:
            right = np.mean([piece.tags.key == piece.key.short for piece in within])
            yield f"| {low:.2f} to {min(high, 1):.2f} | {len(within)} | {right:.0%} |"


def loudness_line(files: Sequence[Path]) -> str:
    import pyloudnorm

    apart = []
    for path in files:
        clip, ours = decode(path), tag(Excerpt(path))[0].loudness_lufs
        meter = pyloudnorm.Meter(clip.sample_rate_hz)
        if ours is not None and clip.channels <= 5:
            apart.append(ours - meter.integrated_loudness(clip.samples.T))
    worst = max(apart, key=abs)
    return f"| {len(apart)} | {np.mean(apart):+.3f} | {worst:+.3f} |"


def voice_lines(folder: Path) -> Iterator[str]:
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["vocal"]]
    sung = np.array([row["vocal"] == "yes" for row in rows])
    for trained_on, voiced, silent in (
        ("MTT", ("vocal", "vocals", "singing", "voice"), ("no vocals", "no vocal", "no voice")),
        ("MSD", ("female vocalists", "male vocalists"), ("instrumental",)),
    ):
        tagger = MusicTagger(open_bundle("musicnn"), trained_on=trained_on)
        place = tagger.tags.index
        score = []
        for row in rows:
            sound = decode(folder / row["file"], sample_rate_hz=16_000, mono=True).mono
            means = tagger.infer(sound)[1].mean(axis=0)
            score.append(
                max(means[place(t)] for t in voiced) - max(means[place(t)] for t in silent)
            )
        higher = np.array(score)[sung][:, None] > np.array(score)[~sung]
        yield f"| {trained_on} | {sung.sum()} of {len(sung)} | {higher.mean():.2f} |"


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--games", type=Path)
    default = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
    parser.add_argument("--soundfont", type=Path, default=default, help=f"{default} by default")
    parser.add_argument("--most", type=int, default=180)
    options = parser.parse_args(words)
    if lacking := [name for name in ("pyloudnorm", "fluidsynth") if find_spec(name) is None]:
        names = " ".join(lacking).replace("fluidsynth", "pyfluidsynth")
        print(f"first run  {sys.executable} -m pip install {names}", file=sys.stderr)
        return 1
    warnings.simplefilter("ignore")
    sets = {
        name: list(
            pieces_of(sorted((options.data / name).rglob("*.mid")), options.soundfont, options.most)
        )
        for name in ("vgmidi", "emopia")
        if (options.data / name).is_dir()
    }
    songs = list(songs_of(options.games)) if options.games else []
    keyed = [piece for pieces in sets.values() for piece in pieces if piece.key is not None]
    print("| music | program | accuracy 1 | accuracy 2 | off by, median |\n|---|---|---|---|---|")
    for name, pieces in {**sets, "songs": songs}.items():
        for line in tempo_lines(name, pieces):
            print(line)
    print("\n| key by | pieces | right | weighted |\n|---|---|---|---|")
    print(*key_lines("signature", [piece for piece in keyed if piece.signature]), sep="\n")
    print(*key_lines("notes", [piece for piece in keyed if not piece.signature]), sep="\n")
    print("\n| key_confidence | pieces | right |\n|---|---|---|")
    print(*confidence_lines(keyed), sep="\n")
    feast = options.data / "musifeast17"
    if feast.is_dir():
        print("\n| files | LU from pyloudnorm, mean | most |\n|---|---|---|")
        print(loudness_line(list(find_media(feast))[::6]))
        print("\n| MusiCNN by | sung | area under ROC |\n|---|---|---|")
        print(*voice_lines(feast), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
