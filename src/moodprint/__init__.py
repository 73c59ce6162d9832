"""Hears the emotion of the music in songs and videos, and makes mood music to learn from."""

__version__ = "0.1.0"
