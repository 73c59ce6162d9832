"""Sound as pictures in Riffusion's format, and sound back from pictures and mel magnitudes."""
