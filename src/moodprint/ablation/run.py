"""The ablation: every arm, amount, seed and corpus left out, and what made music adds to real."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np

from moodprint.ablation.arrays import FloatArray
from moodprint.ablation.trial import ARMS, Setting, SongAnswer, Table, Trials, recall
from moodprint.dataset.augmentation import augmented_copies
from moodprint.dataset.config import AugmentConfig, CorpusConfig, DatasetConfig
from moodprint.dataset.gather import gather, truth_of
from moodprint.dataset.samples import Sample
from moodprint.emotion import EMOTIONS
from moodprint.engine import Progress, no_progress, run
from moodprint.errors import OptionError
from moodprint.features.cache import FeatureCache
from moodprint.features.extraction import feature_matrix
from moodprint.features.registry import feature_sets
from moodprint.files import write_atomically

_RESAMPLES = 1_000
_LABELS = tuple(map(str, EMOTIONS))


@dataclass(frozen=True)
class AblationRequest:
    """``real`` corpora, two or more, each left out in turn, and a ``made`` one; ``shares`` of the
    groups that may be learned from; ``features`` are a set's name.

    Raises:
        OptionError: less than two corpora, or numbers that cannot be.
    """

    real: tuple[CorpusConfig, ...]
    made: CorpusConfig
    out: str | Path
    features: str = "ear"
    shares: tuple[float, ...] = (0.1, 0.3, 1.0)
    seeds: tuple[int, ...] = (1, 2, 3)
    segment_s: float = 5.0
    segments_per_track: int = 4
    workers: int | None = None

    def __post_init__(self) -> None:
        if len(self.real) < 2:
            raise OptionError("an ablation takes two real corpora or more: each is left out once")
        if not self.shares or not all(0 < share <= 1 for share in self.shares):
            raise OptionError("shares of real music lie above 0 and up to 1")
        if not self.seeds:
            raise OptionError("an ablation takes a seed or more")


@dataclass(frozen=True)
class AblationRow:
    """UAR over songs, of an arm at a share, where groups or whole corpora are unseen; and how much
    more that is than with real music alone, both with intervals of 95 % over groups."""

    unseen: str
    arm: str
    share: float
    songs: int
    uar: float
    uar_low: float
    uar_high: float
    gain: float
    gain_low: float
    gain_high: float


def run_ablation(
    request: AblationRequest,
    *,
    cache: FeatureCache | None = None,
    progress: Progress = no_progress,
) -> list[AblationRow]:
    """Run all trials; ``request.json``, ``ablation.csv`` and ``answers.json`` are written under
    ``out``.

    Raises:
        OptionError, CorpusError: what cannot be read; MissingExtraError: audiomentations.
        InputError: nothing can be written under ``out``.
    """
    out = Path(request.out)
    write_atomically(out / "request.json", json.dumps(asdict(request), default=str, indent=2))
    real_samples = _samples(request.real, request, out)
    made_samples = _samples((request.made,), request, out)
    copied = augmented_copies(
        real_samples,
        AugmentConfig(1),
        out / "copies",
        workers=request.workers,
        progress=progress,
    )
    real, made, copies = (
        _table(samples, request, cache, progress)
        for samples in (real_samples, made_samples, copied)
    )
    names = [corpus.name for corpus in request.real]
    settings = [Setting(*each) for each in product(ARMS, request.shares, request.seeds, names)]
    answers: list[SongAnswer] = []
    trials = Trials(real, made, copies, len(_LABELS))
    for number, outcome in enumerate(run(trials, settings, workers=request.workers)):
        progress("trials", number, len(settings))
        answers += outcome.unwrap()
    progress("trials", len(settings), len(settings))
    rows = summary(answers, request.shares)
    write_atomically(out / "ablation.csv", _csv(rows))
    write_atomically(out / "answers.json", json.dumps([asdict(each) for each in answers]))
    return rows


def summary(answers: Sequence[SongAnswer], shares: Sequence[float]) -> list[AblationRow]:
    """A row for each kind of unseen music, arm and share: over all seeds and corpora left out."""
    rows = []
    for unseen, share in product(("group", "corpus"), shares):
        here = [a for a in answers if a.unseen == unseen and a.setting.share == share]
        by_arm = {arm: [a for a in here if a.setting.arm == arm] for arm in ARMS}
        draws = _draws(by_arm)
        for arm in ARMS:
            uar, gain = recall(by_arm[arm]), recall(by_arm[arm]) - recall(by_arm["real"])
            low, high = np.nanquantile(draws[arm], (0.025, 0.975))
            gain_low, gain_high = np.nanquantile(draws[arm] - draws["real"], (0.025, 0.975))
            songs = len({each.song for each in by_arm[arm]})
            bounds = (float(low), float(high), gain, float(gain_low), float(gain_high))
            rows.append(AblationRow(unseen, arm, share, songs, uar, *bounds))
    return rows


def _draws(by_arm: dict[str, list[SongAnswer]]) -> dict[str, FloatArray]:
    """UARs over groups drawn with replacement, the same groups for every arm."""
    groups = sorted({each.group for answers in by_arm.values() for each in answers})
    place = {group: number for number, group in enumerate(groups)}
    rng = np.random.default_rng(0)
    counts = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), _RESAMPLES)
    found = {}
    for arm, answers in by_arm.items():
        group = np.array([place[each.group] for each in answers])
        truth = np.array([each.truth for each in answers])
        right = np.array([each.answer == each.truth for each in answers], float)
        recalls = []
        for each in np.unique(truth):
            of_it = truth == each
            weights = counts[:, group[of_it]]
            with np.errstate(invalid="ignore"):
                recalls.append((weights * right[of_it]).sum(axis=1) / weights.sum(axis=1))
        found[arm] = np.nanmean(recalls, axis=0)
    return found


def _samples(
    corpora: tuple[CorpusConfig, ...], request: AblationRequest, out: Path
) -> tuple[Sample, ...]:
    config = DatasetConfig(
        corpora=corpora,
        labels=_LABELS,
        segment_s=request.segment_s,
        segments_per_track=request.segments_per_track,
    )
    return gather(config, out).samples


def _table(
    samples: Sequence[Sample],
    request: AblationRequest,
    cache: FeatureCache | None,
    progress: Progress,
) -> Table:
    matrix = feature_matrix(
        feature_sets(request.features),
        [sample.excerpt for sample in samples],
        cache=cache,
        workers=request.workers,
        progress=progress,
    )
    fields = [(f"{each.corpus}/{each.group}", each.song, each.corpus) for each in samples]
    group, song, corpus = (np.array(part, object) for part in zip(*fields, strict=True))
    values = matrix.values.astype(np.float64)
    return Table(values, truth_of(samples, _LABELS), group, song, corpus).where(matrix.usable)


def _csv(rows: Sequence[AblationRow]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(AblationRow.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue()
