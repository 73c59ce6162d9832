"""The links of a chained Ogg file (RFC 3533, 4): streams that follow one another in one file.

Web radio is recorded so. Decoders stop after the first link, or go on at its rate and channels.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"OggS"
_HEADER_BYTES = 27
_FIRST_PAGE = 2
_CHUNK_BYTES = 1 << 16
_MOST_LINKS = 10_000
_MOST_PAGES = 2_000_000
"""A page is half a second or more, so that is 11 days. What follows counts to the last link."""


def ogg_links(path: Path) -> list[tuple[int, int]]:
    """The byte ranges [start, end) of the links; one range for a file that is not chained.

    A link begins where pages that begin a stream follow pages that do not.
    """
    size = path.stat().st_size
    starts = [0]
    in_headers = True
    with path.open("rb") as file:
        for at, begins in _pages(file.fileno(), size):
            if begins and not in_headers:
                starts.append(at)
                if len(starts) >= _MOST_LINKS:
                    break
            in_headers = begins
    return list(zip(starts, [*starts[1:], size], strict=True))


def _pages(descriptor: int, size: int) -> Iterator[tuple[int, bool]]:
    """Where each page starts, and whether it begins a stream."""
    at = pages = 0
    while at < size and pages < _MOST_PAGES:
        head = os.pread(descriptor, _HEADER_BYTES + 255, at)
        if not head.startswith(_MAGIC) or len(head) < _HEADER_BYTES:
            found = _next_page(descriptor, at + 1, size)
            if found is None:
                return
            at = found
            continue
        yield at, bool(head[5] & _FIRST_PAGE)
        pages += 1
        at += _HEADER_BYTES + head[26] + sum(head[_HEADER_BYTES : _HEADER_BYTES + head[26]])


def _next_page(descriptor: int, at: int, size: int) -> int | None:
    """Where the next page starts behind damage; None where none does."""
    while at < size:
        chunk = os.pread(descriptor, _CHUNK_BYTES, at)
        found = chunk.find(_MAGIC)
        if found >= 0:
            return at + found
        if len(chunk) < _CHUNK_BYTES:
            return None
        at += len(chunk) - len(_MAGIC) + 1
    return None
