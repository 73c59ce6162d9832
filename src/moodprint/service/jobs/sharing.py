"""The job that finds which files of a collection share music."""

from __future__ import annotations

from moodprint.errors import MoodprintError
from moodprint.recognition.sharing import find_sharing
from moodprint.service.store.media import MediaStore
from moodprint.service.store.sharing import SharingCatalogue, fields_of


def share(collection_id: str, catalogue: SharingCatalogue, media: MediaStore, workers: int) -> None:
    """Compare what is in a collection, and keep what was found; done again, it finds the same."""
    contents = catalogue.begin(collection_id)
    if len(contents) < 2:
        catalogue.finish(collection_id, contents, {"tracks": []})
        return
    ids = {str(media.path(content)): analysis_id for content, analysis_id in contents.items()}
    try:
        sharing = find_sharing(ids, workers=workers)
    except MoodprintError:
        catalogue.finish(collection_id, contents, None)
        raise
    catalogue.finish(collection_id, contents, fields_of(sharing, ids))
