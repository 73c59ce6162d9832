"""The network that recognises emotions, and the linear head on hand-crafted measures beside it."""
