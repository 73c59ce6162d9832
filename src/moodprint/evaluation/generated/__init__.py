"""Measures of generated sound beside real sound: how near, how varied, how clear."""
