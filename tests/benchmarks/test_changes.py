from __future__ import annotations

import numpy as np
import pytest

RATE = 44_100


def sine(hz, seconds=1.0, gain=0.3):
    return (gain * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)).astype("f4")


def level_db(samples):
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return 10 * np.log10(np.mean(np.square(middle, dtype=np.float64)) + 1e-12)


def pitch_hz(samples):
    return np.abs(np.fft.rfft(samples * np.hanning(len(samples)))).argmax() * RATE / len(samples)


@pytest.mark.parametrize(
    ("hz", "passes"), [(100, False), (300, None), (1000, True), (3000, True), (7000, False)]
)
def test_a_telephone_carries_speech_and_no_more(hz, passes):
    from changes import band

    loss_db = level_db(sine(hz)) - level_db(band(sine(hz), 300.0, 3400.0))
    if passes is None:
        assert loss_db == pytest.approx(3, abs=0.5)
    else:
        assert (loss_db < 1) if passes else (loss_db > 25)


def test_a_low_pass_keeps_what_is_below():
    from changes import band

    assert level_db(band(sine(500), None, 4000.0)) == pytest.approx(level_db(sine(500)), abs=0.1)
    assert level_db(band(sine(9000), None, 4000.0)) < level_db(sine(9000)) - 35


def test_gain_is_in_db_and_clips():
    from changes import gain

    assert level_db(gain(sine(500), -3.0)) == pytest.approx(level_db(sine(500)) - 3, abs=0.01)
    assert np.abs(gain(sine(500, gain=0.9), 3.0)).max() == 1


@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_speed_changes_length_and_pitch_together(factor):
    from changes import speed

    changed = speed(sine(1000, seconds=2.0), factor)
    assert len(changed) == pytest.approx(2 * RATE / factor, abs=2)
    assert pitch_hz(changed) == pytest.approx(1000 * factor, abs=1)


def test_mp3_keeps_a_tone_and_is_no_copy():
    from changes import mp3

    coded = mp3(sine(1000, seconds=2.0), 64)
    assert pitch_hz(coded) == pytest.approx(1000, abs=1)
    assert len(coded) == pytest.approx(2 * RATE, abs=3000)
    assert not np.array_equal(coded[: 2 * RATE], sine(1000, seconds=2.0)[: len(coded)])


def test_a_room_rings_on_at_the_same_level():
    from changes import reverb

    burst = np.concatenate([sine(800, 0.3), np.zeros(RATE, np.float32)])
    wet = reverb(burst)
    assert len(wet) == len(burst)
    assert np.sqrt((wet**2).mean()) == pytest.approx(np.sqrt((burst**2).mean()), rel=1e-4)
    tail = wet[round(0.4 * RATE) : round(0.5 * RATE)]
    assert 0 < np.abs(tail).max() < np.abs(wet[: round(0.3 * RATE)]).max()
    np.testing.assert_array_equal(wet, reverb(burst))


@pytest.mark.parametrize("speech_db", [0.0, 6.0])
def test_speech_is_as_much_louder_as_asked(speech_db):
    from changes import spoken_over

    music, voice = sine(300, gain=0.05), sine(2000, seconds=0.5, gain=0.7)
    both = spoken_over(music, voice, speech_db)
    spectrum = np.abs(np.fft.rfft(both))
    ratio_db = 20 * np.log10(spectrum[2000] / spectrum[300])
    assert ratio_db == pytest.approx(speech_db, abs=0.1)


def test_silence_goes_through_everything():
    from changes import changes

    silence = np.zeros(RATE, np.float32)
    for change in changes(silence).values():
        assert not change(silence).any()


def test_speech_conditions_need_speech():
    from changes import changes

    assert len(changes(None)) == 8
    assert len(changes(sine(200))) == 10
