"""Why an answer was given: cues of the music, and how each pushed it."""
