"""From sound to a timeline of emotions."""
