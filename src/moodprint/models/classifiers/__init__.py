"""Families of classifiers over feature rows, by name."""
