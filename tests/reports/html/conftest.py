"""A tone on disk, and a browser without a network."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

RATE_HZ = 22_050


@pytest.fixture(scope="session")
def tone(tmp_path_factory) -> Path:
    """20 s: a quarter silent, a half loud, a quarter at half that."""
    t = np.arange(20 * RATE_HZ) / RATE_HZ
    gain = np.select([t < 5, t < 15], [0.0, 0.8], 0.4)
    path = tmp_path_factory.mktemp("tone") / "tone.wav"
    soundfile.write(path, gain * np.sin(2 * np.pi * 440 * t), RATE_HZ)
    return path


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Chromium, headless, with no way to any host; it logs every request it makes."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    chromedriver = shutil.which("chromedriver")
    if not (chromium and chromedriver):
        pytest.skip("no chromium and chromedriver here: scripts/install-system brings them")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for word in (
        *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--autoplay-policy=no-user-gesture-required", "--window-size=1200,900"),
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(word)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    yield driver
    driver.quit()
