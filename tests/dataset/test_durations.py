from pathlib import Path

import numpy as np
import soundfile

from moodprint.dataset.durations import announced_durations_s


def test_the_lengths_of_files_and_nothing_of_what_is_none(tmp_path: Path) -> None:
    paths = [tmp_path / f"{length_s}.wav" for length_s in (1, 3)]
    for path in paths:
        soundfile.write(path, np.zeros(int(path.stem) * 8000), 8000)
    (tmp_path / "text.wav").write_text("no sound")
    strange = [tmp_path / "text.wav", tmp_path / "none.wav"]
    assert announced_durations_s([*paths, *strange, paths[0]]) == {paths[0]: 1.0, paths[1]: 3.0}
    assert announced_durations_s([]) == {}
