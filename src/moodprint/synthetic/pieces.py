"""A piece of music as a person asks for it: by words, by a mood, by one engine or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from numpy.random import default_rng

from moodprint.bundle import DEFAULT_GENERATOR, DEFAULT_MUSIC_GENERATOR, shipped_bundles
from moodprint.clip import Clip
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.engine import Progress, no_progress
from moodprint.errors import OptionError
from moodprint.generation.composition.choice import Choice, Wishes
from moodprint.generation.composition.music import MusicRequest
from moodprint.generation.composition.wishes import wishes_of
from moodprint.generation.diffusion.asking import Asked
from moodprint.generation.diffusion.music import (
    DiffusionRequest,
    DiffusionSettings,
    Ending,
    asked_of,
    draw_music,
)
from moodprint.generation.note_generator.bundle import bundled_instruments
from moodprint.synthetic.choosing import Candidate, best_drawing, best_piece


class MusicEngine(StrEnum):
    """What makes the music: rules and a note generator, or a diffusion model."""

    COMPOSER = "composer"
    DIFFUSION = "diffusion"


def available_engines() -> tuple[MusicEngine, ...]:
    """Those whose models come with moodprint."""
    models = {
        MusicEngine.COMPOSER: DEFAULT_GENERATOR,
        MusicEngine.DIFFUSION: DEFAULT_MUSIC_GENERATOR,
    }
    return tuple(engine for engine, model in models.items() if model in shipped_bundles())


@dataclass(frozen=True)
class DrawingWishes:
    """What only the diffusion model takes: a prompt to refuse, one to lead to, a file to start
    from, and fields of ``DiffusionSettings``."""

    negative: str = ""
    until: str | None = None
    init: str | Path | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PieceRequest:
    """A piece; None is the engine's own default. Of ``tries`` pieces the one that sounds most as
    asked is kept: of 8 composed ones, of 1 drawn one.

    Raises:
        OptionError: wishes for a drawing, and the composer is asked.
    """

    prompt: str | None = None
    emotion: Emotion | None = None
    seconds: float = 30.0
    seed: int = 1
    engine: MusicEngine = MusicEngine.COMPOSER
    tries: int | None = None
    model: str | None = None
    threads: int | None = None
    drawing: DrawingWishes = DrawingWishes()

    def __post_init__(self) -> None:
        if self.engine is MusicEngine.COMPOSER and self.drawing != DrawingWishes():
            raise OptionError(f"the {self.engine} takes no wishes for a drawing")


@dataclass(frozen=True)
class Piece:
    """What was made. ``description`` is for programs, ``summary`` for people, after its length;
    ``understood`` are lines on what was understood of the prompt."""

    clip: Clip
    description: Mapping[str, Any]
    summary: str = ""
    understood: tuple[str, ...] = ()


def make_piece(request: PieceRequest, progress: Progress = no_progress) -> Piece:
    """The piece of a request; the same request makes the same.

    Raises:
        OptionError: no mood, or nothing at all, is asked for; and what ``best_piece`` and
            ``draw_music`` raise.
    """
    made = _composed if request.engine is MusicEngine.COMPOSER else _drawn
    return made(request, progress)


def _composed(request: PieceRequest, progress: Progress) -> Piece:
    model = request.model or DEFAULT_GENERATOR
    said, wishes = None, Wishes()
    if request.prompt is not None:
        said, wishes = wishes_of(request.prompt, bundled_instruments(model))
    mood = request.emotion or said
    if mood is None:
        raise OptionError(
            f"{'no mood is known in the prompt' if request.prompt else 'give a prompt or a mood'}: "
            f"--emotion takes {', '.join(EMOTIONS)}"
        )
    wanted = MusicRequest(mood, request.seconds, wishes, model, request.threads)
    tries = 8 if request.tries is None else request.tries
    best = best_piece(wanted, request.seed, tries, progress=progress)
    choice = best.made_of
    instruments = ", ".join(dict.fromkeys(choice.instruments.values()))
    return Piece(
        best.clip,
        {"emotion": str(mood), **_answered(best), **_composition(choice)},
        f", {mood} {best.probability:.0%}; {choice.tempo_bpm:g} bpm, {instruments}",
        _wishes(mood, wishes),
    )


def _drawn(request: PieceRequest, progress: Progress) -> Piece:
    wanted = _drawing_request(request)
    asked = asked_of(wanted)
    mood = request.emotion or asked.emotion
    tries = 1 if request.tries is None else request.tries
    if mood is None and tries != 1:
        raise OptionError("--tries chooses by mood, and none is known in the prompt: see --emotion")
    fields: dict[str, Any] = {"emotion": None if mood is None else str(mood)}
    if mood is None:
        clip, summary = draw_music(wanted, default_rng(), progress), ""
        fields["duration_s"] = round(clip.duration_s, 3)
    else:
        best = best_drawing(wanted, mood, request.seed, tries, progress=progress)
        clip, summary = best.clip, f", {mood} {best.probability:.0%}"
        fields |= _answered(best)
    fields |= {"asked": dict(asked.towards), "refused": dict(asked.away)}
    fields["passed_over"] = list(asked.passed_over)
    return Piece(clip, fields, summary, tuple(_explained(asked)))


def _drawing_request(request: PieceRequest) -> DiffusionRequest:
    prompt, drawing = request.prompt, request.drawing
    if prompt is None and request.emotion is not None:
        prompt = f"{request.emotion} music"
    return DiffusionRequest(
        prompt,
        request.model or DEFAULT_MUSIC_GENERATOR,
        drawing.negative,
        request.emotion,
        until=None if drawing.until is None else Ending(drawing.until),
        init=drawing.init,
        settings=DiffusionSettings(seconds=request.seconds, seed=request.seed, **drawing.settings),
        threads=request.threads,
    )


def _explained(found: Asked) -> list[str]:
    """What was understood of a prompt by a diffusion model, in lines."""
    lines = [
        f"{what}: {name}, as in the music that has more of it than {share:.0%}"
        for what, levels in (("asked", found.towards), ("refused", found.away))
        for name, share in levels.items()
    ]
    return [*lines, *(f"{word}: says nothing to this generator" for word in found.passed_over)]


def _answered(best: Candidate[Any]) -> dict[str, Any]:
    return {
        "duration_s": round(best.clip.duration_s, 3),
        "probability": round(best.probability, 6),
        "answered": None if best.answered is None else str(best.answered),
        "try": best.number + 1,
    }


def _composition(choice: Choice) -> dict[str, Any]:
    return {
        "tempo_bpm": choice.tempo_bpm,
        "tonic": choice.tonic,
        "scale": list(choice.scale),
        "instruments": choice.instruments,
        "drums": choice.beat or None,
    }


def _wishes(mood: Emotion, wishes: Wishes) -> tuple[str, ...]:
    """What the composer understood, in lines."""
    lines = [f"asked: {mood}"]
    if wishes.tempo_bpm is not None:
        lines.append(f"asked: {wishes.tempo_bpm:g} beats a minute")
    if wishes.minor is not None:
        lines.append(f"asked: {'minor' if wishes.minor else 'major'}")
    lines += [f"asked: {name}" for name in wishes.instruments]
    if wishes.drums is not None:
        lines.append(f"{'asked' if wishes.drums else 'refused'}: drums")
    return tuple(lines)
