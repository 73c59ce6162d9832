"""Chromium, headless and driven, that reaches no host but those it is allowed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def chromium(profile: Path, *words: str, reaches: str = "", logs: tuple[str, ...]) -> Iterator[Any]:
    """A driver; ``reaches`` is the one host that names and addresses lead to, ``logs`` what is kept
    of "browser" and "performance". Skips where Chromium is not installed."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    chromedriver = shutil.which("chromedriver")
    if not (binary and chromedriver):
        pytest.skip("no chromium and chromedriver here: scripts/install-system brings them")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    rules = "MAP * ~NOTFOUND" + (f", EXCLUDE {reaches}" if reaches else "")
    for word in (
        *("--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio", "--disable-sync"),
        *("--disable-background-networking", "--disable-component-update"),
        *("--autoplay-policy=no-user-gesture-required", "--window-size=1200,900"),
        *(f"--host-resolver-rules={rules}", f"--user-data-dir={profile}", *words),
        *(("--no-sandbox",) if os.geteuid() == 0 else ()),
    ):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", dict.fromkeys(logs, "ALL"))
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    try:
        yield driver
    finally:
        driver.quit()
