"""The only module that opens a connection to a program, and words why there is none."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import Final, cast

import aiohttp
from aiohttp.abc import AbstractResolver

from telefonie.engine.letters import Fault
from telefonie.engine.streaming import Unopened
from telefonie.reach import BadUrl, Guard, read_url
from telefonie.reach.address import Target
from telefonie.reach.dial import Gate, PermittedNames, SystemNames
from telefonie.reach.faults import Complaint, first_line, not_connected
from telefonie.streams.wire import MOST_MESSAGE, Wire

_SCHEMES: Final = ("ws", "wss")
_CLOSE_SECONDS: Final = 5.0
_NAMES_SECONDS: Final = 10


async def _no_further(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """A redirect is an answer like any other: a connection stands where it was asked for, or not at all."""
    response = await send(request)
    if response.status in (301, 302, 303, 307, 308):
        response.close()
        raise aiohttp.WSServerHandshakeError(response.request_info, (), status=response.status)
    return response


class Dialler:
    """Opens connections; made on the loop that will use it."""

    def __init__(
        self,
        guard: Guard,
        user_agent: str,
        *,
        connect_seconds: float = 5.0,
        names: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._seconds = connect_seconds
        self._user_agent = user_agent
        self._resolver = PermittedNames(guard, names or SystemNames())
        connector = aiohttp.TCPConnector(
            limit=0,
            resolver=self._resolver,
            ttl_dns_cache=_NAMES_SECONDS,
            socket_factory=Gate(guard),
            ssl=tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_no_further,),
            ws_response_class=Wire,
        )

    async def dial(self, url: str, headers: Iterable[tuple[str, str]]) -> Wire:
        """A connection that stands; raises Unopened."""
        try:
            target = read_url(url, _SCHEMES)
        except BadUrl as bad:
            raise Unopened(Fault.BAD_URL, str(bad)) from None
        try:
            async with asyncio.timeout(self._seconds):
                return await self._open(target, headers)
        except aiohttp.WSServerHandshakeError as refused:
            raise _refused(refused, target.url.host or "") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            found = self._complaint(error, target.url.host or "")
            raise Unopened(found.fault, found.message) from None

    async def close(self) -> None:
        await self._session.close()
        await self._resolver.close()

    async def _open(self, target: Target, headers: Iterable[tuple[str, str]]) -> Wire:
        said = dict(headers)
        said.setdefault("User-Agent", self._user_agent)
        if target.authorization:
            said.setdefault("Authorization", target.authorization)
        opened = await self._session.ws_connect(
            target.url,
            headers=said,
            timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS),
            autoping=False,
            max_msg_size=MOST_MESSAGE,
        )
        return cast("Wire", opened)

    def _complaint(self, error: Exception, host: str) -> Complaint:
        if isinstance(error, TimeoutError):
            return Complaint(Fault.TIMEOUT, f"no connection to {host} within {self._seconds:g} s")
        if isinstance(error, aiohttp.ClientConnectorError):
            return not_connected(error, host)
        if isinstance(error, aiohttp.ClientResponseError):
            return Complaint(Fault.PROTOCOL, f"{host} answered in broken HTTP: {first_line(error.message)}")
        if isinstance(error, ValueError) and not isinstance(error, aiohttp.ClientError):
            return Complaint(Fault.BAD_REQUEST, "a header of the connection cannot be put on the wire")
        return Complaint(Fault.CONNECT, f"{host} closed the connection before it stood")


def _refused(error: aiohttp.WSServerHandshakeError, host: str) -> Unopened:
    if error.status != 101:
        said = f"{host} answered {error.status} instead of opening a connection"
    else:
        said = f"{host} opened a connection against the rules: {first_line(error.message).lower()}"
    return Unopened(Fault.PROTOCOL, said, error.status)
