"""Feature sets of audio, one file each."""
