"""Model families and bundles of trained models."""
