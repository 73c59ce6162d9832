import pytest

from moodprint.fine_tuning.backbone import Backbone


class Half(Backbone):
    """A network that learns, but cannot be saved."""

    learning_rate = 1.0

    def __init__(self, options, labels):
        self.options, self.labels = options, labels

    def logits(self, excerpts, places):
        return [[0.0] * len(self.labels) for _ in excerpts]


class Whole(Half):
    """All that is asked for."""

    def save(self, folder):
        (folder / "network").touch()

    @staticmethod
    def scores(folder, excerpts, options, labels):
        return [[0.0] * len(labels) for _ in excerpts]

    @staticmethod
    def sign(folder, card):
        (folder / "card").write_text(str(card))


def test_a_backbone_that_lacks_something_cannot_be_made():
    with pytest.raises(TypeError, match="save"):
        Half(None, ("a", "b"))


def test_one_that_lacks_nothing_can():
    assert Whole(None, ("a", "b")).logits([None] * 3, [0.0] * 3) == [[0.0, 0.0]] * 3


def test_scores_and_signing_need_no_network_in_memory(tmp_path):
    assert Whole.scores(tmp_path, [None], None, ("a",)) == [[0.0]]
    Whole.sign(tmp_path, {"version": "1"})
    assert (tmp_path / "card").read_text() == "{'version': '1'}"
