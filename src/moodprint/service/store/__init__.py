"""What the service keeps: media as files, the rest in a database."""
