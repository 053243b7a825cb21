"""The only place where tests get sockets, and get rid of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import pytest

from telefonie.reach import Guard
from telefonie.streams import ProgramSockets
from tests.streams.hand import HandClock

Plug: TypeAlias = Callable[..., ProgramSockets]


@pytest.fixture
def clock() -> HandClock:
    """The time of all lines in real time."""
    return HandClock()


@pytest.fixture
async def plug(clock: HandClock) -> AsyncIterator[Plug]:
    """Sockets that may go to loopback unless the test says otherwise, closed after the test."""
    async with AsyncExitStack() as stack:

        def plug(guard: Guard | None = None, **terms: Any) -> ProgramSockets:
            sockets = ProgramSockets(
                guard or Guard(allow_private=True), "Telefonie/1.2.3", **{"clock": clock, **terms}
            )
            stack.push_async_callback(sockets.close)
            return sockets

        yield plug


@pytest.fixture
def sockets(plug: Plug) -> ProgramSockets:
    return plug()
