"""The only module that lets a request with a key do its work once: its answer is kept with what it made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telefonie.core.errors import Conflict
from telefonie.engine.decisions import OpenRoom, Place
from telefonie.engine.facts import Facts
from telefonie.engine.ports import Reply, Reused
from telefonie.store.replies import DAY_MS, Kept

REPLAYED = ("Idempotent-Replayed", "true")


class FirstRuns:
    """The requests with a key that this process is carrying out."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()

    async def run(self, asked: Place | OpenRoom, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """Carry it out, unless a request with its key is under way."""
        if asked.once is None:
            return await ask()
        key = (asked.account_id, asked.once.key)
        if key in self._keys:
            message = "A request with this Idempotency-Key is still being carried out; ask again in a moment."
            raise Conflict("idempotency_key_in_use", message)
        self._keys.add(key)
        try:
            return await ask()
        finally:
            self._keys.discard(key)


def decided_once(facts: Facts, asked: Place | OpenRoom, now: int, decide: Callable[[], Reply]) -> Reply:
    """What was answered to the same request, or else what is decided now, kept for a day."""
    if asked.once is None:
        return decide()
    key = (asked.account_id, asked.once.key)
    if kept := facts.replies.get(key):
        if kept.expires_at > now:
            return _again(kept, asked.once.fingerprint)
        facts.over.add(key)
    reply = decide()
    fresh = Kept(asked.once.fingerprint, now + DAY_MS, reply.status, reply.headers, reply.body)
    facts.replies[key] = facts.fresh[key] = fresh
    return reply


def _again(kept: Kept, fingerprint: str) -> Reply:
    if kept.fingerprint != fingerprint:
        raise Reused
    return Reply(kept.status, kept.body, (*kept.headers, REPLAYED))
