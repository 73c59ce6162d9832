"""Prompts for music: what their words mean, and terms that fit beside them."""
