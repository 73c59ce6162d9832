"""`moodprint teach`: the recogniser that ships, moved towards your labels as far as that helps."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.exit_status import FAILED, print_error
from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, Workers, is_json
from moodprint.cli.progress_bar import progress_bar

if TYPE_CHECKING:
    from moodprint.study.user_head import UserHeadFit


def teach(
    labels: Annotated[
        Path,
        typer.Argument(help="Labels: a CSV, or of Audacity, ELAN or Label Studio; or a corpus."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "--output", "-o", help="A folder for the model that it makes.")
    ],
    model: Annotated[
        str | None, typer.Option(help="A model's name or bundle; default: the one that ships.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(help="Column of the CSV: the file, beside it.")
    ] = None,
    label: Annotated[str | None, typer.Option(help="Column of the CSV: the emotion.")] = None,
    group: Annotated[
        str | None, typer.Option(help="Column of the CSV: artist, or what else belongs together.")
    ] = None,
    workers: Workers = None,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Teach the recogniser by 10 to some hundred labels of your own.

    Its last layer moves towards them, held back as far as groups left out ask for. Before and after
    are measured on groups that took part in neither; where nothing is gained, nothing is written.

    \b
    Examples:
      moodprint teach songs/labels.csv --group artist --out mine
      moodprint analyze film.mp4 --model mine
      moodprint teach corrections.json --model mine --out mine-2
    """
    from moodprint.dataset.config import DatasetConfig
    from moodprint.dataset.gather import gather
    from moodprint.dataset.label_columns import labelled_corpus
    from moodprint.dataset.labels import left_out_text
    from moodprint.outputs import claimed
    from moodprint.study.user_head import fit_user_head, write_user_head

    source = labelled_corpus(labels, file=file, label=label, group=group)
    dataset = gather(DatasetConfig(corpora=(source,)), Path())
    with claimed(folders=[out]), progress_bar(quiet=quiet) as progress:
        found = fit_user_head(dataset, model, workers=workers, progress=progress)
        if found.gains:
            write_user_head(model, found, out)
    if dataset.left_out:
        print_error(left_out_text(dataset.left_out, list(dataset.labels)))
    typer.echo(
        json.dumps(_fields(found), indent=2) if is_json(text_format, as_json) else _text(found)
    )
    if not found.gains:
        print_error(f"these labels teach nothing that holds on groups left out: {out} is not made")
        raise typer.Exit(FAILED)
    print_error(f"wrote {out}: moodprint analyze FILE --model {out}")


def _fields(found: UserHeadFit) -> dict[str, object]:
    return {
        "samples": len(found.samples),
        "groups": found.groups,
        "uar_before": asdict(found.uar_before),
        "uar_after": asdict(found.uar_after),
        "log_loss_before": found.loss_before,
        "log_loss_after": found.loss_after,
        "gains": found.gains,
    }


def _text(found: UserHeadFit) -> str:
    return "\n".join(
        (
            f"{len(found.samples)} samples with music, {found.groups} groups; on groups left out:",
            f"UAR       {found.uar_before}  ->  {found.uar_after}",
            f"log loss  {found.loss_before:.3f}  ->  {found.loss_after:.3f}",
        )
    )
