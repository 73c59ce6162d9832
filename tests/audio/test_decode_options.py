import pytest

from moodprint.audio.decode_options import LONGEST_S, DecodeOptions
from moodprint.errors import OptionError


def test_by_default_a_day_of_the_usual_track_is_decoded():
    assert DecodeOptions() == DecodeOptions(None, 86_400) == DecodeOptions(longest_s=LONGEST_S)


@pytest.mark.parametrize("track", [0, -1])
def test_tracks_are_counted_from_one(track):
    with pytest.raises(OptionError, match=f"counted from 1; there is no track {track}"):
        DecodeOptions(track)


@pytest.mark.parametrize("longest_s", [0, -1, float("nan"), float("inf")])
def test_a_longest_sound_without_sense_is_refused(longest_s):
    with pytest.raises(OptionError, match="longest sound"):
        DecodeOptions(longest_s=longest_s)
