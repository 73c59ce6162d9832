from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.errors import NoMediaFoundError

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def answer():
    from robustness import WholeAnswer

    def make(probabilities, valence=0.0, arousal=0.0, music=(True, True)):
        return WholeAnswer(np.array(music), np.array(probabilities), valence, arousal)

    return make


HAPPY, SAD = (0.1, 0.1, 0.1, 0.6, 0.1), (0.1, 0.1, 0.1, 0.1, 0.6)


def test_what_stays_is_no_change(answer):
    from robustness import compared

    row = compared("same", [(answer(HAPPY), answer(HAPPY)), (answer(SAD), answer(SAD))])
    assert (row.same, row.low, row.high) == (1, 1, 1)
    assert (row.probability, row.valence, row.arousal, row.still_music) == (0, 0, 0, 1)


def test_changes_are_absolute_means_over_tracks(answer):
    from robustness import compared

    pairs = [
        (answer(HAPPY, 0.5, 0.2), answer(SAD, 0.1, 0.4, music=(True, False))),
        (answer(SAD, 0.0, 0.0), answer(SAD, 0.0, 0.0)),
    ]
    row = compared("half", pairs)
    assert (row.same, row.low, row.high) == (0.5, 0, 1)
    assert row.probability == pytest.approx((1.0 / 5 + 0) / 2)
    assert (row.valence, row.arousal) == pytest.approx((0.2, 0.1))
    assert row.still_music == pytest.approx(0.75)


def test_music_that_is_not_heard_any_more_is_another_answer(answer):
    from robustness import WholeAnswer, compared, table

    gone = WholeAnswer(np.array([False, False]), None, None, None)
    row = compared("drowned", [(answer(HAPPY), gone)])
    assert (row.same, row.still_music) == (0, 0)
    assert np.isnan(row.probability)
    assert "| drowned | 0% | 0% to 0% | nan | nan | nan | 0% |" in table([row])


def test_segments_are_compared_at_their_places_when_there_are_fewer(answer):
    from robustness import compared

    before = answer(HAPPY, music=[True] * 10 + [False] * 10)
    after = answer(HAPPY, music=[True] * 9 + [False] * 10)
    assert compared("faster", [(before, after)]).still_music > 0.85


def test_tracks_are_spread_and_short_ones_left_out(tmp_path):
    from robustness import tracks

    for number in range(9):
        soundfile.write(tmp_path / f"{number}.wav", np.zeros(12 * 8000), 8000)
    soundfile.write(tmp_path / "short.wav", np.zeros(8000), 8000)
    assert [path.stem for path in tracks([tmp_path], 3)] == ["0", "3", "6"]
    assert len(tracks([tmp_path], 100)) == 9


def test_no_music_is_told(tmp_path, capsys):
    from robustness import main, tracks

    with pytest.raises(NoMediaFoundError, match="no music of 10 s"):
        tracks([tmp_path], 3)
    assert main(["--music", str(tmp_path)]) == 1
    assert "no music of 10 s" in capsys.readouterr().err


@pytest.mark.long
def test_the_table_has_a_row_a_condition(tmp_path, capsys):
    from robustness import main

    shutil.copy(EXAMPLES / "song.mp3", tmp_path / "song.mp3")
    assert main(["--music", str(tmp_path), "--workers", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("| condition | same emotion |")
    assert sum(line.startswith("| mp3, 64") for line in printed) == 1
    assert "1 of 1 tracks, 30 s each" in printed[-1] or "1 of 1 tracks" in printed[-2]
