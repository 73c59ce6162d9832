"""Where work runs: local processes now, a cluster later."""
