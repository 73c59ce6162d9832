"""The page: what it shows, gathered for the template, rendered, and written."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.excerpt import Excerpt
from moodprint.files import write_output
from moodprint.outputs import AnyPath
from moodprint.prediction import Answer, Failure, Presence, Timeline
from moodprint.recognition.sharing import Sharing
from moodprint.reports.html.charts import PRESENCE_COLOURS, figure
from moodprint.reports.html.frames import Frame, frames
from moodprint.reports.html.overview import Overview
from moodprint.reports.html.preview import Preview, previews
from moodprint.reports.html.sections import Section
from moodprint.reports.html.summary import summary
from moodprint.reports.palette import COLOURS
from moodprint.reports.timeline_text import signed

_WITHOUT_MUSIC = (Presence.SPEECH, Presence.OTHER, Presence.SILENCE)
"""What a file holds beside music: each has its colour and its pattern."""


def write_report(answers: Sequence[Answer], path: AnyPath, **options: Any) -> None:
    """Write the report of the answers to one HTML file: ``options`` as ``render_report`` has them.

    Raises:
        NoPermissionError, InputError: the file cannot be written.
    """
    write_output(path, render_report(answers, **options))


def render_report(
    answers: Sequence[Answer],
    *,
    audio: bool = True,
    media: Mapping[str, Path] | None = None,
    decoding: DecodeOptions = DEFAULT_OPTIONS,
    sharing: Sharing | None = None,
    card_summary: Mapping[str, str] | None = None,
) -> bytes:
    """One HTML page that needs nothing else, as UTF-8.

    ``audio`` puts a preview of each sound in the page (mono Opus; the more minutes, the lower its
    bit rate, so that the page stays under 15 MB), and small pictures of each video. Both are read
    from the source of each answer, or from where ``media`` says, as ``decoding`` says; what cannot
    be read gets a note and no player. ``sharing`` is what the files share, where that was asked;
    ``card_summary`` are lines on the model, name to text, for the foot of the page.
    """
    timelines = [answer for answer in answers if isinstance(answer, Timeline)]
    failures = [answer for answer in answers if isinstance(answer, Failure)]
    sections = _sections(timelines, media or {}, decoding, audio=audio)
    page = _template().render(
        sections=sections,
        failures=failures,
        summary=summary(sections),
        overview=Overview(sections, failures, sharing),
        colours={str(emotion): colour for emotion, colour in COLOURS.items()},
        presences={str(each): PRESENCE_COLOURS[each] for each in _WITHOUT_MUSIC},
        models=sorted({timeline.model for timeline in timelines}),
        card_summary=card_summary or {},
        data={section.id: section.data(figure(section.timeline)) for section in sections},
        plotly_js=_plotly_js() if sections else "",
        asset=asset,
        signed=signed,
    )
    text: str = page
    return text.encode("utf-8", "replace")


def _sections(
    timelines: Sequence[Timeline],
    media: Mapping[str, Path],
    decoding: DecodeOptions,
    *,
    audio: bool,
) -> list[Section]:
    paths = [media.get(timeline.source, Path(timeline.source)) for timeline in timelines]
    sounds: list[Preview] = [Preview(None)] * len(timelines)
    pictures: list[tuple[Frame, ...]] = [()] * len(timelines)
    if audio:
        excerpts = [Excerpt(path, options=decoding) for path in paths]
        lengths_s = [timeline.duration_s for timeline in timelines]
        sounds = previews(list(zip(excerpts, lengths_s, strict=True)))
        pictures = frames(list(zip(paths, timelines, strict=True)))
    parts = zip(timelines, sounds, pictures, strict=True)
    return [
        Section(f"file-{number}", timeline, sound, data_url(sound.webm), taken)
        for number, (timeline, sound, taken) in enumerate(parts, start=1)
    ]


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
