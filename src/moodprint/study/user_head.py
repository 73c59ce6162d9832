"""A recogniser taught by a user's labels: its last layer moves towards them, as far as that helps.

A head on the embedding is added to the logits (multinomial logistic regression with the shipped
logits as offset), held back towards no change by a ridge that groups left out choose. What it gains
is measured on groups that took part in neither, and a loss is not shipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np

from moodprint.audio.decode import stream
from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import DEFAULT, Bundle, Calibration, open_bundle, write_bundle
from moodprint.clip import FloatArray
from moodprint.dataset.gather import Dataset
from moodprint.dataset.samples import Sample, groups_of
from moodprint.emotion import EMOTIONS
from moodprint.engine import Progress, file_limits, no_progress, run
from moodprint.errors import CorpusError, is_of_the_file
from moodprint.evaluation import Interval, group_bootstrap, uar
from moodprint.evaluation.calibration import right_by_confidence
from moodprint.evaluation.probabilities import softmax
from moodprint.evaluation.validate import Float64Array
from moodprint.models.acceptance import accept
from moodprint.models.emotion_net.card import EmotionNetworkCard
from moodprint.models.emotion_net.network_onnx import EmotionNetwork
from moodprint.models.emotion_net.user_head import USER_HEAD, UserHead
from moodprint.outputs import AnyPath
from moodprint.recognition.presence import music_rows
from moodprint.study.learned_files import KEY, file_hashes
from moodprint.study.offset_regression import OffsetRegression, log_loss

FEWEST_SAMPLES, FEWEST_GROUPS = 10, 5
"""Fewer labels say nothing of music that is not among them."""

_EDGES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class UserHeadFit:
    """What was fitted, and how it does beside the model before, on groups left out.

    Recalls are unweighted means over the emotions that occur (UAR), with 95 % intervals over
    groups; losses are mean log losses.
    """

    head: UserHead
    calibration: Calibration
    samples: tuple[Sample, ...]
    groups: int
    ridge: float
    uar_before: Interval
    uar_after: Interval
    loss_before: float
    loss_after: float

    @property
    def gains(self) -> bool:
        """Whether it is better on groups left out: surer of what is right, and no less often
        right, give or take one sample."""
        one = 1 / len(self.samples)
        keeps = self.uar_after.value >= self.uar_before.value - one
        return self.loss_after < self.loss_before and keeps


@dataclass(frozen=True)
class MeanOutputs:
    """What a network says of an excerpt, means over its music: logits [K] and embedding [D]; None
    where there is none. Sent to worker processes."""

    bundle: str | None = None

    def __call__(self, excerpt: Excerpt) -> tuple[FloatArray, FloatArray] | None:
        """Raises what decoding raises."""
        network = _network(self.bundle)
        sound = stream(
            excerpt.path,
            sample_rate_hz=network.sample_rate_hz,
            start_s=excerpt.start_s,
            stop_s=excerpt.end_s,
            options=excerpt.options,
        )
        outputs = network.infer(sound)
        music = music_rows(outputs)
        if music.max() < 0.5:
            return None
        share = (music / music.sum())[:, None]
        return (outputs.emotion * share).sum(axis=0), (outputs.embedding * share).sum(axis=0)


def fit_user_head(
    dataset: Dataset,
    bundle: str | None = None,
    *,
    workers: int | None = 1,
    progress: Progress = no_progress,
    outputs: Callable[[Excerpt], tuple[FloatArray, FloatArray] | None] | None = None,
) -> UserHeadFit:
    """Fit a head to the labels of a dataset of emotions. Samples without music, and files that
    cannot be read, have no say.

    Raises:
        CorpusError: fewer than 10 samples with music, than 5 groups, or than 2 emotions.
        BundleError: the model is no emotion network. MoodprintError: it cannot be used here.
    """
    opened = open_bundle(bundle or DEFAULT)
    temperature = opened.card_as(EmotionNetworkCard).calibration.temperature
    accept(opened)
    samples, logits, embedding = _heard(dataset, outputs or MeanOutputs(bundle), workers, progress)
    groups = np.asarray(groups_of(samples))
    known = len(np.unique(groups)) if len(samples) else 0
    truth = np.array([list(EMOTIONS).index(each.label) for each in samples])  # type: ignore[arg-type]
    if len(samples) < FEWEST_SAMPLES or known < FEWEST_GROUPS or len(np.unique(truth)) < 2:
        raise CorpusError(
            f"teaching takes {FEWEST_SAMPLES} samples with music of 2 emotions in "
            f"{FEWEST_GROUPS} groups; there are {len(samples)} in {known}"
        )
    fit = OffsetRegression(logits / temperature, embedding, truth, groups)
    return _measured(fit, tuple(samples), known, opened.card_as(EmotionNetworkCard).calibration)


def _measured(
    fit: OffsetRegression, samples: tuple[Sample, ...], groups: int, old: Calibration
) -> UserHeadFit:
    """The head of all samples, and how heads of other groups do on each."""
    everything = np.arange(len(samples))
    ridge = fit.best_ridge(everything)
    head = fit.head(everything, ridge)
    before, after = softmax(fit.offset, 1.0), fit.left_out()
    answers = (before.argmax(axis=1), after.argmax(axis=1))
    bands = right_by_confidence(after.max(axis=1), answers[1] == fit.truth, _EDGES)
    intervals = [group_bootstrap(uar, fit.groups, fit.truth, answer) for answer in answers]
    return UserHeadFit(
        head=UserHead(
            (head.weight * old.temperature).astype(np.float32),
            (head.bias * old.temperature).astype(np.float32),
        ),
        calibration=Calibration(old.temperature, old.abstain_below, bands),
        samples=samples,
        groups=groups,
        ridge=ridge,
        uar_before=intervals[0],
        uar_after=intervals[1],
        loss_before=log_loss(before, fit.truth),
        loss_after=log_loss(after, fit.truth),
    )


def write_user_head(bundle: str | None, found: UserHeadFit, folder: AnyPath) -> None:
    """A copy of the bundle with the head, whose card says what it was taught by."""
    opened = open_bundle(bundle or DEFAULT)
    files = {name: opened.read(name) for name in opened.card.files if name != USER_HEAD}
    files[USER_HEAD] = found.head.plus(UserHead.of(opened)).serialized()
    write_bundle(folder, _card(opened, found), files)


def _card(opened: Bundle, found: UserHeadFit) -> dict[str, Any]:
    about = f"{len(found.samples)} labelled samples in {found.groups} groups of a user's"
    training = opened.fields.get("training")
    training = dict(training) if isinstance(training, dict) else {}
    known = training.get(KEY)
    training[KEY] = sorted(
        {*(known if isinstance(known, list) else ()), *file_hashes(found.samples)}
    )
    training["taught"] = {
        "from": opened.name,
        "by": about,
        "uar": [round(found.uar_before.value, 3), round(found.uar_after.value, 3)],
        "log_loss": [round(found.loss_before, 3), round(found.loss_after, 3)],
        "ridge": found.ridge,
    }
    calibration = {
        "temperature": found.calibration.temperature,
        "abstain_below": found.calibration.abstain_below,
        "reliability": [
            {"at_least": band.at_least, "right": round(band.right, 3), "answers": band.answers}
            for band in found.calibration.reliability
        ],
        "reliability_of": f"{about}, each group left out of what taught it",
    }
    version = f"{opened.fields['version']}-taught"
    return {**opened.fields, "version": version, "calibration": calibration, "training": training}


def _heard(
    dataset: Dataset,
    outputs: Callable[[Excerpt], tuple[FloatArray, FloatArray] | None],
    workers: int | None,
    progress: Progress,
) -> tuple[list[Sample], Float64Array, Float64Array]:
    """The samples with music, their logits [N, K] and embeddings [N, D]."""
    samples, found, problems = [], [], []
    excerpts = [sample.excerpt for sample in dataset.samples]
    outcomes = run(outputs, excerpts, workers=workers, limits=file_limits(attrgetter("path")))
    for done, (sample, outcome) in enumerate(zip(dataset.samples, outcomes, strict=True), 1):
        progress("listen", done, len(excerpts))
        if outcome.error is not None:
            if not is_of_the_file(outcome.error):
                raise outcome.error
            problems.append(outcome.error)
        elif (said := outcome.unwrap()) is not None:
            samples.append(sample)
            found.append(said)
    if len(problems) == len(excerpts) > 0:
        raise CorpusError(f"no sample can be read: {problems[0]}")
    logits, embedding = zip(*found, strict=True) if found else ((), ())
    return samples, np.array(logits, np.float64), np.array(embedding, np.float64)


@lru_cache(maxsize=1)
def _network(bundle: str | None) -> EmotionNetwork:
    return EmotionNetwork(open_bundle(bundle or DEFAULT))
