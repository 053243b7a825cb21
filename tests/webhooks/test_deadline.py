"""Work is cut when its time is over, and for no other reason."""

from __future__ import annotations

import asyncio

import pytest

from telefonie.webhooks.deadline import Deadline


async def _forever() -> None:
    await asyncio.Event().wait()


async def _at_once() -> str:
    return "done"


async def test_work_that_is_done_in_time_gives_its_result() -> None:
    deadline = Deadline(1)
    assert await deadline.keep(_at_once()) == "done"
    deadline.stop()


async def test_work_that_takes_too_long_is_cut() -> None:
    with pytest.raises(TimeoutError):
        await Deadline(0.02).keep(_forever())
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0


async def test_each_piece_of_work_has_the_whole_time() -> None:
    """One timer serves all: it must cut each at its own moment, the late one later."""
    loop = asyncio.get_running_loop()
    deadline = Deadline(0.1)

    async def cut_after() -> float:
        begun = loop.time()
        with pytest.raises(TimeoutError):
            await deadline.keep(_forever())
        return loop.time() - begun

    first = asyncio.create_task(cut_after())
    second: asyncio.Future[asyncio.Task[float]] = loop.create_future()
    loop.call_later(0.05, lambda: second.set_result(asyncio.create_task(cut_after())))
    waited = [await first, await (await second)]
    assert all(0.09 < each < 0.5 for each in waited), waited
    assert [await deadline.keep(_at_once()), await deadline.keep(_at_once())] == ["done", "done"]
    with pytest.raises(TimeoutError):
        await deadline.keep(_forever())


async def test_a_cancellation_from_outside_stays_one() -> None:
    deadline = Deadline(5)
    task = asyncio.create_task(deadline.keep(_forever()))
    asyncio.get_running_loop().call_soon(task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    deadline.stop()


async def test_a_cancellation_from_outside_wins_over_a_time_out() -> None:
    async def cancelled_while_it_is_cut() -> None:
        try:
            await _forever()
        finally:
            task.cancel()

    task = asyncio.create_task(Deadline(0.02).keep(cancelled_while_it_is_cut()))
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_work_is_passed_on() -> None:
    async def broken() -> None:
        raise LookupError("nothing there")

    deadline = Deadline(1)
    with pytest.raises(LookupError, match="nothing there"):
        await deadline.keep(broken())
    deadline.stop()
