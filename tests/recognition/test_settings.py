import math
from dataclasses import replace

import pytest

from moodprint.errors import OptionError
from moodprint.recognition.settings import AnalysisSettings


@pytest.mark.parametrize(
    ("segment_s", "hop_s", "smoothing_s"), [(1.0, 0.5, 0.0), (5.0, 5.0, 5.0), (600.0, 0.5, 1e6)]
)
def test_what_makes_sense_is_taken(segment_s, hop_s, smoothing_s):
    settings = AnalysisSettings(segment_s, hop_s, smoothing_s)
    assert (settings.segment_s, settings.hop_s) == (segment_s, hop_s)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"segment_s": 0.9}, r"^a segment lasts 1 s or more, not 0\.9 s$"),
        ({"segment_s": -1.0}, r"^a segment lasts 1 s or more, not -1 s$"),
        ({"hop_s": 0.0}, r"^the hop is 0\.5 s or more, not 0 s$"),
        ({"hop_s": 0.4}, r"^the hop is 0\.5 s or more, not 0\.4 s$"),
        ({"hop_s": 6.0}, r"^a hop of 6 s leaves gaps between segments of 5 s$"),
        ({"segment_s": 2.0}, r"^a hop of 2\.5 s leaves gaps between segments of 2 s$"),
        ({"smoothing_s": -0.1}, r"^smoothing is 0 s or more, not -0\.1 s$"),
        ({"segment_s": math.nan}, r"^segment_s is a finite number of seconds, not nan$"),
        ({"hop_s": math.inf}, r"^hop_s is a finite number of seconds, not inf$"),
        ({"smoothing_s": math.inf}, r"^smoothing_s is a finite number of seconds, not inf$"),
    ],
)
def test_each_rule_has_its_own_words_and_says_what_came(changes, message):
    with pytest.raises(OptionError, match=message):
        replace(AnalysisSettings(), **changes)
