"""The drawing of tracks and files holds all of them, in its bounds, with labelled edges."""

from itertools import pairwise

import pytest

from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.reports.html.track_drawing import drawing


def track(name: str, *files: str, known: bool = False) -> SharedTrack:
    return SharedTrack(name, tuple(TrackUse(file, 3, 15) for file in files), known)


def test_each_track_and_file_is_a_node_and_each_use_a_labelled_edge():
    tracks = [
        track("track A", "x/a.mp4", "x/b.mp4"),
        track("rain", "x/b.mp4", "x/c.mp4", known=True),
    ]
    drawn = drawing(["x/a.mp4", "x/b.mp4", "x/c.mp4"], tracks)
    assert [node.kind for node in drawn.nodes] == ["unknown", "known", "file", "file", "file"]
    assert [node.text for node in drawn.nodes] == ["track A", "rain", "a.mp4", "b.mp4", "c.mp4"]
    assert [edge.label for edge in drawn.edges] == ["0:03-0:15"] * 4
    assert drawn.title == "3 files, 2 tracks"
    assert "x/c.mp4" in drawn.words


def test_several_uses_in_a_file_are_one_edge_that_counts_them():
    uses = (TrackUse("a", 0, 9), TrackUse("a", 20, 29), TrackUse("b", 5, 9))
    assert [edge.label for edge in drawing(["a", "b"], [SharedTrack("t", uses)]).edges] == [
        "0:00-0:09 +1",
        "0:05-0:09",
    ]


@pytest.mark.parametrize("count", [2, 7, 40])
def test_nothing_lies_outside_or_over_another(count):
    files = [f"{'long ' * 12}{number}.mp4" for number in range(count)]
    drawn = drawing(files, [track("t", *files)])
    boxes = [node for node in drawn.nodes if node.kind == "file"]
    assert all(node.x >= 0 and node.x + node.width <= drawn.width for node in drawn.nodes)
    assert all(node.y >= 0 and node.y + node.height <= drawn.height for node in drawn.nodes)
    for above, below in pairwise(boxes):
        assert above.y + above.height <= below.y
    assert len({node.text for node in boxes}) == count
