import numpy as np
import pytest
from cards import music_tagger_card

from moodprint.bundle import open_bundle, write_bundle
from moodprint.errors import BundleError, OptionError
from moodprint.models.music_tagger.network import PATCH_S, MusicTagger, log_mel, patches


@pytest.fixture(scope="module")
def tagger():
    return MusicTagger(open_bundle("musicnn"))


def test_each_patch_is_answered_by_itself(tagger):
    """Nothing is carried over: three patches of silence are answered alike, and not as noise is."""
    silence = tagger.infer(np.zeros(round(2.9 * PATCH_S * 16_000), np.float32))[1]
    noise = np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32)
    assert silence.shape == (3, 50)
    np.testing.assert_allclose(silence, np.repeat(silence[:1], 3, axis=0), atol=1e-5)
    assert not np.allclose(tagger.infer(noise)[1], silence[:1], atol=0.1)


@pytest.mark.parametrize("samples", [0, 1, 100, 16_000])
def test_silence_however_short_gives_one_finite_answer(tagger, samples):
    hidden, tags = tagger.infer(np.zeros(samples, np.float32))
    assert (hidden.shape, tags.shape) == ((1, 200), (1, 50))
    assert np.isfinite(hidden).all()
    assert np.isfinite(tags).all()


def test_both_training_sets_have_networks_of_their_own():
    noise = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    by_set = [MusicTagger(open_bundle("musicnn"), 1, name) for name in ("MSD", "MTT")]
    assert [each.tags[0] for each in by_set] == ["rock", "guitar"]
    assert not np.allclose(*(each.infer(noise)[0] for each in by_set))


def test_an_unknown_training_set_is_refused():
    with pytest.raises(OptionError, match="known: MSD, MTT"):
        MusicTagger(open_bundle("musicnn"), trained_on="ABC")


def test_the_spectrum_of_a_tone_and_of_silence():
    tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32)
    frames = log_mel(tone)
    assert frames.shape == (63, 96)
    assert len(set(frames[5:-5].argmax(axis=1))) == 1
    assert not log_mel(np.zeros(100, np.float32)).any()


@pytest.mark.parametrize(
    ("frames", "count"), [(1, 1), (186, 1), (187, 1), (188, 2), (374, 2), (400, 3)]
)
def test_patches_cover_every_frame(frames, count):
    numbered = np.tile(np.arange(1.0, frames + 1, dtype=np.float32)[:, None], (1, 96))
    cut = patches(numbered)
    assert len(cut) == count
    assert all(patch.shape == (187, 96) for patch in cut)
    assert set(np.concatenate(cut)[:, 0]) - {0} == set(range(1, frames + 1))


def test_a_bundle_of_another_kind_is_refused():
    with pytest.raises(BundleError, match="of kind emotion-network, not music-tagger"):
        MusicTagger(open_bundle("ear"))


def test_weights_that_are_no_network_are_refused(tmp_path):
    write_bundle(tmp_path, music_tagger_card(), {"msd.onnx": b"none"})
    with pytest.raises(BundleError, match=r"msd\.onnx does not load"):
        MusicTagger(open_bundle(tmp_path))


def test_the_level_counts_but_not_the_block_that_a_sound_came_in(tagger):
    """Its spectrogram is of absolute level, as it was trained."""
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    assert not np.allclose(tagger.infer(noise)[1], tagger.infer(0.01 * noise)[1], atol=0.1)
    np.testing.assert_array_equal(tagger.infer(noise)[1], tagger.infer(noise.copy())[1])


@pytest.mark.parametrize("threads", [0, 2])
def test_threads_change_nothing_but_the_speed(tagger, threads):
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    other = MusicTagger(open_bundle("musicnn"), threads)
    np.testing.assert_allclose(other.infer(noise)[0], tagger.infer(noise)[0], atol=1e-4)


def test_a_patch_lasts_three_seconds():
    assert pytest.approx(3, abs=0.01) == PATCH_S
