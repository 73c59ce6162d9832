"""A small composer: music of an emotion out of nothing but a seed, by rules from the literature."""
