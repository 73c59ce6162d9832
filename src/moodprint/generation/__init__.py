"""Music made from nothing, to learn from."""
