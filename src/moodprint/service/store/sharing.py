"""Which files of a collection share music: looked for, kept, and known to be of these files."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from moodprint.recognition.sharing import Sharing
from moodprint.service.problems import Problem
from moodprint.service.store.database import Database
from moodprint.service.store.tables import ACTIVE, Analysis, Collection, State, now


class SharingCatalogue:
    """What is known of the sharing in collections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stale(self, quiet_s: float) -> list[str]:
        """Collections whose files have all ended, for ``quiet_s`` or longer, and are others than
        those that were compared last. They are marked as queued."""
        found = []
        with self._database.writing() as session:
            for collection in session.scalars(sa.select(Collection)):
                changed, states = [], set()
                of_it = sa.select(Analysis.state, sa.func.max(Analysis.changed_at))
                for state, last in session.execute(
                    of_it.where(Analysis.collection_id == collection.id).group_by(Analysis.state)
                ):
                    states.add(state)
                    changed.append(last)
                if State.DONE not in states or states & set(ACTIVE):
                    continue
                if collection.sharing_state in ACTIVE:
                    continue
                if max(changed) > now() - timedelta(seconds=quiet_s):
                    continue
                compared = (collection.sharing or {}).get("of")
                if compared != _mark(_contents(session, collection.id)):
                    collection.sharing_state = State.QUEUED
                    found.append(collection.id)
        return found

    def active(self) -> list[str]:
        """Collections whose sharing is looked for, or is to be."""
        with self._database.reading() as session:
            active = sa.select(Collection.id).where(Collection.sharing_state.in_(ACTIVE))
            return list(session.scalars(active))

    def begin(self, collection_id: str) -> dict[str, str]:
        """The analyses to compare: their contents, each with the id of its analysis."""
        with self._database.writing() as session:
            collection = session.get(Collection, collection_id)
            if collection is None:
                return {}
            collection.sharing_state = State.RUNNING
            return _contents(session, collection_id)

    def finish(
        self, collection_id: str, contents: dict[str, str], sharing: dict[str, Any] | None
    ) -> None:
        """Keep what was found among these contents; None where the search failed."""
        with self._database.writing() as session:
            collection = session.get(Collection, collection_id)
            if collection is None:
                return
            collection.sharing_state = State.FAILED if sharing is None else State.DONE
            collection.sharing = {"of": _mark(contents), **(sharing or {"tracks": []})}

    def tracks(self, collection_id: str) -> tuple[str | None, list[dict[str, Any]]]:
        """Where the search stands, and the tracks found; see ``fields_of``.

        Raises Problem (404) where there is no such collection.
        """
        with self._database.reading() as session:
            collection = session.get(Collection, collection_id)
            if collection is None:
                raise Problem(404, "no-such-collection", "No such collection.")
            there = set(
                session.scalars(
                    sa.select(Analysis.id).where(Analysis.collection_id == collection_id)
                )
            )
            tracks = (collection.sharing or {}).get("tracks", [])
            return collection.sharing_state, _of(tracks, there)


def fields_of(sharing: Sharing, ids: dict[str, str]) -> dict[str, Any]:
    """The tracks as they are kept: name, whether it is known, duration, and the uses, each with
    the id of its analysis and its place in seconds. ``ids`` are those of the paths compared."""
    tracks = []
    for track in sharing.tracks:
        uses = [
            {
                "analysis": ids[use.file],
                "start_s": round(use.start_s, 3),
                "end_s": round(use.end_s, 3),
            }
            for use in track.uses
        ]
        fields = {"name": track.name, "known": track.known, "presence": str(track.presence)}
        tracks.append({**fields, "duration_s": round(track.duration_s, 3), "uses": uses})
    return {"tracks": tracks}


def _of(tracks: list[dict[str, Any]], there: set[str]) -> list[dict[str, Any]]:
    """The tracks in what is still there: of two analyses or more."""
    kept = []
    for track in tracks:
        uses = [use for use in track["uses"] if use["analysis"] in there]
        if len({use["analysis"] for use in uses}) > 1:
            kept.append({**track, "uses": uses})
    return kept


def _contents(session: Any, collection_id: str) -> dict[str, str]:
    done = sa.select(Analysis.content, Analysis.id).where(
        Analysis.collection_id == collection_id, Analysis.state == State.DONE
    )
    return dict(sorted(tuple(row) for row in session.execute(done)))


def _mark(contents: dict[str, str]) -> str:
    """The same for the same contents."""
    return hashlib.sha256(" ".join(sorted(contents)).encode()).hexdigest()[:16]
