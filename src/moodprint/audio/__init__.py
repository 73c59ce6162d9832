"""Sound in and out: decoding, encoding, rates, loudness, silence, windows, spectrograms."""
