"""Which answers of an earlier run still stand, and which files are analysed anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from moodprint.answer_origin import AnswerOrigin, FileState
from moodprint.errors import OptionError
from moodprint.prediction import Answer, Failure, Timeline

MOST_TRIES = 2
"""How often a file may end the process that reads it, until it is not tried any more."""


@dataclass(frozen=True)
class EarlierAnswers:
    """The answers of earlier runs by source, seen from a run with these ``options``.

    Raises:
        OptionError: one was made with other options, or does not say with which.
    """

    answers: Mapping[str, Answer]
    options: Mapping[str, Any]

    def __post_init__(self) -> None:
        for answer in self.answers.values():
            if isinstance(answer, Timeline):
                _check_options(answer, self.options)

    def standing(self, files: Iterable[str]) -> dict[str, Answer]:
        """Those that need not be made again, by source.

        Those of other files than ``files`` stand, if they are no failures. So do those of files
        that are as they were, or are gone; and of those that have ended their process as often as
        they may.
        """
        named = set(files)
        return {
            source: answer
            for source, answer in self.answers.items()
            if (_stands(answer) if source in named else isinstance(answer, Timeline))
        }

    def with_origin(self, answer: Answer, state: FileState | None) -> Answer:
        """A new answer, saying that it was made from a file in this state; of a file that ended
        its process, how often it did so."""
        answer = replace(answer, origin=AnswerOrigin(state, self.options))
        if isinstance(answer, Timeline) or not answer.process_ends:
            return answer
        ends = answer.process_ends + _ends_before(self.answers.get(answer.source), state)
        error = answer.error
        if ends >= MOST_TRIES:
            error += (
                f"; this happened {ends} times, so that --resume does not try it again: touch the "
                "file to have it tried, or leave out --resume"
            )
        return replace(answer, process_ends=ends, error=error)


def as_json_has_them(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as they are after a way through JSON, so that they can be compared."""
    return json.loads(json.dumps(dict(options)))


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What differs between two runs, as a list for people."""
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return ", ".join(f"{name} was {was.get(name)} and is {now.get(name)} now" for name in names)


def _check_options(answer: Timeline, options: Mapping[str, Any]) -> None:
    advice = "repeat those, name a new output, or leave out --resume to begin afresh"
    if answer.origin is None:
        raise OptionError(
            f"the answer for {answer.source} does not say with which options it was made, so that "
            f"it cannot be resumed: {advice}"
        )
    differing = differences(answer.origin.options, options)
    if differing:
        raise OptionError(
            f"the answers that are there were made with other options: {differing}; {advice}"
        )


def _stands(answer: Answer) -> bool:
    state = FileState.of(answer.source)
    if isinstance(answer, Failure):
        return _ends_before(answer, state) >= MOST_TRIES
    return state is None or (answer.origin is not None and answer.origin.file == state)


def _ends_before(answer: Answer | None, state: FileState | None) -> int:
    """How often a file as it is now has ended its process."""
    if not isinstance(answer, Failure) or answer.origin is None or answer.origin.file != state:
        return 0
    return answer.process_ends
