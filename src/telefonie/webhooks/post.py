"""The only module that carries letters: every HTTP request of the server to the world leaves here."""

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver

from telefonie.engine.letters import Keeper, Letter, Measurer, Receipt, Want
from telefonie.reach.dial import Gate, PermittedNames, SystemNames, dials_of_this_task
from telefonie.reach.faults import Complaint
from telefonie.reach.guard import Guard
from telefonie.webhooks.answer import Answer
from telefonie.webhooks.deadline import Deadlines
from telefonie.webhooks.errand import Errand
from telefonie.webhooks.faults import Patience, complaint
from telefonie.webhooks.masks import Headers
from telefonie.webhooks.request import Desk, Request, Unsendable

# A connection that the peer closed while it was idle shows within a round trip. One that is lost later
# was lost with the letter in the peer's hands: an attempt of its own, which the engine counts.
_STALE_WITHIN: Final = 1.0
_BUFFER: Final = 16 * 1024


class _Dropped(Exception):
    """The connection was lost before an answer; hidden from aiohttp, which would repeat a GET by itself."""


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as lost:
        raise _Dropped from lost


_ONCE: Final = (_once,)
_FAILED: Final = (aiohttp.ClientError, _Dropped, TimeoutError)
_LOST: Final = (_Dropped, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


class HttpPostman:
    """Carries letters over HTTP, at most `connections` at a time; the others wait before their time runs."""

    def __init__(
        self,
        guard: Guard,
        user_agent: str,
        *,
        connections: int = 256,
        connect_timeout: float = 5.0,
        total_timeout: float = 15.0,
        idle_seconds: float = 4.0,  # below the 5 s after which many servers close an idle connection
        body_limit: int = 16 * 1024,
        names: AbstractResolver | None = None,
        names_seconds: int = 10,  # how long the addresses of a name are remembered
        tls: ssl.SSLContext | None = None,
        wall: Callable[[], float] = time.time,
        measurer: Measurer | None = None,  # of sounds; closed with the postman
        keeper: Keeper | None = None,  # of sounds that were measured
    ) -> None:
        self._guard = guard
        self._seats = asyncio.Semaphore(connections)
        self._patience = Patience(connect_timeout, total_timeout)
        self._usual = _timeout(self._patience)
        self._deadlines = Deadlines()
        self._idle_seconds = idle_seconds
        self._body_limit = body_limit
        self._names = names
        self._names_seconds = names_seconds
        self._tls = tls
        self._wall = wall
        self._measurer = measurer
        self._keeper = keeper
        self._desk = Desk(user_agent)
        self._session: aiohttp.ClientSession | None = None
        self._resolver: PermittedNames | None = None
        self._closed = False

    async def send(self, letter: Letter) -> Receipt:
        """One attempt. Whatever the letter or its receiver does is told in the receipt."""
        if letter.want is not Want.NOTHING:
            return await self._fetch(letter)
        await self._seats.acquire()
        try:
            sent_at = self._wall()
            started = time.perf_counter()
            answer = Answer()
            sent: Headers = ()
            wrong: Complaint | None
            try:
                request = self._desk.word(letter, sent_at)
            except Unsendable as unsendable:
                wrong = unsendable.complaint
            else:
                sent = request.shown
                wrong = await self._carry(request, answer, started, self._patience_with(letter))
        finally:
            self._seats.release()
        body, cut = answer.text(self._body_limit)
        return Receipt(
            answer.status,
            wrong.fault if wrong else "",
            wrong.message if wrong else "",
            sent,
            answer.headers,
            body,
            cut,
            sent_at,
            (time.perf_counter() - started) * 1000,
        )

    async def close(self) -> None:
        """Close all connections; what is still under way fails."""
        self._closed = True
        self._deadlines.stop()
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        if self._resolver is not None:
            await self._resolver.close()
        if self._measurer is not None:
            await self._measurer.close()

    async def _fetch(self, letter: Letter) -> Receipt:
        """The same for what is wanted: wherever it has moved to, within the time of one letter."""
        errand, patience = Errand(letter), self._patience_with(letter)
        async with self._seats:
            sent_at = self._wall()
            started = time.perf_counter()
            try:
                with self._deadlines.of(patience.total):
                    await self._follow(errand, patience)
                    await errand.measure(self._measurer)
                    await errand.keep(self._keeper)
            except _FAILED as error:
                errand.fail(error, patience)
            finally:
                errand.answer.throw_away()
        return errand.receipt(self._body_limit, sent_at, (time.perf_counter() - started) * 1000)

    def _patience_with(self, letter: Letter) -> Patience:
        """How long its receiver is waited for."""
        if letter.connect_s is None or letter.total_s is None:
            return self._patience
        return Patience(letter.connect_s, letter.total_s)

    async def _follow(self, errand: Errand, patience: Patience) -> None:
        while (request := errand.word(self._desk, self._wall())) is not None:
            await self._ask(request, errand.answer, time.perf_counter(), patience)
            if not errand.goes_on():
                return

    async def _carry(
        self, request: Request, answer: Answer, started: float, patience: Patience
    ) -> Complaint | None:
        """An ordinary letter, within its time."""
        try:
            with self._deadlines.of(patience.total):
                await self._ask(request, answer, started, patience)
        except _FAILED as error:
            return complaint(error, request.target.host, patience)
        return None

    async def _ask(self, request: Request, answer: Answer, started: float, patience: Patience) -> None:
        """The exchange, and once more when it was begun on a connection that had gone stale."""
        dials = dials_of_this_task()
        before = dials.count
        try:
            await self._exchange(request, answer, patience)
        except aiohttp.ClientConnectorError:
            raise  # by its class a lost connection as well, but there was none yet
        except _LOST:
            kept = dials.count == before
            if not kept or answer.status is not None or time.perf_counter() - started > _STALE_WITHIN:
                raise
            await self._exchange(request, answer, patience)

    async def _exchange(self, request: Request, answer: Answer, patience: Patience) -> None:
        session = self._session or self._open()
        response = await session.request(
            request.method,
            request.target.url,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            middlewares=_ONCE if request.method == "GET" else None,
            timeout=self._usual if patience is self._patience else _timeout(patience),
        )
        try:
            await answer.read(response, self._body_limit)
        finally:
            if answer.ended:
                response.release()
            else:
                response.close()  # there is more than we keep: never wait for the rest

    def _open(self) -> aiohttp.ClientSession:
        """Made late, since it belongs to the loop that is running."""
        if self._closed:
            raise RuntimeError("this postman is closed")
        self._resolver = PermittedNames(self._guard, self._names or SystemNames())
        connector = aiohttp.TCPConnector(
            limit=0,  # the seats bound it; a wait in aiohttp would count as the customer's time
            keepalive_timeout=self._idle_seconds,
            resolver=self._resolver,
            ttl_dns_cache=self._names_seconds,
            socket_factory=Gate(self._guard),
            ssl=self._tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=self._usual,
            auto_decompress=False,
            read_bufsize=_BUFFER,
        )
        return self._session


def _timeout(patience: Patience) -> aiohttp.ClientTimeout:
    """Of the connection alone: the total is the deadline's."""
    return aiohttp.ClientTimeout(connect=patience.connect)
