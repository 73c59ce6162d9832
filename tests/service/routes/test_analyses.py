"""Files put in, followed, and given out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from service_calls import Upload, ended, write_song

from moodprint.prediction import Timeline
from moodprint.reports.exports import FORMATS
from moodprint.service.store.search import SORTS


@pytest.fixture
def song(service: TestClient, upload: Upload, sounds: Path, collection: str) -> dict[str, object]:
    return ended(service, upload(sounds / "song.wav", collection=collection)["id"])


def test_an_upload_is_analysed_and_answered_in_the_schema_of_the_command_line(
    service: TestClient, song: dict[str, object]
) -> None:
    assert song["state"] == "done"
    assert song["duration_s"] == 12
    assert song["media_type"] == "audio/wav"
    answer = service.get(f"/api/analyses/{song['id']}/answer").json()
    timeline = Timeline.from_dict(answer)
    assert timeline.source == "song.wav"
    assert timeline.to_dict() == answer
    assert song["emotion"] == answer["emotion"]
    assert song["shares"] == answer["shares"]
    assert sum(song["presence"].values()) == pytest.approx(1, abs=1e-4)
    assert answer["explanation"]["cues"]


@pytest.mark.parametrize("name", [*FORMATS, "html"])
def test_every_export_is_a_file_to_save(
    service: TestClient, song: dict[str, object], name: str
) -> None:
    response = service.get(f"/api/analyses/{song['id']}/export/{name}")
    assert response.status_code == 200, response.text
    assert response.content
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''song")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"] or name != "html"


def test_media_are_given_by_range(
    service: TestClient, song: dict[str, object], sounds: Path
) -> None:
    content = (sounds / "song.wav").read_bytes()
    address = f"/api/analyses/{song['id']}/media"
    assert service.get(address).content == content
    part = service.get(address, headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(content)}"
    assert service.get(address, headers={"range": "bytes=99999999-"}).status_code == 416


def test_peaks_follow_the_sound(service: TestClient, song: dict[str, object]) -> None:
    peaks = service.get(f"/api/analyses/{song['id']}/peaks").json()
    assert len(peaks["peaks"]) / peaks["rate_hz"] == pytest.approx(12, abs=0.1)
    assert 10 < max(peaks["peaks"]) <= 255


def test_the_same_content_is_the_same_analysis(
    service: TestClient, song: dict[str, object], upload: Upload, sounds: Path, collection: str
) -> None:
    again = upload(sounds / "song.wav", "other.wav", collection=collection)
    assert again["id"] == song["id"]
    elsewhere = upload(sounds / "song.wav")
    assert elsewhere["id"] != song["id"]
    assert elsewhere["state"] == "done", "what is known is not analysed again"
    assert elsewhere["emotion"] == song["emotion"]
    service.delete(f"/api/analyses/{elsewhere['id']}")
    assert service.get(f"/api/analyses/{song['id']}/media").status_code == 200


def test_a_bad_file_fails_with_a_code_and_can_be_tried_again(
    service: TestClient, upload: Upload, sounds: Path, collection: str
) -> None:
    failed = ended(service, upload(sounds / "text.mp3", collection=collection)["id"])
    assert (failed["state"], failed["error_code"]) == ("failed", "not-media")
    assert service.get(f"/api/analyses/{failed['id']}/answer").status_code == 409
    assert service.get(f"/api/analyses/{failed['id']}/peaks").status_code == 409
    again = service.post(f"/api/analyses/{failed['id']}/retry").json()
    assert again["error"] is None
    assert ended(service, failed["id"])["error_code"] == "not-media"


def test_what_is_deleted_is_gone_with_its_file(
    service: TestClient, upload: Upload, tmp_path: Path, collection: str
) -> None:
    write_song(tmp_path / "a.wav", seed=5)
    made = ended(service, upload(tmp_path / "a.wav", collection=collection)["id"])
    media = service.app.state.context.media
    row = service.app.state.context.catalogue.analysis(made["id"])
    assert media.path(row.content).exists()
    assert media.peaks(row.content).exists()
    assert service.delete(f"/api/analyses/{made['id']}").status_code == 204
    assert not media.path(row.content).exists()
    assert not media.peaks(row.content).exists()
    for call in ("", "/answer", "/media", "/peaks", "/corrections", "/export/csv"):
        response = service.get(f"/api/analyses/{made['id']}{call}")
        assert (response.status_code, response.json()["code"]) == (404, "no-such-analysis")
    once_more = ended(service, upload(tmp_path / "a.wav", collection=collection)["id"])
    assert once_more["state"] == "done", "a deleted file can be put in again"


def test_a_cancelled_analysis_can_be_asked_for_again(
    service: TestClient, upload: Upload, tmp_path: Path, collection: str
) -> None:
    write_song(tmp_path / "a.wav", seed=6)
    made = upload(tmp_path / "a.wav", collection=collection)
    cancelled = service.post(f"/api/analyses/{made['id']}/cancel").json()
    assert cancelled["state"] in ("cancelled", "done")
    assert upload(tmp_path / "a.wav", collection=collection)["id"] == made["id"]
    assert ended(service, made["id"])["state"] == "done"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("a\u202eb.wav", "a\\u202eb.wav"),
        ("<img src=x>.wav", "<img src=x>.wav"),
        ("\x1b[31m.wav", "\\x1b[31m.wav"),
        ("  ", "unnamed"),
        ("x" * 900, "x" * 300),
    ],
)
def test_names_are_shown_as_plain_text_and_name_no_file(
    service: TestClient, upload: Upload, sounds: Path, collection: str, name: str, shown: str
) -> None:
    made = upload(sounds / "noise.wav", "a.wav", collection=collection, name=name)
    assert made["name"] == shown
    ended(service, made["id"])
    export = service.get(f"/api/analyses/{made['id']}/export/csv")
    assert "/" not in export.headers["content-disposition"]


def test_lists_are_filtered_sorted_and_paged(
    service: TestClient, song: dict[str, object], upload: Upload, sounds: Path, collection: str
) -> None:
    noise = ended(service, upload(sounds / "noise.wav", collection=collection)["id"])
    failed = ended(service, upload(sounds / "text.mp3", collection=collection)["id"])

    def found(**filters: object) -> list[str]:
        page = service.get("/api/analyses", params={"collection": collection, **filters}).json()
        assert page["total"] >= len(page["items"])
        return [each["id"] for each in page["items"]]

    assert set(found()) == {song["id"], noise["id"], failed["id"]}
    assert found(sort="name") == [noise["id"], song["id"], failed["id"]]
    assert found(sort="-duration_s")[:2] == [song["id"], noise["id"]]
    assert found(search="ONG.w") == [song["id"]]
    assert found(search="%") == []
    assert found(state="failed") == [failed["id"]]
    assert found(presence="music") == [song["id"]]
    assert found(shared=True) == []
    assert len(found(limit=2)) == 2
    assert len(found(limit=2, offset=2)) == 1
    assert found(until="2020-01-01T00:00:00Z") == []
    assert len(found(since="2020-01-01T00:00:00Z")) == 3
    for sort in SORTS:
        assert len(found(sort=sort)) == len(found(sort=f"-{sort}")) == 3


@pytest.mark.parametrize(
    "query",
    [
        {"emotion": "joy"}, {"limit": 0}, {"limit": 10**9}, {"offset": -1}, {"sort": "answer"},
        {"since": "yesterday"}, {"shared": "true"}, {"presence": "dogs"}, {"sort": "--name"},
    ],
)  # fmt: skip
def test_bad_filters_are_refused(service: TestClient, query: dict[str, object]) -> None:
    assert service.get("/api/analyses", params=query).status_code == 422


def test_what_may_not_be_uploaded_is_refused_and_leaves_nothing(
    service: TestClient, sounds: Path
) -> None:
    before = service.app.state.context.catalogue.count()
    song = ("a.wav", (sounds / "song.wav").read_bytes())
    for files, form, status in (
        ({"file": ("a.wav", b"")}, {}, 422),
        ({"file": ("a.wav", bytes(3_050_000))}, {}, 413),
        ({"file": song}, {"collection": "none"}, 404),
        ({"file": song}, {"name": "x" * 2000}, 422),
        ({}, {"collection": "files"}, 422),
    ):
        response = service.post("/api/analyses", files=files, data=form)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
    assert service.app.state.context.catalogue.count() == before
    incoming = service.app.state.context.settings.data / "incoming"
    assert not list(incoming.iterdir())


def test_the_quota_holds(
    service: TestClient, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.app.state.context.settings, "quota_gigabytes", 1e-6)
    files = {"file": ("a.wav", (sounds / "song.wav").read_bytes() + b"x")}
    response = service.post("/api/analyses", files=files)
    assert (response.status_code, response.json()["code"]) == (507, "no-room")


def test_a_content_that_is_deleted_while_it_comes_in_again_is_kept(
    service: TestClient,
    upload: Upload,
    tmp_path: Path,
    collection: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_song(tmp_path / "a.wav", seed=12)
    context = service.app.state.context
    add = type(context.catalogue).add

    def add_after_a_deletion(*arguments: object) -> object:
        context.media.remove(arguments[1].content)
        return add(*arguments)

    monkeypatch.setattr(type(context.catalogue), "add", add_after_a_deletion)
    made = upload(tmp_path / "a.wav", collection=collection)
    assert ended(service, made["id"])["state"] == "done"
    content = (tmp_path / "a.wav").read_bytes()
    assert service.get(f"/api/analyses/{made['id']}/media").content == content
