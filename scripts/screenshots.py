"""The pictures of pages that the docs show: light, dark and on a phone, by Chromium.

    .venv/bin/python scripts/screenshots.py VIDEOS [--index INDEX] [--one FILE] [--out docs/images]

makes the pages of a folder of videos by the command line, and writes report-folder-*.png,
report-one-*.png (of one of the videos) and sharing-*.png. Takes what `scripts/install test` and
`scripts/install-system` bring; pngquant makes the pictures smaller where it is installed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

LOOKS = {"light": (1000, 1, "light"), "dark": (1000, 1, "dark"), "phone": (390, 1.5, "light")}
"""Width, pixels a point, and colours."""
_MOST_HEIGHT = {"report-folder": 1590, "report-one": 1500, "sharing": 1060}
_MOST_HEIGHT_OF_PHONES = 1400


def pages(videos: Path, one: Path, index: Path | None, folder: Path) -> dict[str, Path]:
    """The pages, made as a user makes them."""
    known = [] if index is None else ["--index", str(index)]
    made = {name: folder / f"{name}.html" for name in _MOST_HEIGHT}
    folder_page, one_page, sharing_page = map(str, made.values())
    quiet = ["--quiet", "--output", str(folder / "answers.json")]
    commands = (
        ["analyze", str(videos), *known, "--sharing", "--report", folder_page, *quiet],
        ["analyze", str(one), "--explain", "--report", one_page, *quiet],
        ["match", "query", str(videos), "--all-pairs", *known, "--out", sharing_page, "--quiet"],
    )
    for words in commands:
        subprocess.run([str(Path(sys.executable).with_name("moodprint")), *words], check=False)
    return made


def shoot(driver: webdriver.Chrome, page: Path, look: str, most_height: int, out: Path) -> None:
    """One page, from its top on, as high as it is or as may be."""
    width, scale, colours = LOOKS[look]
    metrics = {"width": width, "height": 900, "deviceScaleFactor": scale, "mobile": look == "phone"}
    feature = {"name": "prefers-color-scheme", "value": colours}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.get(page.resolve().as_uri())
    wide = driver.execute_script("return document.documentElement.scrollWidth")
    if wide > width:
        print(f"{page.name}, {look}: {wide} points wide on a screen of {width}", file=sys.stderr)
    height = driver.execute_script("return document.documentElement.scrollHeight")
    metrics["height"] = min(height, _MOST_HEIGHT_OF_PHONES if look == "phone" else most_height)
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.execute_async_script("setTimeout(arguments[0], 800)")  # charts fit themselves anew
    driver.save_screenshot(str(out))
    if shutil.which("pngquant"):
        smaller = ["pngquant", "--force", "--strip", "--skip-if-larger", "--output", str(out)]
        subprocess.run([*smaller, str(out)], check=False)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("videos", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--one", type=Path, default=Path("examples/film.mp4"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    options = parser.parse_args(words)
    chrome = webdriver.ChromeOptions()
    chrome.binary_location = shutil.which("chromium") or ""
    for word in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        chrome.add_argument(word)
    with tempfile.TemporaryDirectory() as folder:
        made = pages(options.videos, options.one, options.index, Path(folder))
        driver = webdriver.Chrome(chrome, Service(shutil.which("chromedriver")))
        try:
            for name, page in made.items():
                for look in LOOKS:
                    out = options.out / f"{name}-{look}.png"
                    shoot(driver, page, look, _MOST_HEIGHT[name], out)
                    print(f"{out}: {out.stat().st_size / 1000:.0f} kB")
        finally:
            driver.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
