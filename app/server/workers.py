"""The processes that serve: each takes callers by a socket of its own, and a stop loses no request.

Several processes that share one socket take very different numbers of callers: whichever wakes up first takes all that
wait. And callers that wait in a shared socket are cut off when the last process has stopped. On Linux the system itself
spreads callers over sockets of one address.
"""

import asyncio
import logging
import multiprocessing
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from uvicorn import _subprocess
from uvicorn.config import Config
from uvicorn.server import Server
from uvicorn.supervisors import multiprocess
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from app.server.cache_access import find_service
from app.settings import ROOT

log = logging.getLogger("stodkatalog")

STARTUP_FAILURE = 3
"""uvicorn's exit code of a worker that could not start."""

FORKER_ENDED = 255
"""What multiprocessing says of a worker that it cannot know of, as the process that it was forked from has ended."""

SPREADS = sys.platform == "linux"
"""Whether the system spreads callers over several sockets of one address; that of macOS takes one of them."""


def run_workers(**options: Any) -> None:
    """Serve with uvicorn's options until a signal comes. Ends the process where nothing could be served."""
    config = Config(**options)
    if config.workers == 1:
        server = GracefulServer(config)
        with suppress(KeyboardInterrupt):
            server.run()
        if not server.started:
            sys.exit(STARTUP_FAILURE)
        return
    # Bound, so that nobody else takes the address, and without a queue: the workers have theirs.
    listener = open_socket(config) if SPREADS else config.bind_socket()
    multiprocess.Process = Worker  # type: ignore[misc]  # by this name uvicorn makes its processes
    if SPREADS:
        fork_workers()
    Supervisor(config, [] if SPREADS else [listener]).run()
    listener.close()


def fork_workers() -> None:
    """Have workers forked from one process that has imported the service: they start at once, and share its memory.

    That process has no threads and no connections; the system of macOS cannot fork safely even so.
    """
    # This package, and no other of its name in the folder that the service is started in.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    os.environ["PYTHONSAFEPATH"] = "1"
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["app.server.preloaded"])
    _subprocess.spawn = forking  # type: ignore[assignment]  # by this name uvicorn starts its processes


def open_socket(config: Config) -> socket.socket:
    """A socket that is bound to the address and does not listen yet; another process may have one, too."""
    opened = socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if SPREADS:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    opened.bind((config.host, config.port))
    return opened


class GracefulServer(Server):
    """Accepts the connections that wait before it stops listening."""

    _listener: socket.socket | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, once the service can answer."""
        self._listener = next(iter(sockets or []), None) or open_socket(self.config)
        await super().startup([self._listener])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, answer what was asked, and end."""
        service = find_service(self.config.loaded_app)
        if service is not None:
            service.state.is_stopping = True
        waiting = take_waiting(self._listener) if self._listener is not None else []
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        for connection in waiting:
            await loop.connect_accepted_socket(self._create_protocol, connection)
        await super().shutdown(sockets)

    def _create_protocol(self) -> asyncio.Protocol:
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol


def take_waiting(listener: socket.socket) -> list[socket.socket]:
    """The connections that wait to be accepted."""
    taken = []
    listener.setblocking(False)
    while True:
        try:
            taken.append(listener.accept()[0])
        except OSError:  # no connection waits, or the socket is closed
            return taken


class Worker(Process):
    """A process that serves."""

    @property
    def server(self) -> Server:
        """Made in the process itself."""
        if self._server is None:
            self._server = GracefulServer(self.config)
        return self._server

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, in the process itself."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # see app.server.preloaded
        super().target(sockets)


class Supervisor(Multiprocess):
    """Starts the workers, and another one in place of each that ends."""

    def keep_subprocess_alive(self) -> None:
        """Replace workers that have ended, and say so.

        uvicorn's own waits for an answer of each worker, for as long as one may take to start: a signal that comes
        meanwhile would have to wait, too.
        """
        for place, worker in enumerate(self.processes):
            if self.should_exit.is_set() or worker.process.is_alive():
                continue
            worker.join()
            if worker.exitcode == STARTUP_FAILURE:  # the next one would end in the same way
                log.error("a worker could not start")
                self.should_exit.set()
                return
            log.warning("a worker ended and is replaced: process %s, exit code %s", worker.pid, worker.exitcode)
            if worker.exitcode == FORKER_ENDED and worker.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(worker.pid, signal.SIGTERM)  # it may well be serving still
            self.processes[place] = Worker(self.config, self.sockets)
            self.processes[place].start()
