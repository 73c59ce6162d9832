"""How `moodprint generate music` asks its engines, and what it says of what they made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moodprint.cli.progress_bar import progress_bar
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError

if TYPE_CHECKING:
    from moodprint.clip import Clip
    from moodprint.generation.composition.choice import Choice, Wishes
    from moodprint.generation.diffusion.asking import Asked
    from moodprint.generation.diffusion.music import DiffusionRequest
    from moodprint.synthetic.choosing import Candidate


@dataclass(frozen=True)
class MusicOptions:
    """What every engine takes; None is the engine's own default."""

    prompt: str | None
    emotion: Emotion | None
    seconds: float
    seed: int
    tries: int | None
    model: str | None
    threads: int | None
    quiet: bool


@dataclass(frozen=True)
class Made:
    """A piece; ``fields`` tell programs of it, ``summary`` people, after its length; ``understood``
    are lines on what was understood of the prompt."""

    clip: Clip
    fields: Mapping[str, Any]
    summary: str = ""
    understood: tuple[str, ...] = ()


def composed(options: MusicOptions) -> Made:
    """By the composer.

    Raises:
        OptionError: no mood is asked for; and what ``best_piece`` raises.
    """
    from moodprint.bundle import DEFAULT_GENERATOR
    from moodprint.generation.composition.choice import Wishes
    from moodprint.generation.composition.music import MusicRequest
    from moodprint.generation.composition.wishes import wishes_of
    from moodprint.generation.note_generator.bundle import bundled_instruments
    from moodprint.synthetic.choosing import best_piece

    model = options.model or DEFAULT_GENERATOR
    said, wishes = None, Wishes()
    if options.prompt is not None:
        said, wishes = wishes_of(options.prompt, bundled_instruments(model))
    mood = options.emotion or said
    if mood is None:
        raise OptionError(
            f"{'no mood is known in the prompt' if options.prompt else 'give a prompt or a mood'}: "
            f"--emotion takes {', '.join(EMOTIONS)}"
        )
    request = MusicRequest(mood, options.seconds, wishes, model, options.threads)
    with progress_bar(quiet=options.quiet) as progress:
        best = best_piece(
            request, options.seed, 8 if options.tries is None else options.tries, progress=progress
        )
    choice = best.made_of
    instruments = ", ".join(dict.fromkeys(choice.instruments.values()))
    return Made(
        best.clip,
        {"emotion": str(mood), **_answered(best), **_composition(choice)},
        f", {mood} {best.probability:.0%}; {choice.tempo_bpm:g} bpm, {instruments}",
        _wishes(mood, wishes),
    )


def drawn(options: MusicOptions, settings: Mapping[str, Any]) -> Made:
    """By a diffusion model; ``settings`` are fields of its request and of its settings.

    Raises:
        OptionError: neither a prompt, nor a mood, nor a file to start from; and what
            ``draw_music`` raises.
    """
    from moodprint.generation.diffusion.music import asked_of
    from moodprint.synthetic.choosing import best_drawing

    request = _drawing_request(options, settings)
    asked = asked_of(request)
    mood = options.emotion or asked.emotion
    tries = 1 if options.tries is None else options.tries
    if mood is None and tries != 1:
        raise OptionError("--tries chooses by mood, and none is known in the prompt: see --emotion")
    fields: dict[str, Any] = {"emotion": None if mood is None else str(mood)}
    with progress_bar(quiet=options.quiet) as progress:
        if mood is None:
            clip, summary = _drawn_once(request, progress), ""
            fields["duration_s"] = round(clip.duration_s, 3)
        else:
            best = best_drawing(request, mood, options.seed, tries, progress=progress)
            clip, summary = best.clip, f", {mood} {best.probability:.0%}"
            fields |= _answered(best)
    fields |= {"asked": dict(asked.towards), "refused": dict(asked.away)}
    fields["passed_over"] = list(asked.passed_over)
    return Made(clip, fields, summary, tuple(explained(asked)))


def _drawing_request(options: MusicOptions, settings: Mapping[str, Any]) -> DiffusionRequest:
    from moodprint.bundle import DEFAULT_MUSIC_GENERATOR
    from moodprint.generation.diffusion.music import DiffusionRequest, DiffusionSettings

    rest = dict(settings)
    own = {name: rest.pop(name) for name in ("negative", "init") if name in rest}
    prompt = options.prompt
    if prompt is None and options.emotion is not None:
        prompt = f"{options.emotion} music"
    return DiffusionRequest(
        prompt,
        options.model or DEFAULT_MUSIC_GENERATOR,
        emotion=options.emotion,
        settings=DiffusionSettings(seconds=options.seconds, seed=options.seed, **rest),
        threads=options.threads,
        **own,
    )


def explained(found: Asked) -> list[str]:
    """What was understood of a prompt by a diffusion model, in lines."""
    lines = [
        f"{what}: {name}, as in the music that has more of it than {share:.0%}"
        for what, levels in (("asked", found.towards), ("refused", found.away))
        for name, share in levels.items()
    ]
    return [*lines, *(f"{word}: says nothing to this generator" for word in found.passed_over)]


def _drawn_once(request: DiffusionRequest, progress: Any) -> Clip:
    from numpy.random import default_rng

    from moodprint.generation.diffusion.music import draw_music

    return draw_music(request, default_rng(), progress)


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
