from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

import moodprint
from moodprint.bundle import open_bundle, write_bundle
from moodprint.clip import Clip
from moodprint.errors import BundleError, EmptyFileError, MissingFileError, NotMediaError
from moodprint.prediction import Presence
from moodprint.recognition.analyzer import Analyzer
from moodprint.recognition.settings import AnalysisSettings

EXAMPLES = Path(__file__).parents[2] / "examples"
SONGS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in (".mp3", ".ogg", ".opus"))
VIDEOS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in (".mp4", ".webm"))


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer()


def noise(seconds: float, gain: float = 0.1) -> Clip:
    samples = np.random.default_rng(3).standard_normal((2, int(seconds * 22_050)))
    return Clip((gain * samples).astype(np.float32), 22_050)


@pytest.mark.parametrize("song", SONGS, ids=lambda path: path.name)
def test_a_song_is_music_throughout_and_has_an_emotion(analyzer, song):
    found = analyzer.file(song)
    kinds = [segment.presence for segment in found.segments]
    assert kinds.count(Presence.MUSIC) / len(kinds) > 0.9
    assert found.overall.emotion is not None
    assert -1 <= found.overall.valence <= 1
    assert -1 <= found.overall.arousal <= 1
    assert sum(found.overall.probabilities.values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("video", VIDEOS, ids=lambda path: path.name)
def test_a_video_with_speech_silence_and_music_is_told_apart(analyzer, video):
    kinds = {segment.presence for segment in analyzer.file(video).segments}
    assert {Presence.MUSIC, Presence.SPEECH} <= kinds


@pytest.mark.parametrize("seconds", [1, 5, 12, 70])
def test_silence_has_no_emotion(analyzer, seconds):
    found = analyzer.clip(Clip(np.zeros(seconds * 8_000, np.float32), 8_000))
    assert found.overall.emotion is None
    assert found.overall.confidence == 0
    assert {segment.presence for segment in found.segments} == {Presence.SILENCE}


@pytest.mark.parametrize("gain", [0.5, 0.1, 0.01])
def test_white_noise_has_no_emotion(analyzer, gain):
    found = analyzer.clip(noise(10, gain))
    assert found.overall.emotion is None
    assert found.reason.startswith("no music was heard")


@pytest.mark.parametrize("song", SONGS, ids=lambda path: path.name)
@pytest.mark.parametrize("seconds", [0.02, 0.2, 0.4])
def test_a_moment_of_a_song_is_never_answered_with_confidence(analyzer, song, seconds, tmp_path):
    samples, rate = soundfile.read(song, stop=60 * 16_000)
    piece = samples[10 * rate : int((10 + seconds) * rate)]
    soundfile.write(tmp_path / "moment.wav", piece, rate)
    found = analyzer.file(tmp_path / "moment.wav")
    assert found.overall.emotion is None
    assert found.overall.abstained


@pytest.mark.parametrize("song", SONGS[:1], ids=lambda path: path.name)
def test_a_clip_and_its_file_are_answered_alike(analyzer, song):
    samples, rate = soundfile.read(song, dtype="float32")
    by_clip, by_file = analyzer.clip(Clip(samples.T, rate)), analyzer.file(song)
    assert by_clip.overall.emotion == by_file.overall.emotion
    assert by_clip.overall.valence == pytest.approx(by_file.overall.valence, abs=0.02)


@pytest.mark.parametrize("song", SONGS[:1], ids=lambda path: path.name)
def test_two_analyses_are_the_same_to_the_byte(song):
    assert repr(Analyzer().file(song).to_dict()) == repr(Analyzer().file(song).to_dict())


def test_no_samples_are_an_error(analyzer):
    with pytest.raises(EmptyFileError):
        analyzer.clip(Clip(np.zeros((1, 0), np.float32), 16_000))


def test_samples_that_are_not_finite_do_no_harm(analyzer):
    samples = noise(6).samples.copy()
    samples[:, ::100] = np.nan
    assert np.isfinite(analyzer.clip(Clip(samples, 22_050)).overall.confidence)


def test_a_bad_file_raises_its_own_error(analyzer, tmp_path):
    (tmp_path / "notes.mp3").write_text("not music, words")
    with pytest.raises(NotMediaError):
        analyzer.file(tmp_path / "notes.mp3")
    with pytest.raises(MissingFileError):
        analyzer.file(tmp_path / "nothing.mp3")


def test_an_error_while_reading_reaches_the_caller(analyzer, monkeypatch, tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(16_000), 16_000)

    def broken(*_):
        yield np.zeros(160, np.float32)
        raise OSError("the disk is gone")

    monkeypatch.setattr("moodprint.audio.decode.AudioStream.__iter__", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        analyzer.file(tmp_path / "a.wav")


def test_the_library_has_one_call_for_it(tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(3 * 16_000), 16_000)
    found = moodprint.analyze(tmp_path / "silence.wav", settings=AnalysisSettings(hop_s=1.0))
    assert found.source == str(tmp_path / "silence.wav")
    assert found.duration_s == 3


def test_a_model_that_cannot_explain_itself_is_refused_when_it_loads(tmp_path):
    shipped = open_bundle()
    files = {name: shipped.read(name) for name in shipped.card.files}
    write_bundle(tmp_path, shipped.fields, files)
    with pytest.raises(BundleError, match="cannot explain itself"):
        Analyzer(tmp_path, explain=True)


def test_explaining_changes_no_answer():
    clip = noise(6)
    tone = np.sin(2 * np.pi * 440 * np.arange(6 * 22_050) / 22_050).astype(np.float32)
    clip = Clip(clip.samples + 0.3 * tone, 22_050)
    plain, explained = (Analyzer(explain=explain).clip(clip) for explain in (False, True))
    answer = replace(explained, explanation=None, tags=None, segments=())
    assert answer == replace(plain, segments=())
    for before, after in zip(plain.segments, explained.segments, strict=True):
        assert after.prediction == before.prediction
        assert (after.explanation is not None) == (after.prediction.emotion is not None)


def test_the_model_is_named_with_its_version(analyzer):
    assert analyzer.model == open_bundle().name
    assert analyzer.settings == AnalysisSettings()
