"""The only module that plays the customer: it keeps every letter in order and answers by its mood."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from telefonie.engine.letters import Fault, Letter, Receipt, Want

PATIENCE_SECONDS: Final = 10.0  # what has not come by then will not come


class News:
    """Something has happened: whoever waits for a condition may look again."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, true: Callable[[], bool | Awaitable[bool]]) -> None:
        """Wait for a condition, which is looked at whenever there is news."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                event = self._event
                found = true()
                if found if isinstance(found, bool) else await found:
                    return
                await event.wait()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer's server does with one request; `after`: it takes its time until that is set."""

    status: int | None = 200
    headers: tuple[tuple[str, str], ...] = ()
    error: str = ""
    took_ms: float = 1.0
    after: asyncio.Event | None = None
    document: str = ""  # what it answers when a document is wanted
    length_ms: int | None = None  # of a sound


FINE: Final = Answer()
BROKEN: Final = Answer(503)
GONE: Final = Answer(None, error=Fault.CONNECT)
NOT_THERE: Final = Answer(404)
Mood: TypeAlias = Callable[[Letter], Answer]


class Customer:
    """One server that gets the letters of all accounts."""

    def __init__(self, news: News) -> None:
        self.got: list[Letter] = []
        self.mood: Mood = lambda _: FINE
        self.waiting = 0  # requests that it has not answered yet
        self.most_waiting = 0
        self._news = news

    async def answer(self, letter: Letter) -> Receipt:
        """One request."""
        self.got.append(letter)
        self.waiting += 1
        self.most_waiting = max(self.most_waiting, self.waiting)
        self._news.ring()
        try:
            answer = self.mood(letter)
            if answer.after is not None:
                await answer.after.wait()
        finally:
            self.waiting -= 1
            self._news.ring()
        return receipt(answer, letter.url)

    def pages(self, pages: Mapping[str, str | Answer]) -> None:
        """Answer questions with these documents, by path; what is not there is 404, letters are fine."""

        def mood(letter: Letter) -> Answer:
            if letter.want is Want.NOTHING:
                return FINE
            found = pages.get(urlsplit(letter.url).path, NOT_THERE)
            return found if isinstance(found, Answer) else Answer(document=found)

        self.mood = mood

    def questions(self, call_id: str | None = None) -> list[dict[str, Any]]:
        """What was asked, in order."""
        asked = [json.loads(each.body) for each in self.got if each.want is Want.DOCUMENT and each.body]
        return [each for each in asked if call_id in (None, each["call"])]

    def bodies(self, call_id: str | None = None) -> list[dict[str, Any]]:
        """What the letters said, in the order of their arrival."""
        said = [json.loads(each.body) for each in self.got if each.want is Want.NOTHING]
        return [each for each in said if call_id in (None, each.get("call"))]


class Line:
    """One process's way to the customer. It can be cut, as when the process dies."""

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._cut = asyncio.Event()

    async def send(self, letter: Letter) -> Receipt:
        asked = asyncio.create_task(self._customer.answer(letter))
        cut = asyncio.create_task(self._cut.wait())
        await asyncio.wait([asked, cut], return_when=asyncio.FIRST_COMPLETED)
        for each in (asked, cut):
            each.cancel()
        await asyncio.wait([asked, cut])
        return receipt(GONE) if asked.cancelled() else asked.result()

    def cut(self) -> None:
        self._cut.set()

    async def close(self) -> None:
        return None


def receipt(answer: Answer, url: str = "") -> Receipt:
    """What a postman brings back."""
    text = answer.document
    return Receipt(
        answer.status,
        answer.error,
        "It did not work." if answer.error else "",
        (),
        answer.headers,
        text,
        False,  # noqa: FBT003 - not cut
        0.0,
        answer.took_ms,
        raw=text.encode(),
        content_type="application/json" if text.startswith("[") else "text/xml",
        url=url,
        length_ms=answer.length_ms,
    )
