"""Pages out of templates, under the policy that lets them load nothing foreign."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse

from moodprint import __version__
from moodprint.emotion import EMOTIONS
from moodprint.prediction import Presence
from moodprint.reports.timeline_text import clock
from moodprint.service.page.strips import ordered, shares_bar

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""What a page may load: what this service gives, and nothing inline."""

_FOLDER = Path(__file__).parent


def page(template: str, **facts: Any) -> HTMLResponse:
    """A template with these facts."""
    text = _environment().get_template(template).render(**facts)
    return HTMLResponse(text, headers={"Content-Security-Policy": PAGE_POLICY})


@cache
def _environment() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        clock=clock,
        shares_bar=shares_bar,
        ordered=ordered,
        emotions=list(map(str, EMOTIONS)),
        presences=list(map(str, Presence)),
        version=__version__,
    )
    return environment
