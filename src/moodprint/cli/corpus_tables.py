"""Songs and corpora as people read them."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from moodprint.corpus.info import CorpusInfo
from moodprint.reports.timeline_text import clock


def print_info(summary: CorpusInfo) -> None:
    table = Table("emotion", "hours", "songs", "clips")
    for share in summary.emotions:
        table.add_row(
            share.emotion or "-", f"{share.hours:.2f}", str(share.songs), str(share.clips)
        )
    table.add_section()
    table.add_row("all", f"{summary.hours:.2f}", str(summary.songs), str(summary.clips))
    Console().print(table)
    typer.echo(
        f"{summary.sources} sources; {summary.duplicates} duplicates in "
        f"{summary.duplicate_groups} groups; {summary.kept_clips} clips kept; "
        f"{summary.synthetic_clips} synthetic"
    )
    if summary.checks:
        counts = ", ".join(f"{name} {count}" for name, count in summary.checks.items())
        typer.echo(f"clips noticed: {counts}")
    for conflict in summary.conflicts:
        typer.echo(f"the same song as {' and '.join(conflict.emotions)}:")
        for line in conflict.songs:
            typer.echo(f"  {line}")


def print_songs(times: list[tuple[float, float]], titles: list[str]) -> None:
    table = Table("song", "start", "end", "length", *(["title"] if any(titles) else []))
    for number, ((start_s, end_s), title) in enumerate(zip(times, titles, strict=True), 1):
        cells = [str(number), *(clock(time_s, 3) for time_s in (start_s, end_s, end_s - start_s))]
        table.add_row(*cells, *([title] if any(titles) else []))
    Console().print(table)
