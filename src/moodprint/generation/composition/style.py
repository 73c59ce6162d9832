"""How music of an emotion is made: what the composer chooses from.

The directions are those that listeners agree on: Gabrielsson and Lindstrom, "The role of structure
in the musical expression of emotions" (Handbook of Music and Emotion, 2010) for tempo, mode,
register, articulation and dissonance; Juslin and Laukka (Psychological Bulletin 2003) for loudness
and its changes; Eerola, Friberg and Bresin (Frontiers in Psychology 2013) for how much each weighs;
timbre after Eerola, Ferrer and Alluri (Music Perception 2012): bright and rough sounds for anger
and joy, dull ones for sadness and calm. Amounts and instruments are ours, tried by recognisers that
take no part in choosing: see docs/synthetic.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from moodprint.emotion import Emotion

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
PHRYGIAN = (0, 1, 3, 5, 7, 8, 10)
OCTATONIC = (0, 1, 3, 4, 6, 7, 9, 10)
"""Scales, in semitones above the tonic."""


@dataclass(frozen=True)
class Style:
    """What is chosen from. ``progressions`` are degrees of the scale (0 the tonic), a bar each.
    ``figure`` names how chords are played, ``beat`` the pattern of drums ('' without). ``density``
    is how many notes of a melody a beat has on average; ``articulation`` the sounding part of each
    note; ``velocity`` their mean, ``contrast`` how far they stray. ``octave`` is that of the melody
    (5 begins at C5, MIDI 72). ``drive`` is how hard guitars and leads are overdriven, ``room_s``
    how long the room sounds on, ``wet`` how much of it is heard, ``darkness_hz`` where treble falls
    off.
    """

    tempo_bpm: tuple[int, int]
    scales: tuple[tuple[int, ...], ...]
    progressions: tuple[tuple[int, ...], ...]
    figure: tuple[str, ...]
    beat: tuple[str, ...]
    density: tuple[float, float]
    articulation: tuple[float, float]
    velocity: int
    contrast: int
    octave: tuple[int, ...]
    melody: tuple[str, ...]
    chords: tuple[str, ...]
    bass: tuple[str, ...]
    pad: tuple[str, ...]
    drive: float
    room_s: float
    wet: float
    darkness_hz: float


STYLES: Mapping[Emotion, Style] = MappingProxyType({
    Emotion.ANGRY: Style(
        tempo_bpm=(138, 176), scales=(PHRYGIAN, MINOR),
        progressions=((0, 0, 1, 0), (0, 0, 5, 6), (0, 1, 0, 4), (0, 0, 0, 1)),
        figure=("chug",), beat=("metal", "rock"), density=(2.0, 3.5), articulation=(0.6, 0.9),
        velocity=118, contrast=6, octave=(4, 5),
        melody=("distortion guitar", "saw wave", "overdrive guitar"),
        chords=("distortion guitar", "overdrive guitar", "palm muted guitar"),
        bass=("picked bass", "synth bass 2", "pop bass"), pad=(),
        drive=9.0, room_s=0.35, wet=0.08, darkness_hz=14_000,
    ),
    Emotion.CALM: Style(
        tempo_bpm=(56, 76), scales=(MAJOR,),
        progressions=((0, 3, 0, 3), (0, 2, 3, 0), (0, 5, 3, 0), (3, 0, 3, 4)),
        figure=("slow arpeggio", "held"), beat=("",), density=(0.3, 0.7),
        articulation=(1.0, 1.3), velocity=52, contrast=6, octave=(4, 5),
        melody=("flute", "electric piano", "vibraphone", "kalimba", "nylon string guitar",
        "pan flute"),
        chords=("electric piano", "harp", "rhodes ep", "nylon string guitar", "yamaha grand piano"),
        bass=("acoustic bass", "fretless bass"), pad=("warm pad", "halo pad", "strings",
        "bowed glass"),
        drive=0.0, room_s=2.6, wet=0.4, darkness_hz=4_500,
    ),
    Emotion.FEAR: Style(
        tempo_bpm=(60, 96), scales=(OCTATONIC,),
        progressions=((0, 0, 1, 0), (0, 4, 0, 1), (0, 1, 2, 1)),
        figure=("cluster", "tremolo"), beat=("heart", "", "hits"), density=(0.2, 0.6),
        articulation=(0.4, 1.4), velocity=64, contrast=34, octave=(5, 6),
        melody=("bowed glass", "violin", "music box", "space voice", "tremolo", "celesta"),
        chords=("tremolo", "strings", "metal pad", "synth voice"),
        bass=("tuba", "cello", "synth bass 1", "church organ"), pad=("sweep pad", "space voice",
        "ohh voices"),
        drive=0.0, room_s=4.0, wet=0.5, darkness_hz=9_000,
    ),
    Emotion.HAPPY: Style(
        tempo_bpm=(118, 148), scales=(MAJOR,),
        progressions=((0, 4, 5, 3), (0, 3, 4, 3), (0, 5, 3, 4), (0, 3, 0, 4)),
        figure=("off-beat", "strum"), beat=("pop", "dance"), density=(1.4, 2.2),
        articulation=(0.5, 0.8), velocity=100, contrast=10, octave=(5,),
        melody=("whistle", "trumpet", "alto sax", "square lead", "glockenspiel", "marimba",
        "accordian"),
        chords=("bright yamaha grand", "steel string guitar", "clavinet", "accordian",
        "honky tonk"),
        bass=("fingered bass", "pop bass", "slap bass"), pad=("synth brass 1", "brass section"),
        drive=0.0, room_s=0.7, wet=0.15, darkness_hz=16_000,
    ),
    Emotion.SAD: Style(
        tempo_bpm=(50, 66), scales=(MINOR,),
        progressions=((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 4), (0, 3, 0, 4)),
        figure=("slow arpeggio", "held"), beat=("",), density=(0.5, 0.9),
        articulation=(1.0, 1.2), velocity=60, contrast=10, octave=(3, 4),
        melody=("cello", "violin", "viola", "oboe", "english horn", "solo vox"),
        chords=("yamaha grand piano", "nylon string guitar", "harp"),
        bass=("cello", "acoustic bass"), pad=("strings", "ahh choir"),
        drive=0.0, room_s=2.2, wet=0.32, darkness_hz=5_000,
    ),
})  # fmt: skip
"""What each emotion chooses from."""
