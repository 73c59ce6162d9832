"""Notes as data: read from MIDI, heard in audio, brought into tune and mood."""
