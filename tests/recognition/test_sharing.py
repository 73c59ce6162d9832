"""Files that share music are told from those that share a voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.audio.decode import decode
from moodprint.clip import FloatArray
from moodprint.errors import IndexFileError
from moodprint.fingerprint import MatchIndex, SharedMusic
from moodprint.prediction import Presence
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.recognition.sharing import SharedPresence, Sharing, find_sharing

EXAMPLES = Path(__file__).parents[2] / "examples"
RATE_HZ = 16_000


def part(name: str, start_s: float, length_s: float) -> FloatArray:
    clip = decode(
        EXAMPLES / name,
        sample_rate_hz=RATE_HZ,
        mono=True,
        start_s=start_s,
        stop_s=start_s + length_s,
    )
    samples = clip.samples[0]
    return (0.1 * samples / samples.std()).astype(np.float32)


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One voice alone, over metal and over a cheerful song; that song under it and elsewhere."""
    folder = tmp_path_factory.mktemp("videos")
    voice = part("film.mp4", 20.2, 10.5)
    n, quiet = len(voice), np.zeros(2 * RATE_HZ, np.float32)
    metal, song = part("film.mp4", 40, 10.5)[:n], part("song.mp3", 10, 10.5)[:n]
    sounds = {
        "voice": [quiet, voice, quiet],
        "voice_over_metal": [voice + metal],
        "voice_over_song": [quiet, quiet, voice + song],
        "song": [part("song.mp3", 10, 25)],
        "song_in_film": [part("film.mp4", 0, 8), song],
        "metal": [part("film.mp4", 51, 9)],
    }
    for name, parts in sounds.items():
        soundfile.write(folder / f"{name}.wav", np.concatenate(parts), RATE_HZ)
    return folder


def names(files: tuple[str, ...]) -> set[str]:
    return {Path(file).stem for file in files}


def test_a_voice_joins_no_files_and_a_song_does(videos: Path) -> None:
    sharing = find_sharing(sorted(videos.iterdir()), workers=2)
    assert [names(group) for group in sharing.groups] == [
        {"song", "song_in_film", "voice_over_song"}
    ]
    assert {frozenset(names((pair.first, pair.second))) for pair in sharing.speech} >= {
        frozenset({"voice", "voice_over_metal"}),
        frozenset({"voice", "voice_over_song"}),
        frozenset({"voice_over_metal", "voice_over_song"}),
    }
    (track,) = sharing.tracks
    assert track.name == "track A"
    uses = {Path(use.file).stem: use for use in track.uses}
    assert uses["song_in_film"].start_s == pytest.approx(8, abs=1)
    assert uses["voice_over_song"].start_s == pytest.approx(4, abs=1)


def test_an_index_names_the_track_and_joins_what_it_knows(videos: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "metal.wav", part("film.mp4", 36, 24), RATE_HZ)
    index = MatchIndex.create(tmp_path / "index")
    index.add([tmp_path / "metal.wav"], names=["Wings"], workers=1)
    files = [videos / "voice_over_metal.wav", videos / "metal.wav", videos / "voice.wav"]
    assert find_sharing(files, workers=1).groups == ()
    sharing = find_sharing(files, known=tmp_path / "index", workers=1)
    assert [track.name for track in sharing.tracks] == ["Wings"]
    assert names(sharing.groups[0]) == {"metal", "voice_over_metal"}
    with pytest.raises(IndexFileError):
        find_sharing(files, known=tmp_path / "none", workers=1)


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(videos: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF")
    sharing = find_sharing([videos / "song.wav", bad, videos / "song_in_film.wav"], workers=1)
    assert [path for path, _ in sharing.failed] == [str(bad)]
    assert len(sharing.tracks) == 1
    assert find_sharing([]) == Sharing((), ())


def test_presence_is_that_of_what_is_shared(videos: Path) -> None:
    def shared(first: str, second: str, first_s: float, second_s: float) -> Presence:
        ends = [str(videos / f"{name}.wav") for name in (first, second)]
        return SharedPresence()(SharedMusic(*ends, first_s, second_s, 10.0, 1.0, 0.0, 50))

    assert shared("voice", "voice_over_metal", 2, 0) is Presence.SPEECH
    assert shared("voice_over_song", "voice_over_metal", 4, 0) is Presence.SPEECH
    assert shared("voice_over_song", "song_in_film", 4, 8) is Presence.MUSIC
    assert shared("song", "song_in_film", 0, 8) is Presence.MUSIC


def test_groups_are_the_unions_of_tracks() -> None:
    def track(name: str, *files: str) -> SharedTrack:
        return SharedTrack(name, tuple(TrackUse(file, 0, 9) for file in files))

    sharing = Sharing((track("A", "b", "c"), track("B", "a", "b"), track("C", "x", "y")), ())
    assert sharing.groups == (("a", "b", "c"), ("x", "y"))
    assert sharing.to_dict()["groups"] == [["a", "b", "c"], ["x", "y"]]
