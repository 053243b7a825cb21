"""What is remembered for seconds: asked once for all who want it, and never after it was forgotten."""

from __future__ import annotations

import asyncio

import pytest

from telefonie.engine.fresh import Fresh


class Source:
    """Answers when it is let."""

    def __init__(self, answer: str | None = "found") -> None:
        self.answer = answer
        self.asked = 0
        self.begun = asyncio.Event()
        self.let = asyncio.Event()

    async def ask(self) -> str | None:
        self.asked += 1
        answer = self.answer
        self.begun.set()
        await self.let.wait()
        return answer


async def test_one_asks_for_all_who_want_it_at_the_same_time() -> None:
    fresh, source = Fresh[str](), Source()
    wanting = [asyncio.create_task(fresh.get("name", source.ask)) for _ in range(10)]
    await source.begun.wait()
    source.let.set()
    assert await asyncio.gather(*wanting) == ["found"] * 10
    assert await fresh.get("name", source.ask) == "found"
    assert source.asked == 1


async def test_what_is_forgotten_while_it_is_asked_is_asked_again() -> None:
    fresh, source = Fresh[str](), Source()
    early = asyncio.create_task(fresh.get("name", source.ask))
    await source.begun.wait()
    fresh.forget()
    source.answer = "changed"
    source.let.set()
    assert await fresh.get("name", source.ask) == "changed"
    assert await early == "found"
    assert await fresh.get("name", source.ask) == "changed"


async def test_that_nothing_was_found_is_not_remembered() -> None:
    fresh, source = Fresh[str](), Source(None)
    source.let.set()
    assert await fresh.get("name", source.ask) is None
    source.answer = "made meanwhile"
    assert await fresh.get("name", source.ask) == "made meanwhile"


async def test_who_gives_up_takes_the_answer_from_nobody() -> None:
    fresh, source = Fresh[str](), Source()
    impatient = asyncio.create_task(fresh.get("name", source.ask))
    patient = asyncio.create_task(fresh.get("name", source.ask))
    await source.begun.wait()
    impatient.cancel()
    source.let.set()
    assert await patient == "found"
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_failure_reaches_all_who_wait_and_is_not_remembered() -> None:
    fresh, source = Fresh[str](), Source()

    async def fail() -> str | None:
        await source.ask()
        raise LookupError

    wanting = [asyncio.create_task(fresh.get("name", fail)) for _ in range(3)]
    await source.begun.wait()
    source.let.set()
    failed = await asyncio.gather(*wanting, return_exceptions=True)
    assert [type(each) for each in failed] == [LookupError] * 3
    assert await fresh.get("name", source.ask) == "found"
