"""GANSynth's generator computed slowly from the variables of a Magenta checkpoint, channels last,
following the description of the original step by step and sharing nothing with the product."""

from __future__ import annotations

import numpy as np

NORMALIZER = {
    "mag_normalizer_a": 0.0661,
    "mag_normalizer_b": 0.1137,
    "p_normalizer_a": 0.8,
    "p_normalizer_b": 0.05,
}
_PLACE = "Generator/progressive_gan_generator/progressive_gan_block_"


def random_variables(seed: int, widths: tuple[int, ...]) -> dict[str, np.ndarray]:
    """The variables of a generator whose blocks have so many features."""
    rng = np.random.default_rng(seed)
    variables, inputs = {}, 317
    for number, width in enumerate(widths, start=1):
        first = (2, 16) if number == 1 else (3, 3)
        for part, shape in {
            "conv0": (*first, inputs, width),
            "conv1": (3, 3, width, width),
            "to_rgb": (1, 1, width, 2),
        }.items():
            variables[f"{_PLACE}{number}/{part}/conv2d/kernel"] = rng.normal(size=shape)
            variables[f"{_PLACE}{number}/{part}/bias"] = 0.3 * rng.normal(size=shape[-1])
        inputs = width
    return {name: value.astype(np.float32) for name, value in variables.items()}


def normalized_output(
    variables: dict[str, np.ndarray], latent: np.ndarray, pitch_midi: np.ndarray
) -> np.ndarray:
    """What the network gives at full progress, [B, T, F, 2], before the normaliser is undone."""
    one_hot = np.array([[float(p - 24 == k) for k in range(61)] for p in pitch_midi])
    x = _pixel_norm(np.concatenate([latent, one_hot], axis=1)[:, None, None, :])
    x = np.pad(x, ((0, 0), (1, 1), (15, 15), (0, 0)))
    blocks = len(variables) // 6
    for number in range(1, blocks + 1):
        same = number > 1
        if same:
            x = x.repeat(2, axis=1).repeat(2, axis=2)
        x = _activated(_conv(variables, f"{number}/conv0", x, gain=2, same=same))
        x = _activated(_conv(variables, f"{number}/conv1", x, gain=2, same=True))
    return np.tanh(_conv(variables, f"{blocks}/to_rgb", x, gain=1, same=False))


def melspecgram(
    variables: dict[str, np.ndarray], latent: np.ndarray, pitch_midi: np.ndarray
) -> np.ndarray:
    out = normalized_output(variables, latent, pitch_midi)
    n = NORMALIZER
    magnitude = (out[..., 0] - n["mag_normalizer_b"]) / n["mag_normalizer_a"]
    phase = (out[..., 1] - n["p_normalizer_b"]) / n["p_normalizer_a"]
    return np.stack([magnitude, phase], axis=-1)


def _pixel_norm(x: np.ndarray) -> np.ndarray:
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-8)


def _activated(x: np.ndarray) -> np.ndarray:
    return _pixel_norm(np.where(x > 0, x, 0.2 * x))


def _conv(
    variables: dict[str, np.ndarray], layer: str, x: np.ndarray, *, gain: float, same: bool
) -> np.ndarray:
    kernel = variables[f"{_PLACE}{layer}/conv2d/kernel"].astype(float)
    height, width, inputs, outputs = kernel.shape
    if same:
        x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows, columns = x.shape[1] - height + 1, x.shape[2] - width + 1
    out = np.zeros((len(x), rows, columns, outputs))
    for i in range(height):
        for j in range(width):
            out += x[:, i : i + rows, j : j + columns] @ kernel[i, j]
    scale = np.sqrt(gain / (height * width * inputs))
    return out * scale + variables[f"{_PLACE}{layer}/bias"]
