"""Collections, what they say as a whole, and the corrections in them."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from service_calls import Upload, ended, write_song

from moodprint.emotion import EMOTIONS


def test_collections_are_made_renamed_and_removed(service: TestClient) -> None:
    made = service.post("/api/collections", json={"name": "one\u202e\x1b"}).json()
    assert made["name"] == "one\\u202e\\x1b"
    assert made in service.get("/api/collections").json()
    address = f"/api/collections/{made['id']}"
    assert service.patch(address, json={"name": "two"}).json()["name"] == "two"
    assert service.get(address).json()["name"] == "two"
    assert service.delete(address).status_code == 204
    for call in ("", "/overview", "/sharing", "/export/csv", "/labels.zip"):
        response = service.get(address + call)
        assert (response.status_code, response.json()["code"]) == (404, "no-such-collection")
    assert service.get("/api/events", params={"collection": made["id"]}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 201}, {"name": 1}, []])
def test_bad_names_are_refused(service: TestClient, body: object) -> None:
    assert service.post("/api/collections", json=body).status_code == 422


def test_a_collection_with_its_files_is_removed(
    service: TestClient, upload: Upload, tmp_path: Path
) -> None:
    collection = service.post("/api/collections", json={"name": "gone"}).json()["id"]
    write_song(tmp_path / "a.wav", seed=8)
    made = ended(service, upload(tmp_path / "a.wav", collection=collection)["id"])
    context = service.app.state.context
    content = context.catalogue.analysis(made["id"]).content
    service.delete(f"/api/collections/{collection}")
    assert service.get(f"/api/analyses/{made['id']}").status_code == 404
    assert not context.media.path(content).exists()


def test_files_that_share_music_find_each_other(
    service: TestClient, upload: Upload, tmp_path: Path, collection: str
) -> None:
    import soundfile

    write_song(tmp_path / "a.wav", seed=3, seconds=20)
    sound, rate = soundfile.read(tmp_path / "a.wav")
    soundfile.write(tmp_path / "b.wav", sound[rate * 3 :] * 0.7, rate)
    write_song(tmp_path / "c.wav", seed=4, seconds=20)
    ids = [
        ended(service, upload(tmp_path / f"{name}.wav", collection=collection)["id"])["id"]
        for name in "abc"
    ]
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = service.get(f"/api/collections/{collection}/sharing").json()
        if found["state"] == "done":
            break
        time.sleep(0.2)
    assert found["state"] == "done"
    [track] = found["tracks"]
    assert {use["analysis"] for use in track["uses"]} == set(ids[:2])
    shared = service.get("/api/analyses", params={"collection": collection, "shared": True}).json()
    assert {each["id"] for each in shared["items"]} == set(ids[:2])
    service.delete(f"/api/analyses/{ids[0]}")
    assert not service.get(f"/api/collections/{collection}/sharing").json()["tracks"]


def test_an_overview_says_what_the_files_say(
    service: TestClient, upload: Upload, sounds: Path, collection: str
) -> None:
    song = ended(service, upload(sounds / "song.wav", collection=collection)["id"])
    failed = ended(service, upload(sounds / "text.mp3", collection=collection)["id"])
    overview = service.get(f"/api/collections/{collection}/overview").json()
    assert overview["files"] == 1
    assert overview["duration_s"] == 12
    assert overview["counts"] == {"done": 1, "failed": 1}
    assert [each["id"] for each in overview["failed"]] == [failed["id"]]
    assert sum(overview["shares"].values()) == pytest.approx(1)
    for name, share in song["shares"].items():
        assert overview["shares"][name] == pytest.approx(share, abs=1e-4)
    for emotion in map(str, EMOTIONS):
        for moment in overview["moments"][emotion]:
            assert 0 <= moment["start_s"] < moment["end_s"] <= 12
            assert moment["probability"] >= 0.5


def test_corrections_are_kept_counted_and_given_out_as_a_corpus(
    service: TestClient, upload: Upload, sounds: Path, collection: str, tmp_path: Path
) -> None:
    song = ended(service, upload(sounds / "song.wav", "my song.wav", collection=collection)["id"])
    address = f"/api/analyses/{song['id']}/corrections"
    first = service.post(
        address,
        json={"start_s": 0, "end_s": 6, "label": "fear", "note": "=1+1\nsecond", "author": "Ann"},
    ).json()
    second = service.post(address, json={"start_s": 6, "end_s": 99, "label": "no-music"}).json()
    assert second["end_s"] == 12, "cut at the end of the file"
    assert first["note"] == "=1+1\nsecond"
    assert first["agrees"] == (first["answered"] == "fear")
    assert service.get(address).json() == [first, second]
    overview = service.get(f"/api/collections/{collection}/overview").json()
    assert overview["corrections"] == 2
    assert overview["agreed"] == sum(each["agrees"] for each in (first, second))
    archive = zipfile.ZipFile(
        io.BytesIO(service.get(f"/api/collections/{collection}/labels.zip").content)
    )
    archive.extractall(tmp_path)
    rows = list(csv.DictReader((tmp_path / "labels.csv").read_text().splitlines()))
    assert [(row["emotion"], row["label"]) for row in rows] == [("fear", "fear"), ("", "no-music")]
    assert rows[0]["note"] == "'=1+1 second"
    assert (tmp_path / rows[0]["source"]).read_bytes() == (sounds / "song.wav").read_bytes()
    assert service.delete(f"/api/corrections/{first['id']}").status_code == 204
    assert service.get(address).json() == [second]
    assert service.delete(f"/api/corrections/{first['id']}").status_code == 404


def test_what_is_given_out_is_read_as_a_corpus(
    service: TestClient, upload: Upload, sounds: Path, collection: str, tmp_path: Path
) -> None:
    from moodprint.dataset.config import CorpusConfig
    from moodprint.dataset.corpora import read_corpus

    song = ended(service, upload(sounds / "song.wav", collection=collection)["id"])
    address = f"/api/analyses/{song['id']}/corrections"
    service.post(address, json={"start_s": 1, "end_s": 6, "label": "sad"})
    service.post(address, json={"start_s": 7, "end_s": 9, "label": "no-music"})
    content = service.get(f"/api/collections/{collection}/labels.zip").content
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    config = CorpusConfig(name="mine", labels=tmp_path / "labels.csv")
    [sample] = read_corpus(config, tmp_path)
    assert (sample.label, sample.excerpt.start_s, sample.excerpt.end_s) == ("sad", 1, 6)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"start_s": 5, "end_s": 4, "label": "sad"}, {"start_s": -1, "end_s": 4, "label": "sad"},
        {"start_s": 1, "end_s": 4, "label": "joy"}, {"start_s": 50, "end_s": 60, "label": "sad"},
        {"start_s": "nan", "end_s": 4, "label": "sad"},
        {"start_s": 0, "end_s": 1e999, "label": "sad"},
        {"start_s": 0, "end_s": 1, "label": "sad", "note": "x" * 3000},
    ],
)  # fmt: skip
def test_bad_corrections_are_refused(
    service: TestClient, upload: Upload, sounds: Path, collection: str, body: dict[str, object]
) -> None:
    import json

    song = ended(service, upload(sounds / "song.wav", collection=collection)["id"])
    response = service.post(
        f"/api/analyses/{song['id']}/corrections",
        content=json.dumps(body),
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 422, response.text
    assert not service.get(f"/api/analyses/{song['id']}/corrections").json()


def test_a_failed_analysis_cannot_be_corrected(
    service: TestClient, upload: Upload, sounds: Path, collection: str
) -> None:
    failed = ended(service, upload(sounds / "text.mp3", collection=collection)["id"])
    body = {"start_s": 0, "end_s": 1, "label": "sad"}
    response = service.post(f"/api/analyses/{failed['id']}/corrections", json=body)
    assert (response.status_code, response.json()["code"]) == (409, "no-answer")
