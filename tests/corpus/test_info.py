"""Numbers of a corpus, from literal rows."""

from dataclasses import replace

import pytest

from moodprint.corpus.info import info
from moodprint.corpus.manifest import Row, write
from moodprint.errors import CorpusError


def clips(song, emotion, count, *, group=None, source="mix.wav", start_s=0.0, **more):
    """Clips of 5 s of a song."""
    return [
        Row(
            id=f"{song}-{number}",
            song_id=song,
            source=source,
            emotion=emotion,
            start_s=start_s + 5.0 * number,
            end_s=start_s + 5.0 * number + 5.0,
            group=group or song,
            hash="0",
            source_hash="0",
            **more,
        )
        for number in range(count)
    ]


@pytest.fixture
def corpus(tmp_path):
    rows = [
        *clips("a", "happy", 2),
        *clips("b", "sad", 3, group="a", source="other.wav", start_s=7.5, keep=False,
               checks=("conflict", "duplicate")),
        *clips("c", "sad", 1, synthetic=True, checks=("short",)),
        *clips("d", None, 1),
        *clips("e", "sad", 1, group="d"),
    ]  # fmt: skip
    write(tmp_path, rows)
    return tmp_path


def test_hours_songs_and_clips_by_emotion(corpus):
    found = info(corpus)
    assert [(each.emotion, each.songs, each.clips) for each in found.emotions] == [
        ("", 1, 1),
        ("happy", 1, 2),
        ("sad", 3, 5),
    ]
    assert found.hours == pytest.approx(8 * 5 / 3600, abs=1e-4)
    assert sum(each.hours for each in found.emotions) == pytest.approx(found.hours, abs=3e-4)
    assert (found.sources, found.songs, found.clips, found.kept_clips) == (2, 5, 8, 5)
    assert found.synthetic_clips == 1


def test_duplicates_are_the_songs_beyond_the_first_of_a_group(corpus):
    found = info(corpus)
    assert (found.duplicate_groups, found.duplicates) == (2, 2)
    assert found.checks == {"conflict": 3, "duplicate": 3, "short": 1}


def test_a_conflict_names_its_places_and_none_is_made_by_a_song_without_an_emotion(corpus):
    (conflict,) = info(corpus).conflicts
    assert (conflict.group, conflict.emotions) == ("a", ("happy", "sad"))
    assert conflict.songs == ("happy: mix.wav at 0.0 s", "sad: other.wav at 7.5 s")


def test_a_corpus_without_clips_has_nothing(tmp_path):
    write(tmp_path, [])
    found = info(tmp_path)
    assert (found.emotions, found.hours, found.clips, found.conflicts) == ((), 0.0, 0, ())


def test_a_clip_more_is_one_more(corpus, tmp_path_factory):
    more = tmp_path_factory.mktemp("more")
    write(more, clips("a", "happy", 2))
    assert info(more).clips == 2
    write(more, [*clips("a", "happy", 2), replace(clips("z", "calm", 1)[0], source="z.wav")])
    found = info(more)
    assert (found.clips, found.songs, found.sources) == (3, 2, 2)


def test_what_is_no_corpus(tmp_path):
    with pytest.raises(CorpusError, match="is no corpus"):
        info(tmp_path)
