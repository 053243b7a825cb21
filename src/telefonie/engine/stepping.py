"""The only module that moves a standing clock: a step is all that is due at one moment, in one commit."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from telefonie.core.clocks import Clock, Mode, move
from telefonie.engine import stewards
from telefonie.engine.decide import Committed, Decider
from telefonie.engine.decisions import Settle
from telefonie.engine.facts import Facts, subjects
from telefonie.flow import legs
from telefonie.store import claims, clocks, jobs, messages, retention, streams
from telefonie.store.claims import Held
from telefonie.store.clocks import Drive
from telefonie.store.connect import Connection
from telefonie.store.jobs import Crew
from telefonie.store.unit import Unit

MOST_CALLS: Final = 256
MOST_MOMENTS: Final = 32  # moments without letters that may share a commit
MINUTE_MS: Final = 60_000
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Step:
    """What a step came to. Its letters must be carried, and their outcomes go into the next step."""

    letters: list[Held] = field(default_factory=list)
    woken: int = 0
    finished: bool = False
    untidy: bool = False  # time is where it should go, but what is over by then has to be removed first
    elsewhere: bool = False  # something due is in another process's hands
    ahead: Ahead | None = None

    @property
    def stops(self) -> bool:
        """Whether somebody else has to do something now."""
        return bool(self.letters) or self.finished or self.untidy or self.elsewhere


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is due next, where that is known without asking: nobody else may write while the clock is locked."""

    due: int | None


def step(
    conn: Connection,
    decider: Decider,
    account_id: str,
    settled: Sequence[Settle],
    postmen: int,
    *,
    tidied: bool,
) -> Step:
    """Note what came of the last step's letters, then run what is due now, or move to what is due next.

    `tidied`: whether what is over at this moment of the clock has been removed just now.
    """
    row = clocks.lock_one(conn, account_id)
    if row is None:
        return Step(finished=True)
    clock, drive = clocks.clock_of(row), clocks.drive_of(row)
    clock, drive = _settle(conn, decider, clock, settled, drive)
    if not _driven(clock, drive):
        clocks.save(conn, clock, drive)
        return Step(finished=True)
    result, woken = Step(), 0
    for _ in range(MOST_MOMENTS):
        before = drive
        clock, drive, result = _moment(conn, decider, clock, drive, postmen, result.ahead)
        woken += result.woken
        if result.finished and not tidied and retention.due(conn, account_id, clock.at):
            # It is not done before that; and if this process dies, another finds it undone.
            drive, result = before, Step(untidy=True)
        # However much there is to do: other accounts want their turn at the store, too.
        if result.stops or woken >= MOST_CALLS:
            break
    clocks.save(conn, clock, drive, driven_at=Unit(conn, decider.slot).wall)
    return result


def _driven(clock: Clock, drive: Drive | None) -> bool:
    if clock.mode is Mode.AUTO:
        return True
    return clock.mode is Mode.MANUAL and drive is not None and not drive.done


def _settle(
    conn: Connection, decider: Decider, clock: Clock, settled: Sequence[Settle], drive: Drive | None
) -> tuple[Clock, Drive | None]:
    """The answers are applied in the order of their jobs, whatever order they came in."""
    if not settled:
        return clock, drive
    unit = Unit(conn, decider.slot)
    unit.clocks[clock.account_id] = clock
    wanted = subjects(settled)
    unit.load_calls(wanted.calls, wanted.call_lanes)
    unit.meetings.load((), guarded=wanted.room_lanes)
    facts = Facts(leases=jobs.leases(conn, [each.held.id for each in settled]))
    for each in sorted(settled, key=lambda one: one.held.number):
        fault = decider.settle(unit, facts, each)
        if fault is not None:
            _log.error("Call %s cannot be told what came; in a minute", each.held.call_id, exc_info=fault)
    done, count = Committed([]), 0
    if len(settled) == 1 and unit.answered == [settled[0].held.id] and _driven(clock, drive):
        held = settled[0].held
        clock, count, _ = _alone(decider, unit, clock, drive, (held.call_id, held.id), done)
    unit.write()
    _set_back(conn, done, clock)
    moved = drive and replace(drive, requests=drive.requests + len(settled), fired=drive.fired + count)
    return clock, moved


