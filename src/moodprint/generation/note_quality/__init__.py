"""How good generated notes are, beside real ones and noise, by a classifier and by timbre."""
