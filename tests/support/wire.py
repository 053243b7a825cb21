"""The only module that stands between an engine and its store: a wire that can be cut or held up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from telefonie.store.connect import Ear, Hint, Store, Unavailable
from tests.support.customer import News

R = TypeVar("R")


class Wire:
    """A store as one process sees it. After every write there is news."""

    def __init__(self, store: Store, news: News) -> None:
        self.url = store.url
        self.shared = store.shared
        self.writes = 0  # begun
        self.written = 0
        self._store = store
        self._news = news
        self._whole = True
        self._last: Callable[[Connection], bool] = lambda _: False
        self._free = asyncio.Event()
        self._free.set()
        self._left: int | None = None  # writes until it is cut
        self._last_word = True
        self.refused = 0  # what was asked after it was cut

    async def start(self) -> None:
        await self._store.start()

    async def stop(self) -> None:
        await self._store.stop()

    async def write(self, work: Callable[[Connection], R]) -> R:
        self.writes += 1
        await self._pass()
        last = False

        def watched(conn: Connection) -> R:
            nonlocal last
            done = work(conn)
            last = self._last(conn)
            return done

        try:
            found = await self._store.write(watched)
        finally:
            if last:
                self.cut_once(lambda _: False)
                self.cut()
            self.written += 1
            self._news.ring()
        self._burn()
        return found

    async def read(self, work: Callable[[Connection], R]) -> R:
        self._check()
        return await self._store.read(work)

    async def scrub(self) -> bool:
        self._check()
        return await self._store.scrub()

    async def tell(self, hint: Hint, /) -> None:
        await self._store.tell(hint)

    def ear(self, url: str, heard: Callable[[Hint], None], /) -> Ear | None:
        return self._store.ear(url, heard)

    @property
    def whole(self) -> bool:
        """Whether anything goes through."""
        return self._whole

    def cut(self) -> None:
        """From now on nothing goes through."""
        self._whole = False
        self._free.set()
        self._news.ring()

    def cut_after(self, writes: int, *, last_word: bool) -> None:
        """So many writes more go through. `last_word`: who made the last one learns that it did."""
        self._left, self._last_word = writes, last_word

    def _burn(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                self.cut()
                if not self._last_word:
                    self._check()

    def cut_once(self, last: Callable[[Connection], bool]) -> None:
        """The first write that leaves the store like this is the last one that goes through."""
        self._last = last

    def mend(self) -> None:
        self._whole = True

    def hold(self) -> None:
        """From now on writes wait; reads go through."""
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    async def _pass(self) -> None:
        self._check()
        self._news.ring()
        await self._free.wait()
        self._check()

    def _check(self) -> None:
        if not self._whole:
            self.refused += 1
            self._news.ring()
            raise Unavailable("the wire is cut")
