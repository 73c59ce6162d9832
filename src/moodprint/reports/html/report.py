"""The page: what it shows, gathered for the template, rendered, and written."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from moodprint.audio.excerpt import Excerpt
from moodprint.files import write_output
from moodprint.prediction import Answer, Failure, Timeline
from moodprint.reports.html.charts import figure
from moodprint.reports.html.preview import Preview, previews
from moodprint.reports.html.sections import Section, summary
from moodprint.reports.palette import COLOURS
from moodprint.reports.timeline_text import signed


def write_report(
    answers: Sequence[Answer],
    path: Path,
    *,
    audio: bool = True,
    media: Mapping[str, Path] | None = None,
    card_summary: Mapping[str, str] | None = None,
) -> None:
    """Write the report of the answers to one HTML file: see ``render_report``.

    Raises:
        NoPermissionError, InputError: the file cannot be written.
    """
    write_output(path, render_report(answers, audio=audio, media=media, card_summary=card_summary))


def render_report(
    answers: Sequence[Answer],
    *,
    audio: bool = True,
    media: Mapping[str, Path] | None = None,
    card_summary: Mapping[str, str] | None = None,
) -> bytes:
    """One HTML page that needs nothing else, as UTF-8.

    ``audio`` puts a preview of each sound in the page (mono Opus; the more minutes, the lower its
    bit rate, so that the page stays under 15 MB). The sound is read from the source of each
    answer, or from where ``media`` says; what cannot be read gets a note and no player.
    ``card_summary`` are lines on the model, name to text, for the foot of the page.
    """
    timelines = [answer for answer in answers if isinstance(answer, Timeline)]
    previews = _previews(timelines, media or {}) if audio else [Preview(None)] * len(timelines)
    sections = [
        Section(f"file-{number}", timeline, shown, data_url(shown.webm))
        for number, (timeline, shown) in enumerate(zip(timelines, previews, strict=True), start=1)
    ]
    page = _template().render(
        sections=sections,
        failures=[answer for answer in answers if isinstance(answer, Failure)],
        summary=summary(sections),
        colours={str(emotion): colour for emotion, colour in COLOURS.items()},
        models=sorted({timeline.model for timeline in timelines}),
        card_summary=card_summary or {},
        data={section.id: section.data(figure(section.timeline)) for section in sections},
        plotly_js=_plotly_js() if sections else "",
        asset=asset,
        signed=signed,
    )
    text: str = page
    return text.encode("utf-8", "replace")


def _previews(timelines: Sequence[Timeline], media: Mapping[str, Path]) -> list[Preview]:
    sounds = [Excerpt(media.get(each.source, Path(each.source))) for each in timelines]
    return previews([(s, t.duration_s) for s, t in zip(sounds, timelines, strict=True)])


def data_url(webm: bytes | None) -> str | None:
    """A sound as an address that carries it; None where there is none."""
    if webm is None:
        return None
    return "data:audio/webm;base64," + base64.b64encode(webm).decode("ascii")


def _template() -> Any:
    return environment().get_template("report.html.jinja")


@cache
def environment() -> Any:
    """Where templates of pages are found; what they are given is escaped."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _plotly_js() -> str:
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script


def asset(name: str) -> str:
    """A file that goes into a page."""
    folder = resources.files("moodprint.reports.html") / "assets"
    return (folder / name).read_text(encoding="utf-8")
