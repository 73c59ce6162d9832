"""`moodprint generate prompt`: a prompt with fitting musical terms added."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moodprint.cli.exit_status import print_error
from moodprint.cli.options import AsJson, Format, TextFormat, is_json
from moodprint.emotion import Emotion

if TYPE_CHECKING:
    from moodprint.generation.prompts.extension import ExtendedPrompt
    from moodprint.generation.prompts.understanding import Meaning


def generate_prompt(
    prompt: Annotated[str, typer.Argument(help='What the music is like: "happy music".')],
    words: Annotated[int, typer.Option(min=1, help="The most words of the whole prompt.")] = 30,
    count: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many prompts, one a line.")
    ] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other terms.")] = 1,
    emotion: Annotated[
        Emotion | None, typer.Option(help="Terms for this one; default: what the prompt says.")
    ] = None,
    vocabulary: Annotated[
        Path | None, typer.Option(help="YAML with the terms to take, instead of ours.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also say what was understood of the prompt.")
    ] = False,
    format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
) -> None:
    """Extend a prompt for a music generator with terms that fit it.

    Your words come first; then genre, mood, tempo, mode, instruments, dynamics, texture and
    production follow. No word stands twice, and nothing contradicts your words, "no drums" and
    "not fast" included. The same seed gives the same prompts.

    \b
    Examples:
      moodprint generate prompt "happy music"
      moodprint generate prompt "scary haunted music, no drums" --count 5 --seed 7
      moodprint generate prompt "slow piano" --emotion sad --explain
    """
    from numpy.random import default_rng

    from moodprint.generation.prompts.extension import extended_prompt
    from moodprint.generation.prompts.vocabulary import SHIPPED_VOCABULARY, Vocabulary

    terms = Vocabulary.load(vocabulary or SHIPPED_VOCABULARY)
    rngs = [default_rng([seed, number]) for number in range(count)]
    prompts = [
        extended_prompt(prompt, rng, vocabulary=terms, emotion=emotion, most_words=words)
        for rng in rngs
    ]
    if is_json(format, as_json):
        typer.echo(json.dumps([_fields(each) for each in prompts], indent=2, ensure_ascii=False))
        return
    for each in prompts:
        typer.echo(each.text)
    if explain:
        _print_explanation(prompts)
    elif prompts[0].understanding.is_empty and emotion is None:
        print_error("no word of the prompt is known; the added terms agree with each other alone")


def _fields(extended: ExtendedPrompt) -> dict[str, Any]:
    understanding = extended.understanding
    return {
        "prompt": extended.text,
        "asked": _named(understanding.asked),
        "refused": _named(understanding.refused),
        "emotions": list(extended.emotions),
        "added": [{"term": term.name, "kind": term.kind} for term in extended.added],
    }


def _named(meaning: Meaning) -> dict[str, list[str]]:
    return {
        "emotions": list(meaning.emotions),
        "traits": list(meaning.traits),
        "terms": [term.name for term in meaning.terms],
    }


def _print_explanation(prompts: list[ExtendedPrompt]) -> None:
    """What was understood, once; and for each prompt the emotions that its terms fit."""
    understanding = prompts[0].understanding
    for name, meaning in (("asked", understanding.asked), ("refused", understanding.refused)):
        parts = [f"{kind} {', '.join(found)}" for kind, found in _named(meaning).items() if found]
        typer.echo(f"{name}: {'; '.join(parts) or 'nothing that the vocabulary knows'}")
    chosen = [", ".join(each.emotions) for each in prompts]
    typer.echo(f"terms chosen for: {'; '.join(chosen)}")
