"""moodprint over HTTP: the emotion of a file by one call."""
