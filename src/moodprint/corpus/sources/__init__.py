"""Where recordings come from, one file a kind; each lists its items and fetches one."""

from moodprint.corpus.sources.item import Fetched, Item, Source

__all__ = ["Fetched", "Item", "Source"]
