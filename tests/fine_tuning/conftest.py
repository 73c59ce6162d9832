"""Short tones in two classes, and tiny networks in the real formats, that the tests share."""

import numpy as np
import pytest
import soundfile
from tiny_speech import KINDS, save_tiny_speech

from moodprint.audio.excerpt import Excerpt


@pytest.fixture(scope="session")
def tones(tmp_path_factory):
    """Makes a folder of low and high tones by turns: excerpts of so many seconds each."""

    def made(seconds):
        folder = tmp_path_factory.mktemp("tones")
        rng = np.random.default_rng(0)
        excerpts = []
        for number, length_s in enumerate(seconds):
            hz = (300, 2500)[number % 2] * rng.uniform(0.9, 1.1)
            times_s = np.arange(round(length_s * 16_000)) / 16_000
            path = folder / f"{number}.wav"
            soundfile.write(path, 0.3 * np.sin(2 * np.pi * hz * times_s), 16_000)
            excerpts.append(Excerpt(path))
        return excerpts

    return made


@pytest.fixture(scope="session", params=KINDS)
def checkpoint(request, tmp_path_factory):
    """A speech network of each kind with chance weights, wide enough to tell two tones apart."""
    for package in ("torch", "transformers"):
        pytest.importorskip(package, reason="the extra deep is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    wider = {"hidden_size": 32, "conv_dim": (16, 16), "conv_stride": (5, 32)}
    save_tiny_speech(folder, request.param, classifier_proj_size=16, **wider)
    return folder
