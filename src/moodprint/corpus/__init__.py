"""From raw compilations to a clean corpus."""
