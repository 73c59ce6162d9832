"""Labelled samples, made up."""

from labelled_samples import artists, sample

__all__ = ["artists", "sample"]
