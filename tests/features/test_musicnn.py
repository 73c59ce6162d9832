import numpy as np
import pytest
from musicnn_by_numpy import network

from moodprint.clip import Clip
from moodprint.errors import MissingWeightsError, MoodprintError, OptionError
from moodprint.features import musicnn
from moodprint.features.musicnn import Musicnn, log_mel, patches, session


def _weights(seed=0):
    """Weights of the real shapes, at random; scalings of both signs."""
    rng = np.random.default_rng(seed)
    kernels = [(7, 38, 1, 204), (7, 67, 1, 204), *((n, 1, 1, 51) for n in (128, 64, 32))]
    kernels += [(7, 561, 1, 64), (7, 64, 1, 64), (7, 64, 1, 64)]
    norms = [1, 204, 204, 51, 51, 51, 64, 64, 64, 1506, 200]
    weights = {}
    for number, shape in enumerate(kernels):
        name = f"conv2d_{number}" if number else "conv2d"
        weights[f"{name}/kernel"] = rng.normal(size=shape) / np.sqrt(np.prod(shape[:3]))
        weights[f"{name}/bias"] = rng.normal(size=shape[3]) * 0.1
    for number, width in enumerate(norms):
        name = f"batch_normalization_{number}" if number else "batch_normalization"
        for part in ("moving_mean", "gamma", "beta"):
            weights[f"{name}/{part}"] = rng.normal(size=width)
        weights[f"{name}/moving_variance"] = rng.uniform(0.5, 2, size=width)
    for number, shape in enumerate([(1506, 200), (200, 50)]):
        name = f"dense_{number}" if number else "dense"
        weights[f"{name}/kernel"] = rng.normal(size=shape) / np.sqrt(shape[0])
        weights[f"{name}/bias"] = rng.normal(size=shape[1])
    return {name: value.astype(np.float32) for name, value in weights.items()}


def _patches(count):
    rng = np.random.default_rng(1)
    return rng.uniform(0, 4, size=(count, 187, 96)).astype(np.float32)


@pytest.fixture(scope="module")
def graph():
    pytest.importorskip("onnx", reason="the extra study is not installed")
    return session(_weights())


def test_the_graph_says_what_numpy_says(graph):
    given = _patches(2)
    told = graph.run(None, {"patches": given})[0]
    expected = [network(patch, _weights()) for patch in given]
    np.testing.assert_allclose(told, expected, rtol=1e-3, atol=1e-3)


def test_the_graph_says_what_torch_says(graph):
    torch = pytest.importorskip("torch", reason="the peer is not installed")
    weights = {name: torch.from_numpy(value) for name, value in _weights().items()}
    patch = _patches(1)[0]

    def name_of(kind, number):
        return f"{kind}_{number}" if number else kind

    def norm(x, number):
        parts = ("moving_mean", "moving_variance", "gamma", "beta")
        name = name_of("batch_normalization", number)
        given = (weights[f"{name}/{part}"] for part in parts)
        return torch.nn.functional.batch_norm(x, *given, eps=1e-3)

    def conv(x, number):
        name = name_of("conv2d", number)
        kernel = weights[f"{name}/kernel"].permute(3, 2, 0, 1)
        told = torch.nn.functional.conv2d(x, kernel, weights[f"{name}/bias"])
        return norm(torch.relu(told), number + 1)

    def padded(x, before, after):
        return torch.nn.functional.pad(x, (0, 0, before, after))

    def middle(x, number):
        return conv(padded(x.transpose(1, 2)[:, None], 3, 3), number)[..., 0]

    def dense(x, number):
        name = name_of("dense", number)
        return x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]

    x = norm(torch.from_numpy(patch)[None, None], 0)
    front = [conv(padded(x, 3, 3), 0), conv(padded(x, 3, 3), 1)]
    front += [conv(padded(x, (n - 1) // 2, n // 2), i) for i, n in ((2, 128), (3, 64), (4, 32))]
    pooled = torch.cat([part.amax(dim=3) for part in front], dim=1)
    first = middle(pooled, 5)
    second = middle(first, 6) + first
    third = middle(second, 7) + second
    all_of = torch.cat([pooled, first, second, third], dim=1)
    flat = torch.stack([all_of.amax(dim=2), all_of.mean(dim=2)], dim=2).flatten(1)
    hidden = norm(torch.relu(dense(norm(flat, 9), 0)), 10)
    expected = torch.cat([hidden, dense(hidden, 1)], dim=1).numpy()
    told = graph.run(None, {"patches": patch[None]})[0]
    np.testing.assert_allclose(told, expected, rtol=1e-3, atol=1e-3)


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


def test_columns_name_the_tags():
    member = Musicnn()
    try:
        member.check()
    except MoodprintError as error:
        pytest.skip(str(error))
    assert len(member.columns) == 250
    assert "tag_female_vocalists.mean" in member.columns
    assert "tag_classical.mean" in Musicnn("MTT").columns
    noise = np.random.default_rng(0).normal(size=16_000).astype(np.float32) * 0.1
    told = [Musicnn(name).extract(Clip(noise, 16_000)) for name in ("MSD", "MTT")]
    assert not np.allclose(*told)


def test_statistics_over_time_are_told_apart():
    member = Musicnn(over_time="mean+sd+max")
    try:
        member.check()
    except MoodprintError as error:
        pytest.skip(str(error))
    noise = np.random.default_rng(0).normal(size=80_000).astype(np.float32)
    noise[:40_000] *= 0.01
    told = member.extract(Clip(noise, 16_000)).reshape(3, 250)
    assert member.columns[250] == "hidden_000.sd"
    np.testing.assert_array_equal(told[0], Musicnn().extract(Clip(noise, 16_000)))
    assert (told[1] >= 0).all()
    assert (told[2] >= told[0]).all()


def test_missing_weights_say_how_to_get_them(monkeypatch):
    monkeypatch.setattr(musicnn.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingWeightsError, match=r"pip install --no-deps musicnn==0\.1\.0"):
        Musicnn().check()


def test_an_unknown_training_set_is_refused():
    with pytest.raises(OptionError, match="known: MSD, MTT"):
        Musicnn("ABC")


def test_an_unknown_statistic_is_refused():
    with pytest.raises(OptionError, match="known: max, mean, min, sd"):
        Musicnn(over_time="mean+mode")
