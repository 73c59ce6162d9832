"""Does made music help? The same classifier with it, without it, and with plain augmentation."""
