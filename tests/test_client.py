"""The client of the service, against a service that runs as a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from service_calls import service_process, write_song

from moodprint.client import Client, ServiceError
from moodprint.prediction import Timeline

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("client")
    (folder / "root").mkdir()
    write_song(folder / "root" / "song.wav", seed=3)
    words = ("--data", str(folder / "data"), "--root", str(folder / "root"))
    with service_process(*words) as (_, address):
        yield Client(address)


def test_a_campaign_from_upload_to_answers(client: Client, tmp_path: Path) -> None:
    write_song(tmp_path / 'a "song".wav', seed=1)
    (tmp_path / "b.txt").write_text("no sound")
    campaign = client.add_collection("a campaign")
    for path in sorted(tmp_path.iterdir()):
        client.upload(path, campaign)
    song, text = sorted(client.finished(campaign, 0.1, 90), key=lambda each: each["name"])
    assert song["name"] in ('a "song".wav', "a %22song%22.wav")
    assert (song["state"], text["state"], text["error_code"]) == ("done", "failed", "not-media")
    timeline = client.answer(song["id"])
    assert isinstance(timeline, Timeline)
    assert timeline.duration_s == 12
    assert client.export(song["id"], "csv").startswith(b"source")
    assert client.correct(song["id"], 0, 5, "sad", author="Ann")["author"] == "Ann"
    assert "tracks" in client.sharing(campaign)
    client.remove(text["id"])
    assert [each["id"] for each in client.analyses(collection=campaign)] == [song["id"]]


def test_a_file_at_once(client: Client, tmp_path: Path) -> None:
    write_song(tmp_path / "a.wav", seed=1)
    assert client.classify(tmp_path / "a.wav")["duration_s"] == 12


def test_a_folder_of_the_services_machine(client: Client) -> None:
    campaign = client.add_collection("by path")
    found = client.fetched(client.fetch(campaign, ".")["id"], 0.1, 60)
    assert (found["state"], found["taken"]) == ("done", 1)
    [song] = client.finished(campaign, 0.1, 90)
    assert (song["name"], song["state"]) == ("song.wav", "done")
    with pytest.raises(ServiceError, match="not fetched here"):
        client.fetch(campaign, "https://example.org/a.mp3")


def test_music_is_made(client: Client) -> None:
    piece = client.make_music(emotion="sad", seconds=2, tries=1)
    assert client.music(piece["id"], 0.1, 90).startswith(b"fLaC")
    with pytest.raises(ServiceError, match="no mood is known") as error:
        client.music(client.make_music(prompt="zorblax")["id"], 0.1, 90)
    assert error.value.code == "not-made"


def test_problems_are_errors_with_codes(client: Client) -> None:
    with pytest.raises(ServiceError, match="No such analysis") as error:
        client.answer("none")
    assert (error.value.status, error.value.code) == (404, "no-such-analysis")


def test_a_service_that_is_away_is_told() -> None:
    with pytest.raises(ServiceError, match="does not answer") as error:
        Client("http://127.0.0.1:1").add_collection("x")
    assert error.value.code == "no-answer"
