"""Landmarks of sound: the same recording found again."""
