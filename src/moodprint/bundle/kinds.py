"""The kinds of bundles there are: for each the class of its card, and what loads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class BundleKind(StrEnum):
    """What a bundle is, and so which part of moodprint can use it.

    A member's value stands in cards. ``BundleKind("ear")`` and ``BundleKind("note-gan")`` read
    the names under which the first two kinds were released.
    """

    EMOTION_NETWORK = "emotion-network"
    """Log-mel spectrograms to presence, emotion, valence and arousal: the shipped ``ear``."""
    STUDY_CLASSIFIER = "study"
    """Feature sets to labels: the winner of a study."""
    NOTE_GENERATOR = "note-generator"
    """Latents and pitches to notes: the shipped ``band``."""
    MUSIC_GENERATOR = "music-generator"
    """Noise and what is asked for to a spectrogram of music."""
    MUSIC_TAGGER = "music-tagger"
    """Sound to tags, and the layer that they stand on: the shipped ``musicnn``."""
    NOTE_TRANSCRIPTION = "note-transcription"
    """Sound to the notes in it: the shipped ``basic_pitch``."""

    @classmethod
    def _missing_(cls, value: object) -> BundleKind | None:
        return _RELEASED_AS.get(str(value))


HEARING = frozenset({BundleKind.EMOTION_NETWORK, BundleKind.STUDY_CLASSIFIER})
"""The kinds that ``analyze`` hears with."""

_RELEASED_AS = {"ear": BundleKind.EMOTION_NETWORK, "note-gan": BundleKind.NOTE_GENERATOR}


@dataclass(frozen=True)
class KindEntry:
    """Where the code of a kind lives, as ``module:name``: see ``import_name``.

    ``card`` is a subclass of ``Card``. ``loader`` takes an opened bundle and a number of threads
    and gives what uses it. ``trial`` lets that answer once, and takes the card and what was loaded;
    '' where only bundles that ship are used.
    """

    card: str
    loader: str
    trial: str = ""


KINDS: Mapping[BundleKind, KindEntry] = MappingProxyType(
    {
        BundleKind.EMOTION_NETWORK: KindEntry(
            card="moodprint.models.emotion_net.card:EmotionNetworkCard",
            loader="moodprint.models.emotion_net.network_onnx:EmotionNetwork",
            trial="moodprint.recognition.recogniser:hear_noise",
        ),
        BundleKind.STUDY_CLASSIFIER: KindEntry(
            card="moodprint.models.classifiers.card:ClassifierCard",
            loader="moodprint.recognition.study_recogniser:StudyRecogniser",
            trial="moodprint.recognition.recogniser:hear_noise",
        ),
        BundleKind.NOTE_GENERATOR: KindEntry(
            card="moodprint.generation.note_generator.card:GeneratorCard",
            loader="moodprint.generation.note_generator.generator:Generator",
            trial="moodprint.generation.note_generator.generator:play_one_note",
        ),
        BundleKind.MUSIC_GENERATOR: KindEntry(
            card="moodprint.generation.diffusion.card:MusicGeneratorCard",
            loader="moodprint.generation.diffusion.network:MusicNetwork",
            trial="moodprint.generation.diffusion.network:draw_one_window",
        ),
        BundleKind.MUSIC_TAGGER: KindEntry(
            card="moodprint.models.music_tagger.card:MusicTaggerCard",
            loader="moodprint.models.music_tagger.network:MusicTagger",
        ),
        BundleKind.NOTE_TRANSCRIPTION: KindEntry(
            card="moodprint.generation.midi.transcription_card:TranscriptionCard",
            loader="moodprint.generation.midi.transcribe:Transcriber",
        ),
    }
)
