"""The only module that runs one serving process, from its start to its graceful stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from telefonie.app import Welcome, build_app, make_engine, settle
from telefonie.cli.address import BACKLOG, Door
from telefonie.cli.greeting import greeting, place
from telefonie.cli.patience import PatientProtocol, end_overdue
from telefonie.cli.refusal import Refusal, reason_of
from telefonie.cli.tls import GOODBYE_SECONDS, HANDSHAKE_SECONDS, Papers, keep_fresh
from telefonie.engine.house import Engine
from telefonie.settings import BadSetting, Settings
from telefonie.store.schema import Unfitting
from telefonie.web.figures import Figures
from telefonie.web.links import url_of
from telefonie.web.logs import Masker
from telefonie.web.peers import Peers

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

# Requests that still wait then (an `advance` may take minutes) are cut; letters have their own limit of 15 s.
# Together they stay below the half minute after which Docker and Kubernetes kill.
GRACE_SECONDS: Final = 10
AT_ONCE_SECONDS: Final = 0.5
KEEP_ALIVE_SECONDS: Final = 75  # longer than clients keep idle connections, so that they close first
_LOG: Final = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Says when it listens, and leaves signals to us: after it, the engine has to stop too."""

    def __init__(
        self,
        app: ASGIApp,
        doors: Sequence[Door],
        papers: Papers | None,
        ready: Callable[[], None],
        handshake_seconds: float = HANDSHAKE_SECONDS,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                interface="asgi3",
                http=PatientProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._doors = doors
        self._papers = papers
        self._ready = ready
        self._handshake_seconds = handshake_seconds

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        del sockets  # which uvicorn would open all in one way
        await super().startup([door.listening for door in self._doors if not door.encrypted])
        self.servers += [await self._encrypted(door) for door in self._doors if door.encrypted]
        gc.freeze()  # what was loaded is never garbage; without it a full collection looks through all of it
        gc.enable()
        self._ready()

    async def _encrypted(self, door: Door) -> asyncio.Server:
        """As uvicorn would, but it knows of no limits to the time that shaking hands takes."""
        return await asyncio.get_running_loop().create_server(
            self._protocol,
            sock=door.listening,
            backlog=BACKLOG,
            ssl=self._papers.context if self._papers else None,
            ssl_handshake_timeout=self._handshake_seconds,
            ssl_shutdown_timeout=GOODBYE_SECONDS,
        )

    def _protocol(self) -> asyncio.Protocol:
        return PatientProtocol(self.config, self.server_state, self.lifespan.state)

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:  # once a second
            end_overdue(self.server_state.connections, asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Stopping:
    """Told to stop once, we finish what is in flight; told twice, we go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.at_once = False
        self._main = asyncio.current_task()

    def ask(self) -> None:
        """Stop, in good order or at once."""
        if self.asked.is_set() and self._main is not None:
            self.at_once = True
            self._main.cancel()
        self.asked.set()

    def heed(self, signals: Sequence[signal.Signals]) -> None:
        """Take these as being told."""
        loop = asyncio.get_running_loop()
        for each in signals:
            try:
                loop.add_signal_handler(each, self.ask)
            except NotImplementedError:  # Windows
                signal.signal(each, lambda *_: loop.call_soon_threadsafe(self.ask))


@dataclass(frozen=True, slots=True)
class Duty:
    """What one process has to do. `tell` gets the greeting once it listens."""

    settings: Settings
    doors: Sequence[Door]
    tell: Callable[[str], None]
    papers: Papers | None = None
    signals: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM)
    peers: Peers | None = None
    watch: Callable[[Stopping], None] = lambda _: None


def run(duty: Duty) -> int:
    """Serve until told to stop; the exit code."""
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_serve(duty))
    except asyncio.CancelledError:
        _LOG.warning("Stopped at once; what was in flight is taken up again at the next start")
        return 1
    return 0


async def _serve(duty: Duty) -> None:
    settings = duty.settings
    stopping = Stopping()
    stopping.heed(duty.signals)
    duty.watch(stopping)
    engine = make_engine(settings, _base(duty))
    await _start(engine, settings)
    try:
        welcome = await _settle(engine, settings)
        known_keys = settings.known_keys or welcome.key is not None
        app = build_app(engine, settings, known_keys=known_keys, peers=duty.peers)
        server = Server(app, duty.doors, duty.papers, lambda: duty.tell(_greeting(duty, welcome)))
        async with asyncio.TaskGroup() as beside:
            beside.create_task(_end(server, stopping))
            if duty.peers and isinstance(engine.meters, Figures):
                beside.create_task(duty.peers.keep_publishing(engine.meters, stopping.asked))
            if duty.papers:
                beside.create_task(keep_fresh(duty.papers, stopping.asked))
            await server.serve(sockets=[door.listening for door in duty.doors])
            stopping.asked.set()
    finally:
        # Told twice while the ports were being closed: what is in flight is not waited for either.
        with suppress(TimeoutError):
            await asyncio.wait_for(engine.stop(), AT_ONCE_SECONDS if stopping.at_once else None)


def _base(duty: Duty) -> str:
    """The address from which links are made when nobody asked for them by another."""
    port: int = duty.doors[0].listening.getsockname()[1]
    return url_of(duty.settings.host, port, duty.settings.scheme)


def _greeting(duty: Duty, welcome: Welcome) -> str:
    authority = duty.papers.authority if duty.papers else None
    return greeting(duty.settings, welcome, [door.url for door in duty.doors], authority)


async def _start(engine: Engine, settings: Settings) -> None:
    try:
        await engine.start()
    except Unfitting as error:
        raise Refusal(str(error)) from None
    except Exception as error:  # whatever a driver says, a person has to be told which store is meant
        _LOG.debug("The store could not be started", exc_info=True)
        reason = Masker(settings.secrets)(reason_of(error))
        raise Refusal(f"The store at {place(settings)} cannot be used: {reason}") from error


async def _settle(engine: Engine, settings: Settings) -> Welcome:
    try:
        return await settle(engine, settings)
    except BadSetting as error:
        raise Refusal(str(error)) from None


async def _end(server: Server, stopping: Stopping) -> None:
    await stopping.asked.wait()
    _LOG.info("Stopping; what is in flight is finished first")
    server.should_exit = True
