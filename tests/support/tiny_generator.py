"""A music generator of few, random weights, in the form that recipes/diffusion/export writes."""

from __future__ import annotations

from pathlib import Path

TINY_GENERATOR = Path(__file__).parents[1] / "generation" / "diffusion" / "tiny_generator"
