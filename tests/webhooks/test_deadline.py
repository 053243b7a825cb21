"""Work is cut when its time is over, and for no other reason."""

from __future__ import annotations

import asyncio

import pytest

from telefonie.webhooks.deadline import Deadline


async def _forever_within(deadline: Deadline) -> None:
    with deadline:
        await asyncio.Event().wait()


async def test_work_that_takes_too_long_is_cut() -> None:
    with pytest.raises(TimeoutError):
        await _forever_within(Deadline(0.02))
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0


async def test_each_piece_of_work_has_the_whole_time() -> None:
    """One timer serves all: it must cut each at its own moment, and be set again after a rest."""
    loop = asyncio.get_running_loop()
    deadline = Deadline(0.1)

    async def cut_after() -> float:
        begun = loop.time()
        with pytest.raises(TimeoutError):
            await _forever_within(deadline)
        return loop.time() - begun

    with deadline:
        pass  # done in time: its moment passes without harm
    first = asyncio.create_task(cut_after())
    second: asyncio.Future[asyncio.Task[float]] = loop.create_future()
    loop.call_later(0.05, lambda: second.set_result(asyncio.create_task(cut_after())))
    waited = [await first, await (await second), await cut_after()]
    assert all(0.09 < each < 1 for each in waited), waited


async def test_a_cancellation_from_outside_stays_one() -> None:
    deadline = Deadline(5)
    task = asyncio.create_task(_forever_within(deadline))
    asyncio.get_running_loop().call_soon(task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    deadline.stop()


async def test_a_cancellation_from_outside_wins_over_a_time_out() -> None:
    deadline = Deadline(0.02)

    async def cancelled_while_it_is_cut() -> None:
        with deadline:
            try:
                await asyncio.Event().wait()
            finally:
                task.cancel()

    task = asyncio.create_task(cancelled_while_it_is_cut())
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_work_is_passed_on() -> None:
    deadline = Deadline(1)
    with pytest.raises(LookupError, match="nothing there"), deadline:
        raise LookupError("nothing there")
    deadline.stop()
