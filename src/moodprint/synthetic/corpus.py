"""A corpus of made music: many pieces, each as it was asked, none twice, none a copy.

The folder is what `corpus build` makes, so that `study`, `train` and `evaluate` take it: ``audio/``
and ``manifest.parquet``, a row a clip of a piece. What a piece was made of stands in
``made.jsonl``, by which a run that was cut short goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.encode import encode
from moodprint.bundle import (
    DEFAULT,
    DEFAULT_GENERATOR,
    DEFAULT_MUSIC_GENERATOR,
    open_bundle,
)
from moodprint.corpus import manifest
from moodprint.corpus.manifest import Row
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.engine import Engine, Progress, no_progress, run
from moodprint.errors import OptionError
from moodprint.files import atomic_file, hash_file, hash_text, write_atomically
from moodprint.fingerprint import compare_files
from moodprint.generation.composition.choice import Choice
from moodprint.generation.composition.music import MusicRequest, piece
from moodprint.generation.diffusion.music import (
    DiffusionRequest,
    DiffusionSettings,
    draw_music,
)
from moodprint.recognition.analyzer import Analyzer
from moodprint.synthetic.choosing import Candidate, best_drawing, best_piece
from moodprint.synthetic.made import MADE, Made, failed_gates, made_before

REPORT = "report.json"
COMPOSED_LICENCE = "CC0-1.0"
"""Of what the composer makes: it is made of rules and of a generator that holds no samples."""

NOTES, DIFFUSION = "notes", "diffusion"
_MODEL_BY_ENGINE = {NOTES: DEFAULT_GENERATOR, DIFFUSION: DEFAULT_MUSIC_GENERATOR}
_SHARED_S = 4.0
"""Two pieces that share so much, found by landmarks of sound, are near-duplicates."""


@dataclass(frozen=True)
class CorpusRequest:
    """What to make: ``count`` pieces in all, evenly of the ``emotions``, each the best of ``tries``
    by ``listener``, a model that should not have learned from what the corpus is to be tried with;
    without one (None) the first try is kept, and no mood is checked. Each is
    ``seconds`` long and gives clips of ``clip_s``. ``known`` is the folder of a match index of
    music that no piece may be a copy of.

    Raises:
        OptionError: numbers that cannot be, or an engine that there is not.
    """

    out: str | Path
    emotions: tuple[Emotion, ...] = EMOTIONS
    count: int = 500
    seconds: float = 20.0
    clip_s: float = 5.0
    tries: int = 4
    seed: int = 1
    engine: str = "notes"
    listener: str | None = DEFAULT
    known: str | Path | None = None
    workers: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 1_000_000:
            raise OptionError(f"a corpus has from 1 to 1,000,000 pieces, not {self.count}")
        if not 1 <= self.clip_s <= self.seconds:
            raise OptionError("a clip lasts a second or more, and no longer than its piece")
        if not self.emotions:
            raise OptionError("a corpus has an emotion or more")
        if self.engine not in _MODEL_BY_ENGINE:
            raise OptionError(f"no engine {self.engine!r}; there is {', '.join(_MODEL_BY_ENGINE)}")
        if self.engine == NOTES:  # each refuses other lengths
            MusicRequest(self.emotions[0], self.seconds)
        else:
            DiffusionSettings(self.seconds)


@dataclass(frozen=True)
class CorpusReport:
    """How many pieces were made and kept, and how many each gate turned away."""

    made: int
    kept: int
    turned_away: dict[str, int] = field(default_factory=dict)
    kept_by_emotion: dict[str, int] = field(default_factory=dict)


def make_corpus(
    request: CorpusRequest, *, engine: Engine | None = None, progress: Progress = no_progress
) -> CorpusReport:
    """Make what is missing of a corpus, turn away what does not pass, and write its manifest.

    Pieces that were made by a run before, with the same options, are taken over. The same request
    makes the same corpus, byte for byte.

    Raises:
        OptionError: the folder holds pieces of other options. IndexFileError: ``known`` is no
            index. NoPermissionError, InputError: the folder cannot be written.
    """
    out = Path(request.out)
    (out / "audio").mkdir(parents=True, exist_ok=True)
    pieces = _pieces(request, out, engine, progress)
    pieces = _without_copies(request, out, pieces, engine, progress)
    manifest.write(out, [row for piece in pieces for row in _rows(request, piece)])
    report = _report(pieces)
    write_atomically(out / REPORT, json.dumps(asdict(report), indent=2))
    return report


@dataclass(frozen=True)
class _Piece:
    """One to make: a function of its number that can be sent to other processes."""

    request: CorpusRequest
    options: str

    def __call__(self, number: int) -> Made:
        request = self.request
        emotion = request.emotions[number % len(request.emotions)]
        seed = request.seed * 1_000_003 + number
        model = _MODEL_BY_ENGINE[request.engine]
        best = _best(request, emotion, seed)
        choice: Choice | None = best.made_of
        file = f"audio/{emotion}-{number:06}.flac"
        encode(best.clip, Path(request.out) / file)
        return Made(
            file=file,
            emotion=emotion,
            seed=seed,
            number=best.number,
            probability=round(best.probability, 6),
            answered=None if best.answered is None else str(best.answered),
            tempo_bpm=None if choice is None else choice.tempo_bpm,
            instruments={} if choice is None else choice.instruments,
            hash=hash_file(Path(request.out) / file, hashlib.sha256),
            model=model,
            model_hash=_model_hash(model),
            options=self.options,
            failed=failed_gates(best.clip, emotion if request.listener else None, best.answered),
        )


def _pieces(
    request: CorpusRequest, out: Path, engine: Engine | None, progress: Progress
) -> list[Made]:
    options = _options(request)
    made = {piece.file: piece for piece in made_before(out, options)}
    by_number = {number: _file(request, number) for number in range(request.count)}
    missing = [number for number, file in by_number.items() if file not in made]
    done = request.count - len(missing)
    progress("composing", done, request.count)
    with (out / MADE).open("a", encoding="utf-8") as journal:
        outcomes = run(_Piece(request, options), missing, engine=engine, workers=request.workers)
        for outcome in outcomes:
            piece = outcome.unwrap()
            made[piece.file] = piece
            journal.write(json.dumps(asdict(piece)) + "\n")
            journal.flush()
            done += 1
            progress("composing", done, request.count)
    pieces = [made[file] for file in by_number.values()]
    with atomic_file(out / MADE) as file:  # in order, each once, whichever way it came about
        file.write("".join(json.dumps(asdict(piece)) + "\n" for piece in pieces).encode())
    return pieces


def _without_copies(
    request: CorpusRequest,
    out: Path,
    pieces: Sequence[Made],
    engine: Engine | None,
    progress: Progress,
) -> list[Made]:
    """The pieces with what landmarks say: of two that share sound the later one is turned away,
    and every one that holds known music."""
    files = {str(out / piece.file): piece for piece in pieces}
    compared = compare_files(
        files,
        known=request.known,
        shortest_s=_SHARED_S,
        workers=request.workers,
        engine=engine,
        progress=progress,
    )
    order = {path: number for number, path in enumerate(files)}
    later = {max(pair.first, pair.second, key=order.__getitem__) for pair in compared.stretches}
    known = {answer.query for answer in compared.known if answer.matches}
    return [
        _failing(piece, duplicate=path in later, known=path in known)
        for path, piece in files.items()
    ]


def _failing(piece: Made, **gates: bool) -> Made:
    found = {*piece.failed, *(name for name, fails in gates.items() if fails)}
    return replace(piece, failed=tuple(sorted(found)))


def _rows(request: CorpusRequest, piece: Made) -> Iterator[Row]:
    """A row a clip; those of a piece that was turned away are marked so, and not kept."""
    name = Path(piece.file).stem
    for number in range(int(request.seconds // request.clip_s)):
        yield Row(
            id=f"{name}-{number:02}",
            song_id=name,
            source=piece.file,
            emotion=str(piece.emotion),
            start_s=number * request.clip_s,
            end_s=(number + 1) * request.clip_s,
            group=name,
            hash=piece.hash,
            source_hash=piece.hash,
            synthetic=True,
            checks=piece.failed,
            keep=not piece.failed,
            title=f"{piece.emotion} music, seed {piece.seed}, try {piece.number + 1}",
            artist=f"moodprint, {request.engine} ({piece.model} {piece.model_hash[:12]})",
            licence=COMPOSED_LICENCE if request.engine == NOTES else card_licence(piece.model),
        )


def _report(pieces: Sequence[Made]) -> CorpusReport:
    kept = [piece for piece in pieces if not piece.failed]
    gates = Counter(name for piece in pieces for name in piece.failed)
    emotions = Counter(str(piece.emotion) for piece in kept)
    return CorpusReport(len(pieces), len(kept), dict(gates), dict(emotions))


def _file(request: CorpusRequest, number: int) -> str:
    return f"audio/{request.emotions[number % len(request.emotions)]}-{number:06}.flac"


def _options(request: CorpusRequest) -> str:
    """What pieces depend on, beside their number."""
    model = _MODEL_BY_ENGINE[request.engine]
    fields = [list(map(str, request.emotions)), request.seconds, request.tries, request.seed]
    hashes = [_model_hash(model), _model_hash(request.listener) if request.listener else None]
    return hash_text(json.dumps([*fields, request.engine, *hashes]))


def _model_hash(name: str) -> str:
    return hash_text(json.dumps(open_bundle(name).fields, sort_keys=True))


def card_licence(model: str) -> str:
    """What the card of a model says of its licence."""
    return str(open_bundle(model).fields.get("licence") or "unknown")


def _best(request: CorpusRequest, emotion: Emotion, seed: int) -> Candidate[Any]:
    """The best try, or the first where nobody listens."""
    model = _MODEL_BY_ENGINE[request.engine]
    listen = None if request.listener is None else _listener(request.listener).clip
    if request.engine == NOTES:
        composed = MusicRequest(emotion, request.seconds, model=model, threads=1)
        if listen is None:
            clip, choice = piece(composed, np.random.default_rng([seed, 0]))
            return Candidate(clip, choice, 0, 0.0, None)
        return best_piece(composed, seed, request.tries, listen=listen)
    settings = DiffusionSettings(request.seconds, seed=seed)
    drawn = DiffusionRequest(f"{emotion} music", model, settings=settings, threads=1)
    if listen is None:
        return Candidate(draw_music(drawn, np.random.default_rng()), None, 0, 0.0, None)
    return best_drawing(drawn, emotion, seed, request.tries, listen=listen)


@cache
def _listener(model: str) -> Analyzer:
    return Analyzer(model, threads=1)
