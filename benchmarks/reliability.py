"""How often answers are right, by how sure they are, on labelled music that a model never met.

    python benchmarks/reliability.py --labels CORPUS/labels.csv [--model ear] [--write BUNDLE]

analyses the files of the column ``file`` (by their place beside the CSV), compares with the column
``emotion``, and prints a band a row. Counted are the answers that a user reads: the whole of each
file, and its stretches of 5 seconds or more. With --write the bands go into the card of a bundle,
from which ``analyze`` takes its words: sure, likely, possible. A corpus that the model's card
names among its data is refused: of what it learned from a model is too sure.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from moodprint.bundle import CARD, DEFAULT, ReliabilityBand, open_bundle
from moodprint.emotion import EMOTIONS
from moodprint.errors import LeakError, MoodprintError
from moodprint.evaluation.calibration import right_by_confidence
from moodprint.files import write_atomically
from moodprint.prediction import Answer, Prediction, Timeline
from moodprint.recognition.run import AnalysisRequest, analyze_files
from moodprint.recognition.settings import AnalysisSettings
from moodprint.reports.spans import spans
from moodprint.text_input import read_csv

EDGES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_SHORTEST_STRETCH_S = 5.0


@dataclass(frozen=True)
class Scored:
    """An answer that a user reads: how sure it was, and whether it was right."""

    confidence: float
    right: bool


def labels_of(table: Path, among: Sequence[str]) -> dict[str, str]:
    """The label of each file of a CSV, by path; those of no emotion of ``among`` are left out."""
    rows = (row.cells for row in read_csv(table).rows)
    return {
        str(table.parent / row["file"]): row["emotion"] for row in rows if row["emotion"] in among
    }


def refuse_known(model: str, corpus: str) -> None:
    """Raises LeakError where the model's card names the corpus among its data."""
    known = [each.get("corpus") for each in open_bundle(model).fields.get("data", ())]
    if corpus in known:
        raise LeakError(f"{model} learned from {corpus}: of that it is too sure")


def scored(answers: Iterable[Answer], labels: Mapping[str, str]) -> Iterator[Scored]:
    """The whole of each file and its stretches, each beside the file's label; what is unsure and
    what has no music are left out no less than a user reads them."""
    for answer in answers:
        if not isinstance(answer, Timeline):
            continue
        lasting = [
            span.prediction
            for span in spans(answer.segments)
            if span.end_s - span.start_s >= _SHORTEST_STRETCH_S
        ]
        for said in (answer.overall, *lasting):
            if said.emotion is not None:
                yield _scored(said, labels[answer.source])


def _scored(said: Prediction, label: str) -> Scored:
    return Scored(said.confidence, str(said.emotion) == label)


def table(bands: Sequence[ReliabilityBand]) -> str:
    """The bands as rows of Markdown."""
    lines = ["| confidence from | answers | right |", "|---|---|---|"]
    lines += [f"| {band.at_least:.1f} | {band.answers} | {band.right:.0%} |" for band in bands]
    return "\n".join(lines)


def write_into(folder: Path, bands: Sequence[ReliabilityBand], about: str) -> None:
    """Put the bands, and what they were measured on, into the card of a bundle."""
    card = json.loads((folder / CARD).read_text("utf-8"))
    rounded = [{**asdict(band), "right": round(band.right, 3)} for band in bands]
    card["calibration"] |= {"reliability": rounded, "reliability_of": about}
    write_atomically(folder / CARD, json.dumps(card, indent=2, ensure_ascii=False) + "\n")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", type=Path, required=True, help="a CSV with file and emotion")
    parser.add_argument("--model", default=DEFAULT)
    parser.add_argument("--among", default=",".join(EMOTIONS))
    parser.add_argument("--write", type=Path, help="the folder of a bundle")
    options = parser.parse_args(words)
    corpus, among = options.labels.parent.name, options.among.split(",")
    try:
        refuse_known(options.model, corpus)
        labels = labels_of(options.labels, among)
        settings = AnalysisSettings(among=tuple(among))
        request = AnalysisRequest(tuple(labels), settings=settings, model=options.model)
        answers = analyze_files(request)
    except MoodprintError as error:
        print(error, file=sys.stderr)
        return 1
    found = list(scored(answers, labels))
    bands = right_by_confidence(
        [each.confidence for each in found], [each.right for each in found], EDGES
    )
    print(table(bands))
    if options.write:
        write_into(options.write, bands, f"{len(labels)} files of {corpus} and their stretches")
    return 0


if __name__ == "__main__":
    sys.exit(main())
