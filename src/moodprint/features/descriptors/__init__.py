"""Contours that describe a sound frame by frame. Times come first: shapes are [T] or [T, D]."""
