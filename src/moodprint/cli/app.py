"""The `moodprint` command: finds the sub-command, and is the one place that prints an error."""

from __future__ import annotations

import shutil
import sys
from typing import Annotated, Any

import typer

from moodprint import __version__
from moodprint.cli.exit_status import FAILED, INTERRUPTED, MISUSED, print_error
from moodprint.cli.standard_output import checked_output
from moodprint.errors import MoodprintError, OptionError
from moodprint.import_name import import_name

COMMANDS = {
    "analyze": ("moodprint.cli.analyze:analyze", "Recognise the emotion of songs and videos."),
    "models": ("moodprint.cli.models:app", "List and show the models that are here."),
    "corpus": ("moodprint.cli.corpus:app", "From raw compilations to a clean corpus."),
    "match": ("moodprint.cli.match:app", "Find where else the same music is used."),
    "features": ("moodprint.cli.features:app", "Describe sounds by named numbers."),
    "study": ("moodprint.cli.study:app", "Compare features and models on your own folders."),
    "evaluate": ("moodprint.cli.evaluate:app", "Score a model on your labelled music."),
    "teach": ("moodprint.cli.teach:teach", "Move the recogniser towards your own labels."),
    "train": ("moodprint.cli.train:train", "Fine-tune a network on your labelled music."),
    "serve": ("moodprint.cli.serve:serve", "Answer over HTTP: the page, an API, jobs."),
    "keys": ("moodprint.cli.keys:app", "Keys for callers of other machines."),
    "generate": (
        "moodprint.cli.generate:app",
        "Make music from songs, and prompts for it.",
    ),
}
"""Where each command lives: a function, or a Typer of sub-commands, and its line of help.
Only the module of the command that is called is loaded, so that ``--help`` is quick."""


_LEAST_OF_CLICK = 52

_UsageError: Any = typer.BadParameter.__base__
"""Click's, which newer versions of typer bring along under a name of their own."""


def main(words: list[str] | None = None) -> None:
    """Run the command line ``words`` (those of this process by default) and exit."""
    words = sys.argv[1:] if words is None else words
    try:
        with checked_output():
            try:
                called = _app(words[0] if words else "")
                status = called(words, prog_name="moodprint", standalone_mode=False)
            finally:
                sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    except _UsageError as error:
        sys.exit(_misused(error))
    except (MoodprintError, OSError) as error:
        print_error(error)
        sys.exit(MISUSED if isinstance(error, OptionError) else FAILED)


def _misused(error: Any) -> int:
    """Say in one line what is wrong with the words, and where the right ones stand; a command that
    takes words and got none tells its help instead."""
    if "NoArgs" in type(error).__name__:
        error.show()
    else:
        command = error.ctx.command_path if error.ctx is not None else "moodprint"
        print_error(f"{error.format_message().rstrip('.')}: see  {command} --help")
    return MISUSED


def _app(called: str) -> typer.Typer:
    """All commands by name and help, the called one whole."""
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # its boxes cost 0.1 s to load
        context_settings={"help_option_names": ["-h", "--help"], **_help_width()},
    )
    app.callback()(_moodprint)
    for name, (place, summary) in COMMANDS.items():
        command = import_name(place) if name == called else lambda: None
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, help=summary)
        else:
            app.command(name, short_help=summary)(command)
    return app


def _help_width() -> dict[str, int]:
    """The width of help on a terminal that is narrower than what click takes for the least."""
    columns = shutil.get_terminal_size().columns
    return {"terminal_width": columns - 1} if columns < _LEAST_OF_CLICK else {}


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"moodprint {__version__}")
        raise typer.Exit


def _moodprint(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="The version.")
    ] = False,
) -> None:
    """Hear the emotion of the music in songs and videos, and make mood music to learn from."""
