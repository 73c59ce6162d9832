"""A fresh Python process that serves at the other end of a connection.

Unlike multiprocessing's own, it does not run the caller's script once more, so that a script may
use workers without  if __name__ == "__main__".
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from multiprocessing.connection import Connection

_SERVE = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[2]); "
    "from moodprint.engine.worker import serve; serve(int(sys.argv[1]))"
)


def start_process(*, quiet: bool) -> tuple[subprocess.Popen[bytes], Connection]:
    """The process, and our end of the connection to it.

    It has our search path for modules and our interpreter's options, no standard input, and a
    process group of its own, so that a terminal's Ctrl-C is the caller's alone to answer. Where it
    is ``quiet`` what libraries write to standard error is dropped: decoders speak of each packet.
    """
    ours, theirs = multiprocessing.Pipe()
    options = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    # -P: the folder we stand in may hold a stranger's numpy.py.
    command = [sys.executable, *options, "-P", "-c", _SERVE, str(theirs.fileno())]
    process = subprocess.Popen(
        [*command, json.dumps(sys.path)],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else None,
        process_group=0,
    )
    theirs.close()
    return process, ours
