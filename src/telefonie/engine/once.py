"""The only module that lets a request with a key do its work once: its answer is kept with what it made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from telefonie.engine.facts import Facts
from telefonie.engine.ports import Once, Reply, Reused
from telefonie.store.replies import DAY_MS, Kept

REPLAYED = ("Idempotent-Replayed", "true")


class Asked(Protocol):
    """What may be asked once for each key."""

    @property
    def account_id(self) -> str: ...
    @property
    def once(self) -> Once | None: ...


def decided_once(facts: Facts, asked: Asked, now: int, decide: Callable[[], Reply]) -> Reply:
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
