"""`moodprint study ablation`: does music that was made help to learn from?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.options import Cache, Quiet, Workers, feature_cache
from moodprint.cli.progress_bar import progress_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moodprint.ablation.run import AblationRow


def ablation(
    real: Annotated[
        list[Path], typer.Argument(help="Labelled real music, two corpora or more: CSVs, folders.")
    ],
    made: Annotated[
        Path, typer.Option(help="Made music: a corpus, as `generate corpus` makes one.")
    ],
    out: Annotated[Path, typer.Option("--out", "--output", "-o", help="A folder for the tables.")],
    features: Annotated[str, typer.Option(help="A feature set: see `features list`.")] = "ear",
    share: Annotated[
        list[float] | None,
        typer.Option(help="Of the real groups, may be repeated.  [0.1, 0.3, 1]"),
    ] = None,
    seed: Annotated[list[int] | None, typer.Option(help="May be repeated.  [1, 2, 3]")] = None,
    workers: Workers = None,
    cache: Cache = None,
    quiet: Quiet = False,
) -> None:
    """Compare real music alone with real and made, made then real, and real and augmented.

    A linear classifier on a feature set learns from a share of the groups of all corpora but one;
    it is tested on groups that it has not met, and on the corpus left out, each in turn. Gains over
    real music alone have intervals of 95 % over groups.

    \b
    Examples:
      moodprint study ablation songs/labels.csv games/labels.csv --made made --out ablation
    """
    from moodprint.ablation.run import AblationRequest, run_ablation
    from moodprint.dataset.label_columns import labelled_corpus
    from moodprint.outputs import claimed

    corpora = [labelled_corpus(path, file=None, label=None, group=None) for path in real]
    names = [corpus.name for corpus in corpora]
    corpora = [
        replace(corpus, name=f"{corpus.name}-{number}") if names.count(corpus.name) > 1 else corpus
        for number, corpus in enumerate(corpora, 1)
    ]
    request = AblationRequest(
        real=tuple(corpora),
        made=replace(labelled_corpus(made, file=None, label=None, group=None), name="made"),
        out=out,
        features=features,
        shares=tuple(share or (0.1, 0.3, 1.0)),
        seeds=tuple(seed or (1, 2, 3)),
        workers=workers,
    )
    sources = [*real, made]
    with claimed(folders=[out], sources=sources), progress_bar(quiet=quiet) as progress:
        rows = run_ablation(request, cache=feature_cache(cache), progress=progress)
    for line in table(rows):
        typer.echo(line)


def table(rows: Sequence[AblationRow]) -> list[str]:
    """Markdown: a row an arm and share, for groups and for corpora that are unseen."""
    lines = ["| unseen | real groups | learned from | songs | UAR | more than real alone |"]
    lines.append("|---|---|---|---|---|---|")
    for row in rows:
        uar = f"{row.uar:.3f} [{row.uar_low:.3f}, {row.uar_high:.3f}]"
        gain = f"{row.gain:+.3f} [{row.gain_low:+.3f}, {row.gain_high:+.3f}]"
        gain = "" if row.arm == "real" else gain
        lines.append(
            f"| {row.unseen} | {row.share:.0%} | {row.arm} | {row.songs} | {uar} | {gain} |"
        )
    return lines
