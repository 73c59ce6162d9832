"""Music of any length from a prompt, and music that leads from one prompt to another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from moodprint.bundle import open_bundle
from moodprint.clip import Clip, FloatArray, Origin
from moodprint.emotion import Emotion
from moodprint.engine import file_limits, run_one
from moodprint.engine.progress import Progress, no_progress
from moodprint.errors import OptionError
from moodprint.generation.diffusion.asking import Asked, asked_for, guide
from moodprint.generation.diffusion.card import MusicGeneratorCard
from moodprint.generation.diffusion.network import Guide, MusicNetwork, load_network
from moodprint.generation.diffusion.sampler import GuideAt, Sampling, sampled
from moodprint.generation.diffusion.sound import sound_of
from moodprint.generation.diffusion.starting_sound import ReadSpectrogram

LONGEST_S = 600.0

_AROUND = 4
"""Latent frames of a loop beyond its ends: as far as the decoder sees, and as long as the fade."""
_PEAK = 0.89
"""-1 dB of full scale, so that lossy encodings stay below it."""


@dataclass(frozen=True)
class DiffusionSettings:
    """How music is drawn: its length, the denoiser's steps, how strongly the prompt counts
    (``guidance``), whether its end leads into its start. ``strength`` is how much of the sound that
    it starts from is drawn anew: 0 nothing, 1 all. ``seed`` None leaves it to the request's
    generator of random numbers.

    Raises:
        OptionError: a value out of its range.
    """

    seconds: float = 15.0
    steps: int = 20
    guidance: float = 3.0
    loop: bool = False
    strength: float = 0.6
    seed: int | None = 1

    def __post_init__(self) -> None:
        if not 1 <= self.seconds <= LONGEST_S:
            raise OptionError(f"music takes 1 to {LONGEST_S:g} s, not {self.seconds:g}")
        if not 2 <= self.steps <= 500:
            raise OptionError(f"music takes 2 to 500 steps, not {self.steps}")
        if not 0 <= self.guidance <= 20:
            raise OptionError(f"guidance lies in 0 to 20, not at {self.guidance:g}")
        if not 0 < self.strength <= 1:
            raise OptionError(
                f"strength lies above 0 and up to 1 (all anew), not at {self.strength:g}"
            )


@dataclass(frozen=True)
class Ending:
    """What music leads to: a prompt, or the sound of a file; by noise of its own where it has a
    ``seed``."""

    prompt: str | None = None
    init: str | Path | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.prompt is None and self.init is None:
            raise OptionError("music leads to a prompt or to a file, and neither is given")


@dataclass(frozen=True)
class DiffusionRequest:
    """Music to be made. ``model`` is a music generator's name or bundle; ``init`` is a file to
    start from, with which the prompt may be None; ``until`` is what the music leads to.

    Raises:
        OptionError: neither a prompt nor a file.
    """

    prompt: str | None
    model: str | Path
    negative: str = ""
    emotion: Emotion | None = None
    until: Ending | None = None
    init: str | Path | None = None
    settings: DiffusionSettings = field(default_factory=DiffusionSettings)
    threads: int | None = None

    def __post_init__(self) -> None:
        if self.prompt is None and self.init is None:
            raise OptionError("music is drawn from a prompt or from a file, and neither is given")


def draw_music(
    request: DiffusionRequest, rng: np.random.Generator, progress: Progress = no_progress
) -> Clip:
    """Mono sound as a request says, at the generator's rate; the same request and state of ``rng``
    give the same samples.

    Raises:
        OptionError: an empty or too long prompt, or no such model. BundleError: it is broken.
        InputError and its kinds: the file to start from cannot be read, or is too short.
    """
    settings = request.settings
    if settings.seed is not None:
        rng = np.random.default_rng(settings.seed)
    network = load_network(request.model, threads=request.threads)
    guides = _guides(request, network.card)
    noise = _noise(request, network, rng)
    begun = _begun(request, network, noise, guides)
    sampling = replace(_sampling(settings), start=1.0 if begun is None else settings.strength)
    if begun is not None:
        noise = ((1 - settings.strength) * begun + settings.strength * noise).astype(np.float32)
    latents = sampled(network, noise, *guides, sampling, progress)
    samples = _sounding(latents, network, settings, progress)
    origin = Origin(str(request.init) if request.prompt is None else request.prompt)
    return Clip(samples, network.spectrogram.sample_rate_hz, origin)


def _sampling(settings: DiffusionSettings) -> Sampling:
    return Sampling(settings.steps, settings.guidance, settings.loop)


def _guides(request: DiffusionRequest, card: MusicGeneratorCard) -> tuple[GuideAt, GuideAt]:
    """What is asked for and what is refused, at each place."""
    first = _asked(request, request.prompt, card)
    last = first if request.until is None else _asked(request, request.until.prompt, card)
    return (
        _between(guide(card, first.towards), guide(card, last.towards)),
        _between(guide(card, first.away), guide(card, last.away)),
    )


def asked_of(request: DiffusionRequest) -> Asked:
    """What a request's prompt says to its generator.

    Raises:
        as ``draw_music`` for prompts and models.
    """
    return _asked(request, request.prompt, open_bundle(request.model).card_as(MusicGeneratorCard))


def _asked(request: DiffusionRequest, prompt: str | None, card: MusicGeneratorCard) -> Asked:
    return asked_for(card, prompt, negative=request.negative, emotion=request.emotion)


def _between(first: Guide, last: Guide) -> GuideAt:
    """Linear between two guides; what only one of them knows counts by its part."""

    def at(place: float) -> Guide:
        known = ((1 - place) * first.known + place * last.known).astype(np.float32)
        total = (1 - place) * first.known * first.values + place * last.known * last.values
        return Guide((total / np.maximum(known, 1e-6)).astype(np.float32), known)

    return at


def _noise(
    request: DiffusionRequest, network: MusicNetwork, rng: np.random.Generator
) -> FloatArray:
    """Of as many latent frames as the music takes; where it leads to noise of another seed,
    spherically between both, so that it is of unit size everywhere."""
    size = network.card.latents
    per_s = network.spectrogram.frames_per_second / size.shrink
    # Whole groups of four, the most that the denoiser shrinks by.
    count = max(size.frames, 4 * -(-int(np.ceil(request.settings.seconds * per_s)) // 4))
    shape = (size.channels, count, size.bands)
    noise = rng.standard_normal(shape, np.float32)
    if request.until is None or request.until.seed is None:
        return noise
    last = np.random.default_rng(request.until.seed).standard_normal(shape, np.float32)
    angle = _places(count) * np.float32(np.pi / 2)  # of two that are at right angles, as noises are
    return np.asarray(np.cos(angle) * noise + np.sin(angle) * last, np.float32)


def _begun(
    request: DiffusionRequest,
    network: MusicNetwork,
    noise: FloatArray,
    guides: tuple[GuideAt, GuideAt],
) -> FloatArray | None:
    """Latents of the music that it starts from, if any: that of a file, or from one end's to the
    other's. Where only one end is a file, the other's music is drawn first."""
    until = request.until
    if request.init is None and (until is None or until.init is None):
        return None

    def music(path: str | Path | None, place: float) -> FloatArray:
        if path is not None:
            count = noise.shape[1] * network.card.latents.shrink
            return network.encoded(_started(path, network, count))
        asked, refused = (partial(_fixed, each(place)) for each in guides)
        return sampled(network, noise, asked, refused, _sampling(request.settings))

    first = music(request.init, 0.0)
    if until is None:
        return first
    places = _places(noise.shape[1])
    return np.asarray((1 - places) * first + places * music(until.init, 1.0), np.float32)


def _places(count: int) -> FloatArray:
    """[count, 1] from 0 at the start to 1 at the end, both held for a tenth of the music."""
    return np.interp(np.linspace(0, 1, count), (0.1, 0.9), (0, 1)).astype(np.float32)[:, None]


def _fixed(one: Guide, _: float) -> Guide:
    return one


def _started(path: str | Path, network: MusicNetwork, count: int) -> FloatArray:
    """The first frames [count, bands] of a file, which begins again where it is shorter; read in a
    process of its own."""
    mel_db = run_one(ReadSpectrogram(network.spectrogram, count), str(path), limits=file_limits())
    return np.resize(mel_db, (count, mel_db.shape[1]))


def _sounding(
    latents: FloatArray,
    network: MusicNetwork,
    settings: DiffusionSettings,
    progress: Progress,
) -> FloatArray:
    """Samples [N] of latents, of the length asked for, at most at full scale less 1 dB."""
    rate = network.spectrogram.sample_rate_hz
    if settings.loop:
        samples = _loop(latents, network, progress)
    else:
        mel_db = network.decoded(latents)
        samples = sound_of(mel_db, network.spectrogram, progress)
        samples = samples[: int(settings.seconds * rate)]
    loudest = float(np.abs(samples).max())
    return samples * np.float32(_PEAK / loudest) if loudest > 0 else samples


def _loop(latents: FloatArray, network: MusicNetwork, progress: Progress) -> FloatArray:
    """Sound [N] that can be played over and over: drawn a little past its end, which is its start
    again and fades into it."""
    shrink, hop = network.card.latents.shrink, network.spectrogram.hop
    around = np.concatenate([latents[:, -_AROUND:], latents, latents[:, : 2 * _AROUND]], axis=1)
    mel_db = network.decoded(around)[_AROUND * shrink : -_AROUND * shrink]
    samples = sound_of(mel_db, network.spectrogram, progress)
    joint = _AROUND * shrink * hop
    fade = np.sin(np.linspace(0, np.pi / 2, joint, dtype=np.float32))
    looped = samples[:-joint].copy()
    looped[:joint] = fade * looped[:joint] + fade[::-1] * samples[-joint:]
    return looped
