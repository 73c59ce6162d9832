"""The card of a bundle that holds an emotion network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import BundleKind, Calibration, Card
from moodprint.emotion import EMOTIONS
from moodprint.errors import OptionError
from moodprint.json_fields import Fields

WEIGHTS = "ear.onnx"
"""The network's file; named after the bundle with which it was released."""

TORCH_WEIGHTS = "ear.safetensors"
"""The same numbers once more, for the torch module: a bundle with them can be fine-tuned."""

_SHORTEST_ROW_S, _LONGEST_ROW_S = 0.1, 5.0
"""Rows outside this are a slip in a card: shorter ones hold no music, longer ones no moment."""

_MOST_BANDS, _LONGEST_WINDOW, _HIGHEST_RATE_HZ = 512, 16_384, 192_000
"""Past any spectrogram of music; what is larger would only fill memory."""


@dataclass(frozen=True, kw_only=True)
class EmotionNetworkCard(Card):
    """``log_mel`` is what the network takes, ``frames_per_row`` of its frames make a row of what
    it gives. ``level_free``: sound is brought to one loudness before the network.

    Raises:
        OptionError: labels that are not the five emotions in their order, no network among the
            files, or a spectrogram or rows out of range.
    """

    kind: ClassVar[BundleKind] = BundleKind.EMOTION_NETWORK

    log_mel: LogMel
    frames_per_row: int
    calibration: Calibration
    level_free: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        expected = tuple(emotion.value for emotion in EMOTIONS)
        if self.labels != expected:
            raise OptionError(f"its labels are {', '.join(self.labels)}; not {', '.join(expected)}")
        if WEIGHTS not in self.files:
            raise OptionError(f"it lists no {WEIGHTS}")
        mel = self.log_mel
        if mel.bands > _MOST_BANDS or mel.window > _LONGEST_WINDOW or mel.bands < 1:
            raise OptionError(
                f"a spectrogram has up to {_MOST_BANDS} bands and a window of up to "
                f"{_LONGEST_WINDOW} samples, not {mel.bands} and {mel.window}"
            )
        if mel.sample_rate_hz > _HIGHEST_RATE_HZ:
            raise OptionError(f"its sample rate is {mel.sample_rate_hz} Hz; at most 192,000 is")
        if not _SHORTEST_ROW_S <= self.row_s <= _LONGEST_ROW_S:
            raise OptionError(
                f"its rows last {self.row_s:g} s, not {_SHORTEST_ROW_S:g} to {_LONGEST_ROW_S:g} s"
            )

    @property
    def row_s(self) -> float:
        """Seconds that a row of the network's outputs is for."""
        return self.frames_per_row / self.log_mel.frames_per_second

    @classmethod
    def values(cls, fields: Fields) -> dict[str, Any]:
        """Adds the spectrogram, the rows and the calibration. Raises ValueError."""
        features = fields.part("features")
        mel = features.part("log_mel")
        return {
            **super().values(fields),
            "log_mel": LogMel(
                sample_rate_hz=mel.whole("sample_rate_hz"),
                hop=mel.whole("hop"),
                window=mel.whole("window"),
                bands=mel.whole("bands"),
                lowest_hz=mel.number("lowest_hz"),
                highest_hz=mel.number("highest_hz"),
                floor_db=mel.number("floor_db"),
            ),
            "frames_per_row": features.whole("frames_per_row"),
            "level_free": features.flag("level_free") if "level_free" in features else False,
            "calibration": Calibration.of(fields.part("calibration")),
        }
