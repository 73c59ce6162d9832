"""The emotion network as a torch module: for training it, fine-tuning it and writing its ONNX file.

Log-mel in dB [B, T, F] (64 frames a second, F = 64 bands) -> R = T // 32 rows, two a second. Plain
convolutions over time and frequency down to 8 frames a second, then inverted residual blocks
(Sandler et al., MobileNetV2, CVPR 2018) over time alone; a row knows of about 6 s around it.
Analysis runs the ONNX file instead: see `network_onnx`. This module needs torch.
"""

from __future__ import annotations

import copy
import io
import warnings

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from moodprint.bundle import Bundle
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError, MissingExtraError
from moodprint.models.emotion_net.card import TORCH_WEIGHTS

FRAMES_PER_ROW = 32
BANDS = 64
WIDTH = 256
"""Of the embedding."""
PRESENCES = 3

_TAIL_BLOCKS = 2
"""Blocks over time that, with the layer of the embedding, are the tail: 7 convolutions in all. The
trunk before it serves any task; the tail is what a task may want of its own."""
_MEAN_DB, _DEVIATION_DB = -50, 25
"""About where the log-mels of music lie."""
_OPSET = 17


class EmotionBackbone(nn.Module):
    """Log-mels to an embedding of each row, without heads.

    ``batch_norm``: as it is trained. Without, each convolution has a bias that its batch norm went
    into (see `fold_batch_norms`): the form that ships, is fine-tuned and exported.
    """

    def __init__(self, batch_norm: bool = False) -> None:
        super().__init__()
        self.picture = nn.Sequential(
            _picture_layer(1, 32, 5, (2, 2), batch_norm),
            _picture_layer(32, 64, 3, (2, 2), batch_norm),
            _picture_layer(64, 96, 3, (2, 2), batch_norm),
            _picture_layer(96, 160, 3, (1, 2), batch_norm),
        )
        self.fold = _pointwise(160 * 4, WIDTH, batch_norm)
        self.time = nn.Sequential(
            InvertedInTime(WIDTH, batch_norm=batch_norm),
            InvertedInTime(WIDTH, stride=2, batch_norm=batch_norm),
            InvertedInTime(WIDTH, stride=2, batch_norm=batch_norm),
            InvertedInTime(WIDTH, batch_norm=batch_norm),
        )
        self.embed = _pointwise(WIDTH, WIDTH, batch_norm)

    def embedding(self, mel_db: Tensor) -> Tensor:
        """[B, T, F] to [B, R, WIDTH]."""
        return _rows(self.tail()(self.trunk(mel_db)))

    def trunk(self, mel_db: Tensor) -> Tensor:
        """[B, T, F] to what the tail takes [B, WIDTH, T // 16]."""
        x = (mel_db - _MEAN_DB) / _DEVIATION_DB
        x = self.picture(x[:, None])  # [B, C, T / 8, 4]
        x = self.fold(x.permute(0, 1, 3, 2).flatten(1, 2))
        return self.time[:-_TAIL_BLOCKS](x)

    def tail(self) -> nn.Sequential:
        """The last layers, which give the embedding [B, WIDTH, R]; the layers themselves, no
        copy."""
        return nn.Sequential(*self.time[-_TAIL_BLOCKS:], self.embed)


