"""Labelled samples of one or more corpora, and the guarded splits that a score stands on."""
