"""The only module that puts what makes something before the committer: in a process, once at a time for each key."""

from __future__ import annotations

from telefonie.core.errors import Conflict
from telefonie.engine.committer import Committer
from telefonie.engine.decisions import OpenRoom, Place, Tell
from telefonie.engine.ports import Reply


class Firsts:
    """Which keys' requests are being carried out for the first time. A later one finds the answer stored."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer
        self._first_runs: set[tuple[str, str]] = set()

    async def ask(self, asked: Place | Tell | OpenRoom) -> Reply:
        """Put a decision to the next batch; its answer."""
        if asked.once is None:
            return await self._ask(asked)
        key = (asked.account_id, asked.once.key)
        if key in self._first_runs:
            message = "A request with this Idempotency-Key is still being carried out; ask again in a moment."
            raise Conflict("idempotency_key_in_use", message)
        self._first_runs.add(key)
        try:
            return await self._ask(asked)
        finally:
            self._first_runs.discard(key)

    async def _ask(self, asked: Place | Tell | OpenRoom) -> Reply:
        reply = await self._committer.ask(asked)
        assert isinstance(reply, Reply)  # noqa: S101 - what placing and telling are answered with
        return reply
