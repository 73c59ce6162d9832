"""The server: a socket, the application, the worker beside it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack

import uvicorn

from moodprint.errors import OptionError
from moodprint.service.app import make_app
from moodprint.service.observed import log_to_stderr
from moodprint.service.settings import ServiceSettings
from moodprint.service.supervisor import WorkerProcess


def run_server(
    settings: ServiceSettings, *, worker: bool, announce: Callable[[str], object]
) -> None:
    """Serve until the process is asked to end; ``worker`` starts one beside it.

    ``announce`` is given the address once it is listened at.

    Raises:
        OptionError: the port is taken; and what ``make_app`` raises.
    """
    log_to_stderr()
    app = make_app(settings)
    with ExitStack() as stack:
        listening = stack.enter_context(_listening(settings))
        if worker:
            process = WorkerProcess(settings)
            stack.callback(process.close)
        host, port = listening.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        announce(address)
        config = uvicorn.Config(
            app,
            server_header=False,
            access_log=False,  # `observed` writes one, without names
            log_config=None,
            timeout_graceful_shutdown=5,
        )
        uvicorn.Server(config).run([listening])


def _listening(settings: ServiceSettings) -> socket.socket:
    """Bound before anything is said: who reads the address can call it."""
    family, kind, protocol, _, place = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM
    )[0]
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(place)
        listening.listen()
    except OSError as error:
        listening.close()
        raise OptionError(
            f"--port: {settings.host}:{settings.port} cannot be had ({error.strerror})"
        ) from error
    return listening
