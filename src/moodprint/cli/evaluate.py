"""`moodprint evaluate`: how good a model is on your labelled music, or a generator's notes are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from moodprint.cli.evaluate_generated import evaluate_generated
from moodprint.cli.evaluate_notes import evaluate_notes
from moodprint.cli.exit_status import print_error
from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, Workers, is_json
from moodprint.cli.progress_bar import progress_bar
from moodprint.plain_text import named_reason

if TYPE_CHECKING:
    from moodprint.study.model_scores import ModelScores
    from moodprint.study.recalibration import Recalibration


class _MusicUnlessNamed(TyperGroup):
    """Takes what is no sub-command for the labelled music to score a recogniser on."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["music", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_MusicUnlessNamed,
    no_args_is_help=True,
    rich_markup_mode=None,
    subcommand_metavar="[music] CORPUS | notes GENERATOR | generated FOLDER",
)
app.command("notes")(evaluate_notes)
app.command("generated")(evaluate_generated)


@app.command("music")
def evaluate(
    corpus: Annotated[
        Path,
        typer.Argument(help="Labels: a CSV, or of Audacity, ELAN or Label Studio; or a corpus."),
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
    calibrate: Annotated[
        Path | None,
        typer.Option(help="Fit the calibration to these labels: a folder for the model's copy."),
    ] = None,
    workers: Workers = None,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare a model's answers with labels; intervals are over groups.

    Columns of a CSV are found by what they hold, where they are not named. Answers without an
    emotion count as wrong. Samples with labels other than the five emotions are
    left out, and counted. Mind what the model learned from: music that it knows says nothing of
    music that it does not; where its card says what that was, you are texts.

    \b
    Examples:
      moodprint evaluate music songs/labels.csv --group artist
      moodprint evaluate corpus-folder --model mine/model --format json
      moodprint evaluate music labels.json --calibrate my-ear
    """
    from moodprint.dataset.config import DatasetConfig
    from moodprint.dataset.gather import gather
    from moodprint.dataset.label_columns import labelled_corpus
    from moodprint.dataset.labels import left_out_text
    from moodprint.outputs import claimed
    from moodprint.study.model_scores import evaluate_model
    from moodprint.study.recalibration import recalibrated, write_recalibrated

    source = labelled_corpus(corpus, file=file, label=label, group=group)
    dataset = gather(DatasetConfig(corpora=(source,)), Path())
    with claimed(folders=[calibrate]), progress_bar(quiet=quiet) as progress:
        found = evaluate_model(dataset, model, workers=workers, progress=progress)
        if calibrate is not None:
            fitted = recalibrated(dataset, model, workers=workers, progress=progress)
            write_recalibrated(model, fitted, calibrate)
    if is_json(text_format, as_json):
        typer.echo(json.dumps(asdict(found), indent=2))
    else:
        typer.echo("\n".join(_lines(found)))
    if found.learned_from:
        print_error(
            f"{found.learned_from} of {found.samples} samples are of files that the model learned "
            "from: these scores say little of other music"
        )
    if calibrate is not None:
        print_error(_calibrated(fitted, calibrate))
    if found.left_out:
        print_error(left_out_text(found.left_out, list(found.recall)))
    for path, why in found.problems.items():
        print_error(f"left out: {named_reason(str(path), why)}")


def _calibrated(fitted: Recalibration, folder: Path) -> str:
    """What the new calibration gains, on groups that it was not fitted on."""
    return (
        f"wrote {folder}, calibrated on {fitted.samples} samples in {fitted.groups} groups; on "
        f"groups left out the calibration error goes from {fitted.error_before:.3f} to "
        f"{fitted.error_after:.3f}"
    )


def _lines(found: ModelScores) -> list[str]:
    from moodprint.reports.terminal.table import usual_console

    columns = [*found.recall, "none"]
    label = max(map(len, columns))
    room = (usual_console().width - 2 - label) // len(columns)
    most = max((len(str(count)) for counts in found.confusion for count in counts), default=1)
    widths = [max(len(name) + 1, most + 1, min(8, room)) for name in columns]
    answers = zip(found.recall, found.confusion, strict=True)
    rows = [_row(name, label, counts, widths) for name, counts in answers]
    credible = found.accuracy_if_credible
    return [
        f"{found.samples} samples, {found.groups} groups",
        f"UAR       {found.uar}",
        f"macro F1  {found.macro_f1}",
        f"accuracy  {found.accuracy}",
        f"abstained from {found.abstained:.1%}"
        + ("" if credible is None else f"; right in {credible:.1%} of the rest"),
        "",
        _row("", label, columns, widths),
        *rows,
    ]


def _row(name: str, label: int, cells: Sequence[object], widths: Sequence[int]) -> str:
    texts = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"  {name:<{label}}" + "".join(texts)