def _moment(
    conn: Connection, decider: Decider, clock: Clock, drive: Drive | None, postmen: int, ahead: Ahead | None
) -> tuple[Clock, Drive | None, Step]:
    due, crews = (
        clocks.next_due(conn, clock.account_id, clock.at) if ahead is None else (ahead.due, clocks.ALL_CREWS)
    )
    if due is None or due > clock.at:
        target = _target(conn, clock, drive)
        if target is None or due is None or due > target:
            clock = clock if target is None else move(clock, target)
            if streams.hasten(conn, clock.account_id, clock.at):
                return clock, drive, Step(elsewhere=True)
            return clock, drive and replace(drive, done=True), Step(finished=True)
        clock = move(clock, due)
    woke = _wake(conn, decider, clock, drive, crews)
    clock, woken, ahead = woke.clock, woke.count, woke.ahead
    letters: list[Held] = []
    if woke.letters or Crew.POSTMEN in crews or (ahead and ahead.due is not None and ahead.due <= clock.at):
        wall = Unit(conn, decider.slot).wall
        letters = claims.claim_letters_of(conn, clock.account_id, clock.at, wall, postmen, decider.lease_ms)
        ahead = None
    drive = drive and replace(drive, fired=drive.fired + woken + len(letters))
    return clock, drive, Step(letters, woken, elsewhere=not woken and not letters, ahead=ahead)


def _target(conn: Connection, clock: Clock, drive: Drive | None) -> int | None:
    """How far time may go now. None: nothing is left that anybody waits for."""
    if drive is not None and drive.until is not None and not drive.done:
        return drive.until
    return clocks.pending(conn, clock.account_id)[1]


@dataclass(frozen=True, slots=True)
class Woken:
    """What the calls of a moment came to."""

    clock: Clock
    count: int
    letters: bool  # there are new ones
    ahead: Ahead | None


def _wake(
    conn: Connection, decider: Decider, clock: Clock, drive: Drive | None, crews: frozenset[int]
) -> Woken:
    unit = Unit(conn, decider.slot)
    unit.clocks[clock.account_id] = clock
    # Who has nothing to do is not asked.
    told = messages.waiting_of(conn, clock.account_id, clock.at) if crews & _TELLING else []
    unit.load_calls(each.subject for each in told if not each.is_meeting)
    ringing = Crew.CLOCKMAKER in crews
    rows = jobs.lock_due_of(conn, clock.account_id, clock.at, MOST_CALLS) if ringing else ()
    done = Committed([])
    taken = stewards.take(unit, told, clock.at)
    count = len(rows) + decider.deliver(unit, taken, done)
    decider.wake(unit, unit.hold_calls(rows), done)
    ahead = None
    if len(rows) == 1 and not told:
        clock, more, ahead = _alone(decider, unit, clock, drive, (rows[0].id,), done)
        count += more
    unit.write()
    _set_back(conn, done, clock)
    for call_id, broken in done.untold:
        _log.error("Call %s cannot be told what another says; in a minute", call_id, exc_info=broken)
    return Woken(clock, count, unit.letters_ready, ahead)


_TELLING: Final = frozenset({Crew.COURIERS.value, Crew.STEWARDS.value})


def _set_back(conn: Connection, done: Committed, clock: Clock) -> None:
    for call_id, broken in done.spoiled:
        _log.error("Call %s could not go on", call_id, exc_info=broken)
        jobs.set_back(conn, call_id, clock.at + MINUTE_MS)


def _alone(
    decider: Decider, unit: Unit, clock: Clock, drive: Drive | None, own: Sequence[str], done: Committed
) -> tuple[Clock, int, Ahead | None]:
    """While only one call has anything to do, and wishes nothing of the world, it need not be stored in between."""
    count, call_id = 0, own[0]
    if done.spoiled or not unit.alone(call_id):
        return clock, count, None
    beside = clocks.due_beside(unit.conn, clock.account_id, own)
    until = drive.until if drive is not None else None
    while not done.spoiled and unit.alone(call_id) and count < MOST_CALLS:
        due, awaited = legs.alarm(unit.calls[call_id])
        # Until idle time goes on as long as anybody waits for something; here it is this call.
        idle = awaited is None if until is None else due is not None and due > until
        if due is None or idle or (beside is not None and due >= beside):
            break
        clock = move(clock, due)
        unit.clocks[clock.account_id] = clock
        decider.wake(unit, [unit.calls[call_id]], done)
        count += 1
    if done.spoiled or not unit.alone(call_id):
        return clock, count, None
    moments = (legs.alarm(unit.calls[call_id])[0], beside)
    return clock, count, Ahead(min((each for each in moments if each is not None), default=None))
