"""The analysis of many files as one call: taken up where it stopped, kept, weighed together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from moodprint.answer_origin import FileState
from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.bundle import DEFAULT, Bundle, open_bundle
from moodprint.emotion import Emotion
from moodprint.engine import Engine, Progress, no_progress, progress_within
from moodprint.errors import OptionError
from moodprint.files import hash_text
from moodprint.models.acceptance import accept
from moodprint.prediction import Answer, Failure
from moodprint.recognition.adaptation import FEWEST, adapted
from moodprint.recognition.batch import FileAnalysis, analyze_many, threads_for
from moodprint.recognition.earlier_answers import EarlierAnswers, as_json_has_them
from moodprint.recognition.journal import Journal
from moodprint.recognition.known_tracks import index_state
from moodprint.recognition.recogniser import calibration_of
from moodprint.recognition.settings import AnalysisSettings

STAGE = "listen"
"""The stage that progress is told of: one step a file."""


@dataclass(frozen=True)
class AnalysisRequest:
    """Which files to analyse, and how.

    ``entries`` are files, in order; a Failure among them stands for what named no file, and is
    its own answer. ``model`` is the name of a shipped model or the path of a bundle, ``index`` the
    folder of a match index whose known tracks are named. With ``explain`` answers say why; with
    ``adapt`` they are weighed against each other: see ``recognition.adaptation``. ``decoding``
    says what of each file is decoded. ``workers`` are processes, by default one a core.

    Answers are kept in ``journal``, a file, while the run goes on. With ``resume`` those that a run
    cut short left there are taken over. ``known`` ones are from elsewhere, by source. Files are not
    analysed again while they are what they were: see ``earlier_answers``.

    Raises:
        OptionError: what cannot go together, or too few files to adapt.
    """

    entries: tuple[str | Failure, ...]
    settings: AnalysisSettings = field(default_factory=AnalysisSettings)
    model: str = DEFAULT
    index: str | None = None
    explain: bool = False
    adapt: bool = False
    decoding: DecodeOptions = DEFAULT_OPTIONS
    workers: int | None = None
    journal: str | Path | None = None
    resume: bool = False
    known: Mapping[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.adapt:
            return
        if self.explain:
            raise OptionError(
                "an explanation is of an answer before it is adapted: choose explain or adapt"
            )
        if self.known:
            raise OptionError(
                "to adapt weighs all files anew, and answers are here already: leave out resume, "
                "or name a new output"
            )
        if len(self.entries) < FEWEST:
            raise OptionError(f"to adapt takes {FEWEST} files or more, not {len(self.entries)}")

    @property
    def files(self) -> list[str]:
        """The entries that are files, each once."""
        return list(dict.fromkeys(entry for entry in self.entries if isinstance(entry, str)))


def analyze_files(
    request: AnalysisRequest,
    *,
    deliver: Callable[[Sequence[Answer]], None] | None = None,
    too_few: Callable[[str], None] | None = None,
    progress: Progress = no_progress,
    engine: Engine | None = None,
) -> list[Answer]:
    """The answers to all entries, in their order, behind those that are known of other files.

    ``deliver`` is called with them at the end: only when it has brought them where they belong
    is the journal removed. A bad file fails alone, as a Failure. Where there turns out to be too
    little music to adapt, ``too_few`` is told so, and the answers stay as they were heard; without
    it that is an error.

    Raises:
        OptionError: no such model, a journal of other options, or too little music to adapt.
        BundleError, IndexFileError, MissingExtraError, MissingWeightsError: what no file could be
            analysed with.
        NoPermissionError, InputError: the journal cannot be written; and what ``deliver`` raises.
    """
    bundle = open_bundle(request.model)
    calibration = calibration_of(bundle)
    accept(bundle)
    options = answer_options(request, bundle)
    with Journal(request.journal, options, resume=request.resume) as journal:
        earlier = EarlierAnswers({**request.known, **journal.answered}, options)
        standing = earlier.standing(request.files)
        files = [file for file in request.files if file not in standing]
        fresh = _fresh(request, files, earlier, journal, progress, engine)
        answers = _in_order(request.entries, standing | fresh)
        if request.adapt:
            limit = request.settings.applied_to(calibration).abstain_below
            answers = _adapted(answers, limit, request.settings.emotions, too_few)
        if deliver is not None:
            deliver(answers)
        journal.finish()
    return answers


def _adapted(
    answers: list[Answer],
    abstain_below: float,
    among: Sequence[Emotion],
    too_few: Callable[[str], None] | None,
) -> list[Answer]:
    try:
        return adapted(answers, abstain_below, among)
    except OptionError as error:
        if too_few is None:
            raise
        too_few(str(error))
        return answers


def answer_options(request: AnalysisRequest, bundle: Bundle) -> dict[str, Any]:
    """What answers depend on, beside the files: a run with others is not taken up."""
    options = {
        "model": bundle.name,
        "model_hash": hash_text(json.dumps(bundle.fields, sort_keys=True)),
        **asdict(request.settings),
        "index": None if request.index is None else index_state(request.index),
        "explain": request.explain,
        "adapt": request.adapt,
        **asdict(request.decoding),
    }
    return as_json_has_them(options)


def _fresh(
    request: AnalysisRequest,
    files: Sequence[str],
    earlier: EarlierAnswers,
    journal: Journal,
    progress: Progress,
    engine: Engine | None,
) -> dict[str, Answer]:
    """The answers for the files, by source, each kept as it comes."""
    analysis = FileAnalysis(
        bundle=request.model,
        settings=request.settings,
        threads=threads_for(len(files), request.workers),
        index=request.index,
        explain=request.explain,
        decoding=request.decoding,
    )
    states = {file: FileState.of(file) for file in files}  # before they are read
    answers = analyze_many(files, analysis, workers=request.workers, engine=engine)
    dated = (earlier.with_origin(answer, states[answer.source]) for answer in answers)
    fresh: dict[str, Answer] = {}
    with progress_within(progress, STAGE, len(files)) as listening:
        for answer in journal.kept(dated):
            fresh[answer.source] = answer
            listening.finish(answer.source)
    return fresh


def _in_order(entries: Sequence[str | Failure], answers: Mapping[str, Answer]) -> list[Answer]:
    """The answers to the entries in their order, behind those that are known of other files."""
    named = [answers[entry] if isinstance(entry, str) else entry for entry in entries]
    sources = set(entries)
    before = [answer for source, answer in answers.items() if source not in sources]
    return [*before, *named]
