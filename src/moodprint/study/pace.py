"""How far a study's trials are, by the time that each takes and not by their number: one kind of
model may take a hundred times as long as another."""

from __future__ import annotations

from collections.abc import Sequence

from moodprint.study.trial import Trial, TrialResult

Cell = tuple[str, str]


class Pace:
    """Knows the trials that wait, and what those that are done took."""

    def __init__(self, waiting: Sequence[Trial], known: Sequence[TrialResult]) -> None:
        self._total = len(waiting)
        self._left: dict[Cell, int] = {}
        for trial in waiting:
            self._left[_cell(trial)] = self._left.get(_cell(trial), 0) + 1
        self._seconds: dict[Cell, list[float]] = {}
        self._spent_s = 0.0
        for result in known:
            self._learn(result)

    def finish(self, result: TrialResult) -> float:
        """Take a result; how much is done, in trials that would all take as long: in [0, N], and N
        after the last."""
        self._learn(result)
        self._spent_s += result.seconds
        self._left[_cell(result.trial)] -= 1
        left_s = sum(count * self._expected_s(cell) for cell, count in self._left.items())
        if not any(self._left.values()):
            return float(self._total)
        whole_s = self._spent_s + left_s
        return self._total * self._spent_s / whole_s if whole_s else 0.0

    def _learn(self, result: TrialResult) -> None:
        self._seconds.setdefault(_cell(result.trial), []).append(result.seconds)

    def _expected_s(self, cell: Cell) -> float:
        """The mean of the cell, else of its model on other features, else of all."""
        features, model = cell
        of_model = [s for (_, name), took in self._seconds.items() if name == model for s in took]
        all_s = [s for took in self._seconds.values() for s in took]
        known = self._seconds.get((features, model)) or of_model or all_s
        return sum(known) / len(known) if known else 0.0


def _cell(trial: Trial) -> Cell:
    return trial.features, trial.model