class EmotionNetworkModule(EmotionBackbone):
    """The network that ships: what `EmotionNetwork` gives per row, less the hand-crafted head.

    ``emotion_tail``: emotions have a tail of their own, which was fine-tuned, so that all else that
    the network says is as it was before.
    """

    def __init__(self, emotion_tail: bool = False) -> None:
        super().__init__()
        self.presence = nn.Linear(WIDTH, PRESENCES)
        self.emotion = nn.Linear(WIDTH, len(EMOTIONS))
        self.valence_arousal = nn.Linear(WIDTH, 2)
        self.emotion_tail = copy.deepcopy(self.tail()) if emotion_tail else None

    @classmethod
    def of(cls, bundle: Bundle) -> EmotionNetworkModule:
        """The network of a bundle of kind ``emotion-network``, to be fine-tuned.

        Raises:
            MissingExtraError: safetensors is not installed.
            BundleError: the bundle has no weights for torch, or those of another network.
        """
        try:
            from safetensors.torch import load
        except ImportError as error:
            raise MissingExtraError("safetensors", "deep") from error
        if TORCH_WEIGHTS not in bundle.card.files:
            raise BundleError(f"{bundle.path}: cannot be fine-tuned, for it has no {TORCH_WEIGHTS}")
        try:
            state = load(bundle.read(TORCH_WEIGHTS))
            network = cls(any(name.startswith("emotion_tail.") for name in state))
            network.load_state_dict(state)
        except BundleError:
            raise
        except Exception as error:  # safetensors' and torch's share no class
            raise BundleError(f"{bundle.path}: {TORCH_WEIGHTS} does not load ({error})") from error
        return network.eval()

    def with_emotion_tail(self) -> EmotionNetworkModule:
        """The same network with a tail for emotions alone, a copy of the one that was there."""
        if self.emotion_tail is None:
            self.emotion_tail = copy.deepcopy(self.tail())
        return self

    def forward(self, mel_db: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Of each row: logits of presence [B, R, 3], logits of emotions [B, R, 5], valence and
        arousal [B, R, 2], and the embedding [B, R, WIDTH]."""
        x = self.trunk(mel_db)
        embedding = _rows(self.tail()(x))
        own = embedding if self.emotion_tail is None else _rows(self.emotion_tail(x))
        return (
            self.presence(embedding),
            self.emotion(own),
            self.valence_arousal(embedding),
            embedding,
        )

    def emotions(self, mel_db: Tensor) -> Tensor:
        """The logits of emotions [B, R, 5] alone."""
        tail = self.tail() if self.emotion_tail is None else self.emotion_tail
        return self.emotion(_rows(tail(self.trunk(mel_db))))

    def serialized(self) -> bytes:
        """The weights as safetensors; the same weights give the same bytes."""
        from safetensors.torch import save

        return bytes(save(self.state_dict()))

    def to_onnx(self) -> bytes:
        """The network as `EmotionNetwork` runs it: ``log_mel`` [1, T, F] to the four outputs.

        Raises:
            MissingExtraError: the package ``onnx``, by which torch writes the file, is missing.
        """
        try:
            import onnx  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("onnx", "deep") from error
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            # The exporter by tracing: the newer one needs onnxscript besides, and gives no better.
            warnings.simplefilter("ignore", DeprecationWarning)
            torch.onnx.export(
                copy.deepcopy(self).cpu().eval(),
                (torch.zeros(1, 20 * FRAMES_PER_ROW, BANDS),),
                buffer,
                input_names=["log_mel"],
                output_names=["presence", "emotion", "valence_arousal", "embedding"],
                dynamic_axes={"log_mel": {1: "frames"}},
                opset_version=_OPSET,
                dynamo=False,
            )
        return buffer.getvalue()


class InvertedInTime(nn.Module):
    """Widen by ``expand``, filter each channel over 7 frames, narrow, and add to the input (to its
    mean, where there is a stride). [B, C, T] to [B, C, T // stride]."""

    def __init__(
        self, width: int, expand: float = 1.5, stride: int = 1, batch_norm: bool = False
    ) -> None:
        super().__init__()
        hidden, bias = int(width * expand), not batch_norm
        self.body = nn.Sequential(
            nn.Conv1d(width, hidden, 1, bias=bias),
            nn.BatchNorm1d(hidden) if batch_norm else nn.Identity(),
            nn.ReLU(),
            nn.Conv1d(hidden, hidden, 7, stride, 3, groups=hidden, bias=bias),
            nn.BatchNorm1d(hidden) if batch_norm else nn.Identity(),
            nn.ReLU(),
            nn.Conv1d(hidden, width, 1, bias=bias),
            nn.BatchNorm1d(width) if batch_norm else nn.Identity(),
        )
        self.shortcut = nn.AvgPool1d(stride) if stride > 1 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return self.shortcut(x) + self.body(x)


def fold_batch_norms(network: nn.Module) -> None:
    """Put each batch norm of a trained network in evaluation mode into the convolution before it,
    in place. It says the same as before but for rounding, and its state fits a module without."""
    for parent in [each for each in network.modules() if isinstance(each, nn.Sequential)]:
        for place, layer in enumerate(parent):
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                parent[place - 1] = fuse_conv_bn_eval(parent[place - 1], layer)
                parent[place] = nn.Identity()


def _picture_layer(
    wide_in: int, wide_out: int, kernel: int, stride: tuple[int, int], batch_norm: bool
) -> nn.Sequential:
    """A plain convolution over time and frequency: on a CPU faster than a separable one, whose
    many small steps wait for memory."""
    return nn.Sequential(
        nn.Conv2d(wide_in, wide_out, kernel, stride, kernel // 2, bias=not batch_norm),
        nn.BatchNorm2d(wide_out) if batch_norm else nn.Identity(),
        nn.ReLU(),
    )


def _pointwise(wide_in: int, wide_out: int, batch_norm: bool) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(wide_in, wide_out, 1, bias=not batch_norm),
        nn.BatchNorm1d(wide_out) if batch_norm else nn.Identity(),
        nn.ReLU(),
    )


def _rows(x: Tensor) -> Tensor:
    """[B, D, R] to [B, R, D]."""
    return x.transpose(1, 2)
