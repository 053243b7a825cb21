"""The only module that turns the host of a URL into a socket; here the guard stands."""

import asyncio
import errno
import socket
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

from telefonie.reach.guard import Guard

_NAME_THREADS: Final = 16


class ForbiddenTarget(OSError):
    """The guard objects. An OSError so that aiohttp carries it along as the cause of a failed connection."""

    def __init__(self, objection: str) -> None:
        super().__init__(errno.EACCES, objection)
        self.objection = objection


class Dials:
    """How many connections one task has begun to open: tells whether a request rode on a kept one."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


# A context variable, since aiohttp opens sockets in tasks of its own: those inherit the value.
_dials: Final[ContextVar[Dials]] = ContextVar("dials")


def dials_of_this_task() -> Dials:
    """Set once for a task, not for each letter: the loop keeps a copy of the context for every timer."""
    dials = _dials.get(None)
    if dials is None:
        dials = Dials()
        _dials.set(dials)
    return dials


class Gate:
    """Makes sockets for permitted addresses only.

    aiohttp asks for a socket for each address that it is about to connect to: the outcome of a name
    as well as an address written in the URL, IPv4 and IPv6. So nothing is connected to unseen.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def __call__(self, address: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        family, kind, protocol, _, where = address
        dials_of_this_task().count += 1
        objection = self._guard.objection(str(where[0]))
        if objection:
            raise ForbiddenTarget(objection)
        return socket.socket(family=family, type=kind, proto=protocol)


class PermittedNames(AbstractResolver):
    """Leaves out the forbidden addresses of a name, so that the outcome does not hang on their order.

    The gate behind it would refuse them too; what this adds is the reason when none is left.
    """

    def __init__(self, guard: Guard, names: AbstractResolver) -> None:
        self._guard = guard
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        if not found:
            raise OSError(errno.ENOENT, "it has no address")
        objections = [self._guard.objection(one["host"]) for one in found]
        if all(objections):
            raise ForbiddenTarget(f"{host} leads inside: {objections[0]}")
        return [one for one, objection in zip(found, objections, strict=True) if not objection]

    async def close(self) -> None:
        await self._names.close()


class SystemNames(AbstractResolver):
    """Asks the system's resolver, in threads of its own.

    A lookup can hang for half a minute and cannot be stopped; in the loop's shared threads a few dead
    name servers would hold up everything else that uses them.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_NAME_THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        ask = partial(socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return [
            ResolveResult(
                hostname=host,
                host=str(where[0]),
                port=port,
                family=kin,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kin, _, protocol, _, where in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
