"""The recipe of the bundle `band`: a generator of single notes."""
