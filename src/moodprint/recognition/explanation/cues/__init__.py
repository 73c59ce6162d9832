"""What a musician would name in a piece: tempo, mode, loudness, brightness and the like.

One file a cue, each from spectra to a number in a plain unit; ``listener`` gathers what they need
while a sound streams past, ``measure`` tells them of any stretch of it.
"""
