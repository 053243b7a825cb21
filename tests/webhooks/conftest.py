"""The only place where tests get a postman, and get rid of him."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import pytest

from telefonie.engine.letters import Letter
from telefonie.reach import Guard
from telefonie.webhooks import HttpPostman

Hire: TypeAlias = Callable[..., HttpPostman]


@pytest.fixture
async def hire() -> AsyncIterator[Hire]:
    """A postman who may go to loopback unless the test says otherwise, dismissed after the test."""
    async with AsyncExitStack() as stack:

        def hire(guard: Guard | None = None, **terms: Any) -> HttpPostman:
            postman = HttpPostman(guard or Guard(allow_private=True), "Telefonie/1.2.3", **terms)
            stack.push_async_callback(postman.close)
            return postman

        yield hire


@pytest.fixture
def letter() -> Callable[..., Letter]:
    """A letter with only what the test cares for."""

    def letter(url: str, body: str = '{"event":"call.ringing"}', **fields: Any) -> Letter:
        return Letter(
            **{"id": "evt-1", "account_id": "acc-1", "method": "POST", "url": url, "body": body} | fields
        )

    return letter
