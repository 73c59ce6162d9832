"""Recordings whose tempo, key and loudness are known, since they were made so."""

import numpy as np
import pytest
import soundfile

from moodprint.audio.decode_options import DecodeOptions
from moodprint.audio.excerpt import Excerpt
from moodprint.errors import EmptyFileError
from moodprint.pitch import midi_to_hz
from moodprint.recognition.tagging import tag

RATE_HZ = 44_100
CHORDS = {  # roots of triads, and whether they are minor
    "A minor": [(57, True), (62, True), (64, True), (57, True)],
    "F# major": [(54, False), (59, False), (61, False), (54, False)],
}


def _song(key, bpm, seconds=24.0, gain=0.2, channels=2):
    """A chord of plucked tones on each beat, four beats a chord."""
    beat = 60 / bpm
    time_s = np.arange(round(beat * RATE_HZ)) / RATE_HZ
    beats = []
    for number in range(int(seconds / beat)):
        root, minor = CHORDS[key][number // 4 % 4]
        notes = (root, root + (3 if minor else 4), root + 7, root + 12)
        tones = [np.sin(2 * np.pi * midi_to_hz(float(n)) * time_s) for n in notes]
        beats.append(np.mean(tones, axis=0) * np.exp(-6 * time_s))
    mono = gain * np.concatenate(beats)
    return np.tile(mono[:, None], channels).astype(np.float32)


def _written(tmp_path, samples, name="song.wav"):
    soundfile.write(tmp_path / name, samples, RATE_HZ, subtype="FLOAT")
    return tmp_path / name


@pytest.mark.parametrize(("key", "camelot"), [("A minor", "8A"), ("F# major", "2B")])
@pytest.mark.parametrize("bpm", [93.0, 128.0])
def test_a_song_has_its_tempo_and_its_key(tmp_path, key, camelot, bpm):
    found, warnings = tag(Excerpt(_written(tmp_path, _song(key, bpm))))
    assert found.tempo_bpm == pytest.approx(bpm, rel=0.002)
    assert (found.key, found.key_camelot) == (key, camelot)
    assert found.tempo_confidence > 0.5
    assert found.key_confidence > 0.5
    assert warnings == ()


def test_loudness_is_of_all_channels_at_the_files_own_rate(tmp_path):
    once, twice = (
        tag(Excerpt(_written(tmp_path, _song("A minor", 100.0, channels=n))))[0] for n in (1, 2)
    )
    assert twice.loudness_lufs - once.loudness_lufs == pytest.approx(3.01, abs=0.05)


def test_a_gain_moves_loudness_and_peak_alone(tmp_path):
    soft, loud = (
        tag(Excerpt(_written(tmp_path, _song("A minor", 100.0, gain=gain))))[0]
        for gain in (0.05, 0.5)
    )
    assert loud.loudness_lufs - soft.loudness_lufs == pytest.approx(20, abs=0.1)
    assert loud.true_peak_dbtp - soft.true_peak_dbtp == pytest.approx(20, abs=0.1)
    assert (loud.tempo_bpm, loud.key) == (soft.tempo_bpm, soft.key)


def test_an_excerpt_is_tagged_as_itself(tmp_path):
    both = np.concatenate([_song("A minor", 93.0), _song("F# major", 128.0)])
    path = _written(tmp_path, both)
    first, second = (tag(Excerpt(path, *times))[0] for times in ((0, 23), (25, 47)))
    assert (first.key, second.key) == ("A minor", "F# major")
    assert second.tempo_bpm == pytest.approx(128, rel=0.002)


def test_silence_has_no_tags(tmp_path):
    found, _ = tag(Excerpt(_written(tmp_path, np.zeros((5 * RATE_HZ, 2), np.float32))))
    assert (found.tempo_bpm, found.key, found.key_camelot) == (None, None, None)
    assert (found.tempo_confidence, found.key_confidence) == (0.0, 0.0)
    assert (found.loudness_lufs, found.loudness_range_lu, found.true_peak_dbtp) == (None,) * 3


def test_noise_has_no_tempo(tmp_path):
    noise = np.random.default_rng(3).normal(0, 0.1, (10 * RATE_HZ, 1))
    assert tag(Excerpt(_written(tmp_path, noise)))[0].tempo_bpm is None


def test_what_is_left_out_is_told(tmp_path):
    path = _written(tmp_path, _song("A minor", 100.0))
    _, warnings = tag(Excerpt(path, options=DecodeOptions(longest_s=5.0)))
    assert warnings == ("only its first 5 s were heard",)


def test_an_excerpt_past_the_end_is_refused(tmp_path):
    path = _written(tmp_path, _song("A minor", 100.0, seconds=3.0))
    with pytest.raises(EmptyFileError, match="from 9 s on"):
        tag(Excerpt(path, 9.0))
