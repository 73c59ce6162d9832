"""Music of any length from a prompt, and music that leads from one prompt to another."""

from __future__ import annotations

from dataclasses import dataclass, field
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
class DiffusionRequest:
    """Music to be made. ``model`` is a music generator's name or bundle; ``until`` is a prompt that
    the music leads to, from ``prompt`` at its start; ``init`` is a file to start from."""

    prompt: str
    model: str | Path
    negative: str = ""
    emotion: Emotion | None = None
    until: str | None = None
    init: str | Path | None = None
    settings: DiffusionSettings = field(default_factory=DiffusionSettings)
    threads: int | None = None


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
    asked, refused = _guides(request, network.card)
    noisy, sampling = _beginning(request, network, rng)
    latents = sampled(network, noisy, asked, refused, sampling, progress)
    samples = _sounding(latents, network, settings, rng, progress)
    return Clip(samples, network.spectrogram.sample_rate_hz, Origin(request.prompt))


def _guides(request: DiffusionRequest, card: MusicGeneratorCard) -> tuple[GuideAt, GuideAt]:
    """What is asked for and what is refused, at each place."""
    first = _asked(request, request.prompt, card)
    last = first if request.until is None else _asked(request, request.until, card)
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


def _asked(request: DiffusionRequest, prompt: str, card: MusicGeneratorCard) -> Asked:
    return asked_for(card, prompt, negative=request.negative, emotion=request.emotion)


def _between(first: Guide, last: Guide) -> GuideAt:
    """Linear between two guides; what only one of them knows counts by its part."""

    def at(place: float) -> Guide:
        known = ((1 - place) * first.known + place * last.known).astype(np.float32)
        total = (1 - place) * first.known * first.values + place * last.known * last.values
        return Guide((total / np.maximum(known, 1e-6)).astype(np.float32), known)

    return at


def _beginning(
    request: DiffusionRequest, network: MusicNetwork, rng: np.random.Generator
) -> tuple[FloatArray, Sampling]:
    """Noise, or latents of the file to start from with noise, of as many frames as it takes."""
    settings, size = request.settings, network.card.latents
    per_s = network.spectrogram.frames_per_second / size.shrink
    # Whole groups of four, the most that the denoiser shrinks by.
    count = max(size.frames, 4 * -(-int(np.ceil(settings.seconds * per_s)) // 4))
    noise = rng.standard_normal((size.channels, count, size.bands), np.float32)
    start = 1.0 if request.init is None else settings.strength
    sampling = Sampling(settings.steps, settings.guidance, settings.loop, start)
    if request.init is None:
        return noise, sampling
    music = network.encoded(_started(request.init, network, count * size.shrink))
    return ((1 - start) * music + start * noise).astype(np.float32), sampling


def _started(path: str | Path, network: MusicNetwork, count: int) -> FloatArray:
    """The first frames [count, bands] of a file, which begins again where it is shorter; read in a
    process of its own."""
    mel_db = run_one(ReadSpectrogram(network.spectrogram, count), str(path), limits=file_limits())
    return np.resize(mel_db, (count, mel_db.shape[1]))


def _sounding(
    latents: FloatArray,
    network: MusicNetwork,
    settings: DiffusionSettings,
    rng: np.random.Generator,
    progress: Progress,
) -> FloatArray:
    """Samples [N] of latents, of the length asked for, at most at full scale less 1 dB."""
    rate = network.spectrogram.sample_rate_hz
    if settings.loop:
        samples = _loop(latents, network, rng, progress)
    else:
        mel_db = network.decoded(latents)
        samples = sound_of(mel_db, network.spectrogram, rng, progress)
        samples = samples[: int(settings.seconds * rate)]
    loudest = float(np.abs(samples).max())
    return samples * np.float32(_PEAK / loudest) if loudest > 0 else samples


def _loop(
    latents: FloatArray, network: MusicNetwork, rng: np.random.Generator, progress: Progress
) -> FloatArray:
    """Sound [N] that can be played over and over: drawn a little past its end, which is its start
    again and fades into it."""
    shrink, hop = network.card.latents.shrink, network.spectrogram.hop
    around = np.concatenate([latents[:, -_AROUND:], latents, latents[:, : 2 * _AROUND]], axis=1)
    mel_db = network.decoded(around)[_AROUND * shrink : -_AROUND * shrink]
    samples = sound_of(mel_db, network.spectrogram, rng, progress)
    joint = _AROUND * shrink * hop
    fade = np.sin(np.linspace(0, np.pi / 2, joint, dtype=np.float32))
    looped = samples[:-joint].copy()
    looped[:joint] = fade * looped[:joint] + fade[::-1] * samples[-joint:]
    return looped
