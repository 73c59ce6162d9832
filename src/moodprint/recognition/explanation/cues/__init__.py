"""What a musician would name in a piece: tempo, mode, loudness, brightness and the like.

One file a cue (or two that are measured together): how it is measured, its unit and its words;
``table`` lists them. ``listener`` gathers what they need while a sound streams past, ``recording``
gives any stretch of that to them.
"""
