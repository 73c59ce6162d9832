"""Honest scores: metrics, group splits, bootstrap intervals."""
