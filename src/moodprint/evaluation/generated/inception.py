"""How sure a classifier is of generated things, and how many of its classes they fill."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array


def inception_score(probabilities: npt.ArrayLike) -> float:
    """exp of the mean divergence of answers [N, K] from the mean answer (Salimans et al., 2016).

    From 1, where all are alike or unsure, to K, where all are sure and classes equally frequent.

    Raises:
        OptionError: no table of probabilities.
    """
    answers = validate.probabilities(probabilities)
    overall = float(_entropy(answers.mean(0, keepdims=True))[0])
    return float(np.exp(overall - _entropy(answers).mean()))


def mean_entropy(probabilities: npt.ArrayLike) -> float:
    """How unsure answers [N, K] are on average, in nats: 0 where each is sure, ln K at most.

    Over classes of pitch this is GANSynth's pitch entropy (Engel et al., ICLR 2019).

    Raises:
        OptionError: no table of probabilities.
    """
    return float(_entropy(validate.probabilities(probabilities)).mean())


def _entropy(answers: Float64Array) -> Float64Array:
    logs = np.log(np.where(answers > 0, answers, 1.0))
    return -(answers * logs).sum(1)
