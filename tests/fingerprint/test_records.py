"""What an index says of tracks and matches."""

from __future__ import annotations

import dataclasses

import pytest

from moodprint.fingerprint.records import AddReport, IndexedTrack, Match


def test_the_promised_fields_are_rounded() -> None:
    match = Match("a", 1.23456, 0.0004, 9.0, 1.080049, 0.0, 51.239)
    assert match.to_dict() == {
        "track": "a",
        "track_offset_s": 1.235,
        "query_offset_s": 0.0,
        "speed": 1.08,
        "score": 51.24,
    }


def test_records_are_frozen() -> None:
    for record in (IndexedTrack("a", "0", 1.0), AddReport()):
        with pytest.raises(dataclasses.FrozenInstanceError):
            record.name = "b"  # type: ignore[misc,union-attr]


def test_a_report_of_nothing_is_empty() -> None:
    assert AddReport() == AddReport(added=(), known=(), failed=())
