"""Speech networks small enough for tests, in the format of transformers, with chance weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

KINDS = ("Hubert", "Wav2Vec2")

_TINY = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "conv_dim": (8, 8),
    "conv_kernel": (10, 8),
    "conv_stride": (5, 64),
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
    "mask_time_length": 2,
}


def save_tiny_speech(folder: Path, kind: str, **changes: Any) -> None:
    """A checkpoint of the ``kind`` in a folder; ``changes`` are options of its configuration."""
    import torch
    import transformers

    config = getattr(transformers, f"{kind}Config")(**(_TINY | changes))
    torch.manual_seed(0)
    getattr(transformers, f"{kind}Model")(config).save_pretrained(folder)
