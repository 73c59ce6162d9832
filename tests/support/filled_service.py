"""Collections of many files, written into the database as if they had been analysed."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path

import numpy as np
import soundfile
from fake_predictions import prediction

from moodprint.emotion import EMOTIONS
from moodprint.prediction import NO_MUSIC, Presence, Segment, Timeline
from moodprint.service.peaks import peaks_of
from moodprint.service.store.database import Database
from moodprint.service.store.media import MediaStore
from moodprint.service.store.summary import summary_of
from moodprint.service.store.tables import Analysis, Collection, State


def long_timeline(first: int, hours: float = 1.0, hop_s: float = 2.5) -> Timeline:
    """Overlapping segments of 5 s; the emotion changes each minute, every seventh is speech."""
    emotions = [str(emotion) for emotion in islice(cycle(EMOTIONS), first, first + 70)]
    segments = []
    for number in range(int(hours * 3600 / hop_s) - 1):
        start_s, minute = number * hop_s, int(number * hop_s / 60)
        music = prediction(emotions[minute % 35], 0.5 + 0.4 * (minute % 9) / 9)
        is_speech = minute % 7 == 6
        presence = Presence.SPEECH if is_speech else Presence.MUSIC
        answer = NO_MUSIC if is_speech else music
        segments.append(Segment(start_s, start_s + 2 * hop_s, presence, answer))
    overall = prediction(emotions[0], 0.7)
    return Timeline("x.mp4", hours * 3600, overall, tuple(segments), "a test")


def add_hour(database: Database, folder: Path) -> str:
    """A file of an hour, a click each minute, with its answer and its waveform; its id."""
    rate_hz, timeline = 8000, long_timeline(0)
    sound = np.zeros(3600 * rate_hz, np.int16)
    sound[:: 60 * rate_hz] = 30_000
    soundfile.write(folder / "hour.wav", sound, rate_hz, "PCM_U8")
    store = MediaStore(folder, most_bytes=100_000_000)
    with (folder / "hour.wav").open("rb") as file:
        media = store.keep(file, 100_000_000)
    store.keep_peaks(media.content, peaks_of(str(folder / "hour.wav")))
    with database.writing() as session:
        collection = Collection(name="an hour")
        session.add(collection)
        session.flush()
        analysis = Analysis(
            collection_id=collection.id,
            name="hour.wav",
            content=media.content,
            key=media.content,
            size_bytes=media.size_bytes,
            media_type="audio/wav",
            progress=1.0,
            state=State.DONE,
            answer=timeline.to_dict(),
            **summary_of(timeline),
        )
        session.add(analysis)
    return analysis.id


def fill(database: Database, count: int, name: str = "many files") -> str:
    """A collection of so many files of a minute or more, one in ten failed; its id."""
    timelines = [long_timeline(number, hours=(1 + number) / 60) for number in range(5)]
    answers = [{**summary_of(each), "answer": each.to_dict()} for each in timelines]
    with database.writing() as session:
        collection = Collection(name=name)
        session.add(collection)
        session.flush()
        for number in range(count):
            failed = number % 10 == 9
            fields = {"error": "The file has no audio track."} if failed else answers[number % 5]
            session.add(
                Analysis(
                    collection_id=collection.id,
                    name=f"folder/{number:04}.mp4",
                    content=f"{number:064}",
                    key=f"{collection.id}{number}",
                    size_bytes=1000,
                    progress=1.0,
                    state=State.FAILED if failed else State.DONE,
                    **fields,
                )
            )
    return collection.id
