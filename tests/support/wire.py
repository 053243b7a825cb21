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
        try:
            found = await self._store.write(work)
        finally:
            self.written += 1
            self._news.ring()
        self._burn()
        return found

    async def read(self, work: Callable[[Connection], R]) -> R:
        self._check()
        return await self._store.read(work)

    async def tell(self, hint: Hint, /) -> None:
        await self._store.tell(hint)

    def ear(self, url: str, heard: Callable[[Hint], None], /) -> Ear | None:
        return self._store.ear(url, heard)

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
