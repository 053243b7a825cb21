"""The only module that runs several serving processes on one port, and replaces those that die."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from telefonie.cli import tls
from telefonie.cli.address import Door
from telefonie.cli.logs import log_to_stderr
from telefonie.cli.refusal import or_refusal
from telefonie.settings import Settings
from telefonie.web.peers import Peers

if TYPE_CHECKING:
    from telefonie.cli.process import Stopping

# Between attempts to replace a process when the last one did not come up (the store is away, most likely).
PAUSE_SECONDS: Final = 2.0
_IN_ORDER: Final = (0, -signal.SIGTERM)  # the latter: told to end before it could listen to it
_CONTEXT: Final = multiprocessing.get_context("spawn")
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """One process. `ready` brings its greeting once it serves, and ends with it."""

    process: BaseProcess
    ready: Connection

    def await_greeting(self) -> str | None:
        """What it says when it serves, or None when it ended before."""
        self.ready.poll(None)
        try:
            text: str = self.ready.recv()
        except EOFError:
            return None
        return text


class Crew:
    """The processes of one server. The first one prepares the store before the others begin."""

    def __init__(self, settings: Settings, doors: tuple[Door, ...], figures: Path) -> None:
        self._begin = (settings, doors, figures)
        self._wanted = settings.workers
        self._workers: list[Worker] = []
        self._not_before = 0.0
        self._stopping = False

    def start(self) -> str | None:
        """Wait until all of them serve. The greeting, or None if one did not come up."""
        greetings = [self._fork().await_greeting()]
        if greetings[0]:
            others = [self._fork() for _ in range(self._wanted - 1)]
            greetings += [worker.await_greeting() for worker in others]
        return greetings[0] if all(greetings) else None

    def stop(self) -> None:
        """Have all of them finish what is in flight."""
        self._stopping = True
        for worker in self._workers:
            worker.process.terminate()

    def look_after(self) -> int:
        """Replace the dead until told to stop; the exit code."""
        code = 0
        while self._workers:
            pause = max(0.0, self._not_before - monotonic()) if self._missing else None
            wait([worker.process.sentinel for worker in self._workers], pause)
            dead = [worker for worker in self._workers if worker.process.exitcode is not None]
            self._workers = [worker for worker in self._workers if worker not in dead]
            if self._stopping:
                code = code or int(any(worker.process.exitcode not in _IN_ORDER for worker in dead))
            else:
                self._mourn(dead)
                self._replace()
        return code if self._stopping else 1

    @property
    def _missing(self) -> int:
        return self._wanted - len(self._workers)

    def _mourn(self, dead: list[Worker]) -> None:
        for worker in dead:
            served = worker.ready.poll()
            pid, code = worker.process.pid, worker.process.exitcode
            _LOG.error("Process %s ended with code %s; another one takes its place", pid, code)
            if not served:
                self._not_before = monotonic() + PAUSE_SECONDS

    def _replace(self) -> None:
        if self._workers and monotonic() >= self._not_before:
            for _ in range(self._missing):
                self._fork()

    def _fork(self) -> Worker:
        theirs, ours = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(target=_work, args=(*self._begin, ours))
        process.start()
        ours.close()
        worker = Worker(process, theirs)
        self._workers.append(worker)
        if self._stopping:  # told to while this one was being made
            process.terminate()
        return worker


def run(settings: Settings, doors: tuple[Door, ...]) -> int:
    """Serve with several processes until told to stop; the exit code."""
    with tempfile.TemporaryDirectory(prefix="telefonie-figures-") as figures:
        crew = Crew(settings, doors, Path(figures))
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: crew.stop())
        greeting = crew.start()
        if greeting:
            print(greeting, flush=True)
        else:
            crew.stop()
        return crew.look_after()


def _work(settings: Settings, doors: tuple[Door, ...], figures: Path, ready: Connection) -> None:
    """What each process does."""
    # Ctrl-C on a terminal reaches all processes of it; the parent passes it on, once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log_to_stderr(settings)
    gc.disable()
    # Only the children load what serves.
    from telefonie.cli import process  # noqa: PLC0415

    peers = Peers(figures, str(os.getpid()))

    def serve() -> int:
        papers = tls.papers(settings, tls.wall())
        duty = process.Duty(settings, doors, ready.send, papers, (signal.SIGTERM,), peers, _follow_parent)
        return process.run(duty)

    sys.exit(or_refusal(serve))


def _follow_parent(stopping: Stopping) -> None:
    """Without its parent a process would keep the port for ever."""
    parent = multiprocessing.parent_process()
    loop = asyncio.get_running_loop()

    def follow() -> None:
        if parent is not None:
            parent.join()
            with suppress(RuntimeError):  # we were quicker
                loop.call_soon_threadsafe(stopping.ask)

    threading.Thread(target=follow, daemon=True).start()
