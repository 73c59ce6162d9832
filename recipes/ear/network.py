"""The student: a small convolutional network over log-mels that gives two rows a second.

[B, T, F] log-mel in dB (64 frames a second, F = 64 bands) -> R = T // 32 rows.
Plain convolutions over time and frequency down to 8 frames a second, then inverted residual blocks
(Sandler et al., MobileNetV2, CVPR 2018) over time alone; a row knows of about 6 s around it.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

FRAMES_PER_ROW = 32
BANDS = 64
WIDTH = 256
YAMNET_CLASSES = 521
MUSICNN_TAGS = 50
PRESENCES = 3


class StudentOutputs(NamedTuple):
    """What the student says of each row; all [B, R, ...] but ``yamnet_embedding`` and the rest of
    the lessons are there for training only."""

    embedding: Tensor
    """[B, R, WIDTH]: what emotion heads are fitted on."""
    presence: Tensor
    """[B, R, 3]: logits of music, speech and other sound."""
    yamnet: Tensor
    """[B, R, 521]: logits of YAMNet's classes."""
    tags: Tensor
    """[B, R, 50]: logits of MusiCNN's tags."""
    yamnet_embedding: Tensor
    """[B, R, P]: leading principal components of YAMNet's embedding."""
    tags_embedding: Tensor
    """[B, R, 200]: MusiCNN's penultimate layer."""


class EmotionNetwork(nn.Module):
    def __init__(self, yamnet_components: int = 192) -> None:
        super().__init__()
        self.picture = nn.Sequential(
            seen(1, 32, kernel=5, stride=(2, 2)),
            seen(32, 64, kernel=3, stride=(2, 2)),
            seen(64, 96, kernel=3, stride=(2, 2)),
            seen(96, 160, kernel=3, stride=(1, 2)),
        )
        self.fold = nn.Sequential(
            nn.Conv1d(160 * 4, WIDTH, 1, bias=False), nn.BatchNorm1d(WIDTH), nn.ReLU()
        )
        self.time = nn.Sequential(
            InvertedInTime(WIDTH),
            InvertedInTime(WIDTH, stride=2),
            InvertedInTime(WIDTH, stride=2),
            InvertedInTime(WIDTH),
        )
        self.embed = nn.Sequential(
            nn.Conv1d(WIDTH, WIDTH, 1, bias=False), nn.BatchNorm1d(WIDTH), nn.ReLU()
        )
        self.presence = nn.Linear(WIDTH, PRESENCES)
        self.yamnet = nn.Linear(WIDTH, YAMNET_CLASSES)
        self.tags = nn.Linear(WIDTH, MUSICNN_TAGS)
        self.yamnet_embedding = nn.Linear(WIDTH, yamnet_components)
        self.tags_embedding = nn.Linear(WIDTH, 200)

    def embedding(self, mel_db: Tensor) -> Tensor:
        """[B, T, F] to [B, R, WIDTH]."""
        x = (mel_db + 50) / 25
        x = self.picture(x[:, None])  # [B, C, T / 8, 4]
        x = self.fold(x.permute(0, 1, 3, 2).flatten(1, 2))
        return self.embed(self.time(x)).transpose(1, 2)

    def forward(self, mel_db: Tensor) -> StudentOutputs:
        heard = self.embedding(mel_db)
        return StudentOutputs(
            heard,
            self.presence(heard),
            self.yamnet(heard),
            self.tags(heard),
            self.yamnet_embedding(heard),
            self.tags_embedding(heard),
        )


def seen(wide_in: int, wide_out: int, kernel: int, stride: tuple[int, int]) -> nn.Sequential:
    """A plain convolution over time and frequency: on a CPU faster than a separable one, whose
    many small steps wait for memory."""
    return nn.Sequential(
        nn.Conv2d(wide_in, wide_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(wide_out),
        nn.ReLU(),
    )


class InvertedInTime(nn.Module):
    """Widen by ``expand``, filter each channel over 7 frames, narrow, and add to the input (to its
    mean, where there is a stride)."""

    def __init__(self, width: int, expand: float = 1.5, stride: int = 1) -> None:
        super().__init__()
        hidden = int(width * expand)
        self.body = nn.Sequential(
            nn.Conv1d(width, hidden, 1, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Conv1d(hidden, hidden, 7, stride, 3, groups=hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Conv1d(hidden, width, 1, bias=False),
            nn.BatchNorm1d(width),
        )
        self.shortcut = nn.AvgPool1d(stride) if stride > 1 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.shortcut(x) + self.body(x)
