"""The only module that says how a queue goes: who waits at which place, who takes whom, and who is told.

At any time either calls wait for somebody to take them, or somebody waits for a call to come, never both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

from telefonie.core.messages import (
    Called,
    LineUp,
    Message,
    Queued,
    Refused,
    StepOut,
    TakeFirst,
    Taken,
    TakeNobody,
    ToQueue,
)

MOST: Final = 1_000
NOT_FOUND: Final = 20404

Reply: TypeAlias = tuple[str, Message]  # to which call


class Result(StrEnum):
    """What waiting in a queue came to."""

    BRIDGED = "bridged"
    BRIDGING = "bridging_in_process"  # it was about to be connected, when the other went
    ERROR = "error"
    HUNG_UP = "hung_up"
    LEFT = "left"
    REDIRECTED = "redirected"
    REDIRECTED_FROM_BRIDGED = "redirected_from_bridged"
    FULL = "queue_full"


@dataclass(frozen=True, slots=True)
class Waiter:
    """A call that waits in a queue."""

    call: str
    ticket: int
    since: int


@dataclass(frozen=True, slots=True)
class Asker:
    """A call that waits for somebody to come."""

    call: str
    ticket: int
    whisper: str = ""
    method: str = "POST"
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as it stands."""

    most: int = MOST
    waiters: tuple[Waiter, ...] = ()
    askers: tuple[Asker, ...] = ()
    taken: int = 0  # how many were taken out of it so far
    waited_ms: int = 0  # all of them together

    @property
    def average(self) -> int:
        """Seconds that those waited who were taken."""
        return self.waited_ms // self.taken // 1000 if self.taken else 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision about a queue came to. No queue: there is none, and none was made."""

    queue: Queue | None
    replies: tuple[Reply, ...] = ()


def apply(queue: Queue | None, queue_id: str, message: ToQueue, now: int) -> Change:
    """The one way in which a queue changes."""
    match message:
        case LineUp():
            return _line_up(queue, queue_id, message, now)
        case TakeFirst():
            return _take_first(queue, queue_id, message, now)
        case StepOut(call):
            left = () if queue is None else tuple(each for each in queue.waiters if each.call != call)
            return Change(None if queue is None else replace(queue, waiters=left))
        case TakeNobody(call):
            still = () if queue is None else tuple(each for each in queue.askers if each.call != call)
            return Change(None if queue is None else replace(queue, askers=still))


def _line_up(queue: Queue | None, queue_id: str, asked: LineUp, now: int) -> Change:
    here = queue or Queue()
    if any(each.call == asked.call for each in here.waiters):
        return Change(here, (_place(here, queue_id, asked.call),))
    if asked.again:  # it was taken meanwhile, and will hear of it
        return Change(queue)
    if asked.most is not None:
        here = replace(here, most=asked.most)
    waiter = Waiter(asked.call, asked.ticket, now)
    if here.askers:
        return _hand(replace(here, askers=here.askers[1:]), queue_id, waiter, here.askers[0], now)
    if len(here.waiters) >= here.most:
        refused = Refused(asked.ticket, 0, f"the queue is full: it takes {here.most}")
        return Change(here, ((asked.call, refused),))
    here = replace(here, waiters=(*here.waiters, waiter))
    return Change(here, (_place(here, queue_id, asked.call),))


def _place(queue: Queue, queue_id: str, call: str) -> Reply:
    place, waiter = next(
        (place, each) for place, each in enumerate(queue.waiters, start=1) if each.call == call
    )
    size = len(queue.waiters)
    return call, Queued(waiter.ticket, queue_id, place, size, queue.average, queue.most)


def _take_first(queue: Queue | None, queue_id: str, asked: TakeFirst, now: int) -> Change:
    if queue is None:
        refused = Refused(asked.ticket, NOT_FOUND, f"there is no queue {asked.name}")
        return Change(None, ((asked.call, refused),))
    asker = Asker(asked.call, asked.ticket, asked.whisper, asked.method, asked.base)
    if queue.waiters:
        return _hand(replace(queue, waiters=queue.waiters[1:]), queue_id, queue.waiters[0], asker, now)
    others = tuple(each for each in queue.askers if each.call != asker.call)
    return Change(replace(queue, askers=(*others, asker)))


def _hand(queue: Queue, queue_id: str, waiter: Waiter, asker: Asker, now: int) -> Change:
    """The one who waited goes to the one who asked; both are told."""
    waited = now - waiter.since
    called = Called(
        waiter.ticket,
        queue_id,
        asker.call,
        asker.ticket,
        waited // 1000,
        asker.whisper,
        asker.method,
        asker.base,
    )
    taken = Taken(asker.ticket, queue_id, waiter.call, waited // 1000)
    after = replace(queue, taken=queue.taken + 1, waited_ms=queue.waited_ms + waited)
    return Change(after, ((waiter.call, called), (asker.call, taken)))
