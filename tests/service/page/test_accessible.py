"""What axe-core finds on every view, light and dark, wide and narrow: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

_VIEWS = {
    "home": ("/", "true"),
    "collection": ("{collection}", "document.querySelector('#overview .bar')"),
    "file": ("{file}", "document.getElementById('player').dataset.ready === 'true'"),
    "login": ("/login", "true"),
    "api": ("/docs", "true"),
    "music": ("/music", "document.querySelector('.piece.done audio')"),
    "missing": ("/collections/none", "true"),
}
"""Where each is, and what is true when it is whole."""

_CHANGES = {
    "help": "document.getElementById('help-button').click()",
    "selection": "const fields = document.getElementById('correction').elements;"
    "fields.start_s.value = 3; fields.end_s.value = 9;"
    "fields.end_s.dispatchEvent(new Event('change'))",
    "fault": "import('/static/said.js').then(({complain}) => complain('It is away.'))",
    "menu": "document.querySelector('.menu summary').click()",
    "cues": "for (const each of document.querySelectorAll('details')) each.open = true",
}
"""Of the page of a file."""


@pytest.fixture(params=["light", "dark"])
def scheme(browser, request: pytest.FixtureRequest) -> Iterator[None]:
    media = {"features": [{"name": "prefers-color-scheme", "value": request.param}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    yield
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.fixture(params=[360, 1200])
def width(browser, request: pytest.FixtureRequest) -> Iterator[None]:
    size = {"width": request.param, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def _found(browser) -> list[tuple[str, list[str], str]]:
    import axe_core_python

    script = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": script})
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run().then((found) => done(found.violations))"
    )
    return [
        (each["id"], [node["html"] for node in each["nodes"][:3]], each["help"]) for each in found
    ]


@pytest.mark.parametrize("view", _VIEWS)
def test_a_view(
    browser, address: str, collection: str, file: str, piece: str, until, view: str, scheme, width
) -> None:
    place, whole = _VIEWS[view]
    place = place.format(collection=collection, file=file).removeprefix(address)
    browser.get(address + place)
    until(whole)
    assert not _found(browser)


@pytest.mark.parametrize("change", _CHANGES)
def test_the_page_of_a_file_as_it_changes(browser, file: str, change: str, scheme) -> None:
    browser.execute_script(_CHANGES[change])
    browser.execute_async_script("setTimeout(arguments[0], 200)")
    assert not _found(browser)
