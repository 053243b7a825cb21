"""The only module that puts the application together without a store: the bar for what durability costs.

Everything above the store is the real thing: server, gate, face, validation, switchboard, committer, the
decisions of the core and the wording of their answers. What the store's floor would do is not done at all:
no rows are worded, no statement is made, no thread is asked, nothing is kept. That is a stricter bar than a
database in memory, and it is meant to be. A program of its own: `python -m benchmarks.storeless`.
"""

from __future__ import annotations

import hmac
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, cast

import uvicorn

from benchmarks.serving import host
from telefonie.app import build_app
from telefonie.cli.address import Door
from telefonie.cli.process import Server
from telefonie.core.accounts import Account
from telefonie.core.call import Call
from telefonie.core.clocks import Clock, Mode
from telefonie.core.events import Event
from telefonie.dialects.telefonie.letters import TelefonieFace
from telefonie.engine.committer import Committer
from telefonie.engine.decide import Committed, Decider, Look
from telefonie.engine.decisions import Decision
from telefonie.engine.doorman import Seal
from telefonie.engine.facts import Facts
from telefonie.engine.house import Engine, Options
from telefonie.engine.letters import Letter, Receipt
from telefonie.engine.ports import Faces
from telefonie.engine.registry import EVERYTHING, Caller, Registry, digest
from telefonie.engine.switchboard import Switchboard
from telefonie.settings import DEVELOPMENT_KEY, Settings
from telefonie.store.connect import Connection, Hint
from telefonie.store.lanes import Outgoing
from telefonie.store.unit import Unit
from telefonie.web.figures import Figures
from telefonie.web.links import Links

R = TypeVar("R")
_ACCOUNT: Final = Account("00000000-0000-4000-8000-000000000001", "bench", 0)


class Nowhere:
    """A store that does nothing."""

    url = "nowhere"
    shared = False

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    async def write(self, work: Callable[[Connection], R]) -> R:
        return work(cast(Connection, None))

    read = write

    async def scrub(self) -> bool:
        return True

    async def tell(self, hint: Hint, /) -> None: ...

    def ear(self, _url: str, _heard: Callable[[Hint], None], /) -> None: ...


class Forgetful:
    """A batch's unit that keeps its clock and nothing else."""

    def __init__(self, clock: Clock) -> None:
        self.wall = time.time_ns() // 1_000_000
        self.clocks = {clock.account_id: clock}

    def save(self, _call: Call, _happened: Sequence[Event]) -> None: ...
    def send(self, _letter: Outgoing) -> None: ...


class Unstored(Decider):
    """Decides without loading and without writing."""

    def __init__(self, faces: Faces) -> None:
        super().__init__(faces, 0)
        now = time.time_ns() // 1_000_000
        self._clock = Clock(_ACCOUNT.id, Mode.MANUAL, 1.0, now, now)

    def commit(self, conn: Connection, asked: Sequence[Decision], look: Look) -> Committed:  # noqa: ARG002 - the shape is the decider's
        unit = cast(Unit, Forgetful(self._clock))
        facts = Facts()
        return Committed([self._one(unit, facts, each, {}) for each in asked], wall=unit.wall)


class OneCaller(Registry):
    """Knows one key. Hashing and comparing it costs what it costs the real one."""

    def __init__(self, store: Nowhere, key: str) -> None:
        super().__init__(store)
        self._digest = digest(key)
        self._caller = Caller(_ACCOUNT, EVERYTHING, "00000000-0000-4000-8000-000000000002")

    async def authenticate(self, key: str) -> Caller | None:
        return self._caller if hmac.compare_digest(self._digest, digest(key)) else None


class Homebody:
    """A postman without letters."""

    async def send(self, letter: Letter) -> Receipt:
        raise NotImplementedError(letter.id)

    async def close(self) -> None: ...


class StorelessEngine(Engine):
    """The engine, with these parts in the place of its own."""

    def __init__(self, faces: Faces, key: str) -> None:
        store = Nowhere()
        meters: Any = Figures()
        super().__init__(store, faces, Homebody(), Options(meters=meters))
        self._committer = Committer(store, Unstored(faces), meters)
        self.switchboard = Switchboard(store, self._committer)
        self.registry = OneCaller(store, key)

    async def start(self) -> None:
        self._committer.start()

    async def stop(self) -> None:
        await self._committer.stop()


async def _server(listening: socket.socket) -> uvicorn.Server:
    engine = StorelessEngine(
        {"telefonie": TelefonieFace(Links(Seal(secret=b"bench"), "http://127.0.0.1:8080"))}, DEVELOPMENT_KEY
    )
    await engine.start()
    app = build_app(engine, Settings(), known_keys=True)
    return Server(app, [Door(listening, "")], None, lambda: None)


if __name__ == "__main__":
    host(_server)
