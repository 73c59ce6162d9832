"""The student: the network that ships, with a head for each thing that its teachers say."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from moodprint.models.emotion_net.network_torch import PRESENCES, WIDTH, EmotionBackbone
from recipes.ear.opinions import OPINIONS

YAMNET_CLASSES = 521
MUSICNN_TAGS = 50
MUSICNN_WIDTH = 200


class StudentOutputs(NamedTuple):
    """What the student says of each row. Emotion heads are fitted on the embedding; all that comes
    after presence is there for training only."""

    embedding: Tensor
    """[B, R, WIDTH]."""
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
    opinions: Tensor
    """[B, R, 81]: what mood heads make of both teachers' embeddings."""


class Student(EmotionBackbone):
    """`EmotionBackbone` with batch norms, and linear heads on its embedding.

    ``yamnet_components``: how many principal components of YAMNet's embedding it learns.
    """

    def __init__(self, yamnet_components: int = 192) -> None:
        super().__init__(batch_norm=True)
        self.presence = nn.Linear(WIDTH, PRESENCES)
        self.yamnet = nn.Linear(WIDTH, YAMNET_CLASSES)
        self.tags = nn.Linear(WIDTH, MUSICNN_TAGS)
        self.yamnet_embedding = nn.Linear(WIDTH, yamnet_components)
        self.tags_embedding = nn.Linear(WIDTH, MUSICNN_WIDTH)
        self.opinions = nn.Linear(WIDTH, OPINIONS)

    def forward(self, mel_db: Tensor) -> StudentOutputs:
        """[B, T, F] log-mels in dB to the outputs for their R = T // 32 rows."""
        embedding = self.embedding(mel_db)
        return StudentOutputs(
            embedding,
            self.presence(embedding),
            self.yamnet(embedding),
            self.tags(embedding),
            self.yamnet_embedding(embedding),
            self.tags_embedding(embedding),
            self.opinions(embedding),
        )
