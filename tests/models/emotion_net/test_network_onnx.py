import numpy as np
import pytest
from cards import generator_card

from moodprint.bundle import open_bundle, write_bundle
from moodprint.errors import BundleError
from moodprint.models.emotion_net.network_onnx import EmotionNetwork

RATE = 16_000


@pytest.fixture(scope="module")
def ear():
    return EmotionNetwork(open_bundle())


def chords(seconds: float) -> np.ndarray:
    """A new triad every second, with a few overtones: enough like music to be heard as sound."""
    time_s = np.arange(int(seconds * RATE)) / RATE
    root = 220 * 2 ** (np.floor(time_s) % 5 / 12)
    ratios = (1, 1.25, 1.5, 2, 3)
    sound = sum(np.sin(2 * np.pi * np.cumsum(root * r) / RATE) / r for r in ratios)
    return (0.15 * sound * np.exp(-2 * (time_s % 1))).astype(np.float32)


@pytest.mark.parametrize(
    ("seconds", "rows"), [(0.0, 1), (0.2, 1), (0.5, 1), (0.7, 2), (5.0, 10), (61.3, 123)]
)
def test_there_are_two_rows_a_second_and_at_least_one(ear, seconds, rows):
    hearing = ear.infer([np.zeros(int(seconds * RATE), np.float32)])
    assert hearing.rows == rows
    assert hearing.duration_s == pytest.approx(seconds)
    assert hearing.presence.shape == (rows, 3)
    assert hearing.emotion.shape == (rows, 5)
    assert hearing.valence_arousal.shape == (rows, 2)
    assert hearing.embedding.shape[0] == rows


@pytest.mark.parametrize("block_s", [0.013, 1.0, 200.0])
def test_what_is_heard_does_not_depend_on_the_blocks(ear, block_s):
    samples = chords(150)
    size = int(block_s * RATE)
    blocks = (samples[at : at + size] for at in range(0, len(samples), size))
    once, in_blocks = ear.infer([samples]), ear.infer(blocks)
    np.testing.assert_allclose(in_blocks.emotion, once.emotion, atol=1e-3)
    np.testing.assert_allclose(in_blocks.level_db, once.level_db, atol=1e-3)


def test_chunks_join_without_a_seam(ear):
    """A row deep in a long sound equals the same moment heard on its own with sound around it."""
    samples = chords(200)
    whole = ear.infer([samples])
    part = ear.infer([samples[40 * RATE : 80 * RATE]])
    np.testing.assert_allclose(part.embedding[20:60], whole.embedding[100:140], atol=2e-3)


def test_level_is_that_of_the_sound(ear):
    sine = np.sin(2 * np.pi * 1_000 * np.arange(2 * RATE) / RATE).astype(np.float32)
    loud, soft = (ear.infer([gain * sine]).level_db[1] for gain in (1.0, 0.01))
    assert loud == pytest.approx(0, abs=3)
    assert loud - soft == pytest.approx(40, abs=0.1)


def test_the_same_sound_is_heard_the_same_to_the_bit(ear):
    first, second = ear.infer([chords(9)]), EmotionNetwork(open_bundle()).infer([chords(9)])
    assert first.emotion.tobytes() == second.emotion.tobytes()


def test_a_bundle_of_another_kind_is_refused(tmp_path):
    write_bundle(tmp_path, generator_card(), {})
    with pytest.raises(BundleError, match="of kind note-generator, not emotion-network"):
        EmotionNetwork(open_bundle(tmp_path))


def test_weights_that_are_no_network_are_refused(tmp_path):
    write_bundle(tmp_path, open_bundle().fields, {"ear.onnx": b"not a network"})
    with pytest.raises(BundleError, match="does not load"):
        EmotionNetwork(open_bundle(tmp_path))


@pytest.fixture(scope="module")
def level_free(tmp_path_factory):
    """The shipped network, with sound brought to one loudness before it."""
    shipped, folder = open_bundle(), tmp_path_factory.mktemp("level-free")
    features = {**shipped.fields["features"], "level_free": True}
    write_bundle(
        folder,
        {**shipped.fields, "features": features},
        {name: shipped.read(name) for name in shipped.card.files},
    )
    return EmotionNetwork(open_bundle(folder))


@pytest.mark.parametrize("gain_db", [-40.0, -20.0, 12.0])
def test_level_free_outputs_do_not_depend_on_the_level(level_free, gain_db):
    samples = 0.2 * chords(90)
    gained = (samples * 10 ** (gain_db / 20)).astype(np.float32)
    plain, other = level_free.infer([samples]), level_free.infer([gained])
    for name in ("presence", "emotion", "valence_arousal", "embedding"):
        np.testing.assert_allclose(getattr(other, name), getattr(plain, name), atol=5e-3)
    np.testing.assert_allclose(other.level_db, plain.level_db + gain_db, atol=0.05)


def test_level_free_silence_stays_silence(level_free):
    assert level_free.infer([np.zeros(RATE, np.float32)]).level_db.max() < -60


@pytest.mark.parametrize("count", [1, 8_001, 3 * RATE])
def test_the_frames_of_a_whole_sound_are_its_log_mel_at_one_loudness(count):
    network = EmotionNetwork(open_bundle())
    samples = np.random.default_rng(0).normal(0, 0.1, count).astype(np.float32)
    gains_db = network.frames_of(samples) - network.log_mel.of(samples)
    np.testing.assert_allclose(gains_db, gains_db[0, 0], atol=1e-3)


@pytest.mark.parametrize("gain_db", [-40.0, 12.0])
def test_level_free_frames_do_not_depend_on_the_level(level_free, gain_db):
    samples = 0.2 * chords(10)
    gained = (samples * 10 ** (gain_db / 20)).astype(np.float32)
    np.testing.assert_allclose(
        level_free.frames_of(gained), level_free.frames_of(samples), atol=0.1
    )
    assert not np.allclose(level_free.frames_of(samples), level_free.log_mel.of(samples), atol=1)
