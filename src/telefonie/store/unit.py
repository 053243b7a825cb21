"""The only module that loads what a batch of decisions needs and writes what came of it, once a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select, update

from telefonie.core.clocks import Clock, wall_of
from telefonie.core.events import Event
from telefonie.core.recordings import Recording
from telefonie.flow.legs import Leg, alarm
from telefonie.store import clocks, codec, connect, counters, jobs, lanes, messages, recordings, streams
from telefonie.store.bulk import Bulk
from telefonie.store.lanes import Outgoing, Settled
from telefonie.store.meetings import Meetings
from telefonie.store.messages import Message, Told
from telefonie.store.streams import Wanted
from telefonie.store.tables import calls, events

_NEW_CALL: Final = Bulk(
    lambda _: calls.insert().values(
        {name: bindparam(name) for name in calls.c.keys() if name not in ("number", "bare")}  # noqa: SIM118 - columns
    )
)
_CALL: Final = Bulk(
    lambda _: (
        update(calls)
        .where(calls.c.id == bindparam("b_id"))
        .values(
            {
                name: bindparam(f"b_{name}")
                for name in ("status", "state", "flow", "ended_at", "cause", "heard")
            }
        )
    )
)
_DOCUMENTS: Final = Bulk(
    lambda _: update(calls).where(calls.c.id == bindparam("b_id")).values(documents=bindparam("b_documents"))
)
_EVENT: Final = Bulk(
    lambda _: events.insert().values({name: bindparam(name) for name in events.c.keys()})  # noqa: SIM118 - as above
)


@lru_cache
def _by_ids(dialect: str) -> Select[Any]:
    query = select(calls).where(connect.among(dialect, calls.c.id, "ids")).order_by(calls.c.id)
    return connect.for_change(query)


class Unit:
    """One transaction's work. Everything is loaded at the start and written at the end."""

    def __init__(self, conn: Connection, slot: int) -> None:
        self.conn = conn
        self.dialect = conn.dialect.name
        self.wall = connect.wall(conn)
        self.clocks: dict[str, Clock] = {}
        self.seeds: dict[str, str] = {}
        self.calls: dict[str, Leg] = {}
        self.broken: dict[str, tuple[str, Exception]] = {}  # account and fault of calls that cannot be read
        self._slot = slot
        self._kept: dict[str, Leg | None] = {}
        self._events: list[tuple[str, Event]] = []
        self._letters: list[Outgoing] = []
        self._settled: list[Settled] = []
        self._messages: list[Message] = []
        self._put_off: list[tuple[Told, int]] = []
        self.meetings = Meetings(conn)
        self.recordings: list[Recording] = []
        self._sockets: list[Wanted] = []
        self.sockets_ready = False
        self.soonest: int | None = None
        self.letters_ready = False
        self.messages_ready = False

    # -- loading, in the order in which locks are taken: clocks, then calls --

    def load_clocks(self, account_ids: Iterable[str]) -> None:
        """The clocks of these accounts, locked against change."""
        missing = [each for each in account_ids if each not in self.clocks]
        if missing:
            self.hold_clocks(clocks.lock_shared(self.conn, missing).values())

    def hold_clocks(self, rows: Iterable[Any]) -> None:
        """Clocks that are locked already."""
        for row in rows:
            self.clocks[row.account_id] = clocks.clock_of(row)
            if row.seed:
                self.seeds[row.account_id] = row.seed

    def load_calls(self, ids: Iterable[str], guarded: Iterable[str] = ()) -> None:
        """These calls, locked. Of the guarded ones only the lock is wanted: it costs much to read a call."""
        loaded = {each for each in ids if each not in self.calls}
        wanted = loaded.union(each for each in guarded if each not in self.calls)
        if wanted:
            given = {"ids": connect.listed(self.dialect, sorted(wanted))}
            rows = self.conn.execute(_by_ids(self.dialect), given)
            self.hold_calls(row for row in rows if row.id in loaded)

    def hold_calls(self, rows: Iterable[Any]) -> list[Leg]:
        """Calls that are locked already, in the order given; one that is known stays as it is known."""
        return [self.calls[row.id] for row in rows if row.id in self.calls or self._read(row)]

    def _read(self, row: Any) -> bool:
        try:
            self.calls[row.id] = self._kept[row.id] = codec.load_leg(row)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is this call's alone
            self.broken[row.id] = (row.account_id, fault)
            return False
        return True

    # -- what was decided --

    def save(self, leg: Leg, happened: Sequence[Event]) -> None:
        """A call as it is now, and what happened to it."""
        call_id = leg.call.id
        self._kept.setdefault(call_id, None)
        self.calls[call_id] = leg
        self._events.extend((call_id, each) for each in happened)

    @property
    def answered(self) -> list[str]:
        """The letters that are done with, and after which no other has its turn."""
        return [each.id for each in self._settled if each.due_at is None and each.next is None]

    def alone(self, call_id: str) -> bool:
        """Whether nothing but this call has changed so far, and it wishes nothing of anybody."""
        return not (self._letters or self._messages or self._sockets) and self.calls.keys() == {call_id}

    def post(self, message: Message | Wanted) -> None:
        """Something that a call, room or queue is told, or that is wished of a call's socket."""
        if isinstance(message, Wanted):
            self._sockets.append(message)
        else:
            self._messages.append(message)

    def put_off(self, told: Told, until: int) -> None:
        """A message that was taken, and is to be told later."""
        self._put_off.append((told, until))

    def send(self, letter: Outgoing) -> None:
        """A notice to a customer."""
        self._letters.append(letter)

    def settle(self, settled: Settled) -> None:
        """What an attempt came to."""
        self._settled.append(settled)

    # -- writing, one statement a table --

    def write(self) -> None:
        """Everything that was decided."""
        changed = [leg for leg in self.calls.values() if leg is not self._kept[leg.call.id]]
        self._write_calls(changed)
        _EVENT.run(
            self.conn,
            [
                {
                    "subject": subject,
                    "ordinal": each.ordinal,
                    "at": each.at,
                    "kind": each.kind.value,
                    "actor": each.actor.value,
                    "data": codec.dump(each.data) if each.data else "{}",
                }
                for subject, each in self._events
            ]
            + self.meetings.journal(),
        )
        self._write_alarms(changed)
        self._write_letters()
        self.meetings.write()
        recordings.keep(self.conn, self.recordings)
        messages.write(self.conn, self._run_at, self._messages, self._put_off)
        self.messages_ready = bool(self._messages)
        streams.write(self.conn, self._run_at, self._sockets)
        self.sockets_ready = bool(self._sockets)

    def _write_calls(self, changed: Sequence[Leg]) -> None:
        totals: Counter[counters.Cell] = Counter()
        new, old, read = [], [], []
        for leg in changed:
            call, kept = leg.call, self._kept[leg.call.id]
            if kept is None:
                new.append(_call_row(leg))
                totals[counters.cell(call)] += 1
                continue
            old.append(
                {
                    "b_id": call.id,
                    "b_status": call.status.value,
                    "b_state": codec.dump_state(call),
                    "b_flow": codec.dump_flow(leg),
                    "b_ended_at": call.ended_at,
                    "b_cause": call.cause,
                    "b_heard": call.heard,
                }
            )
            documents = codec.dump_documents(leg)
            if documents != codec.dump_documents(kept):
                read.append({"b_id": call.id, "b_documents": documents})
            if kept.call.status is not call.status:
                totals[counters.cell(kept.call)] -= 1
                totals[counters.cell(call)] += 1
        _NEW_CALL.run(self.conn, new)
        _CALL.run(self.conn, old)
        _DOCUMENTS.run(self.conn, read)
        counters.add(self.conn, totals, self._slot)

    def _write_alarms(self, changed: Sequence[Leg]) -> None:
        set_, unset = [], []
        for leg in changed:
            call = leg.call
            due, awaited = alarm(leg)
            if due is None:
                if self._kept[call.id] is not None:
                    unset.append({"b_id": call.id})
                continue
            run_at = wall_of(self.clocks[call.account_id], due)
            self._note_moment(run_at)
            set_.append(
                {
                    "id": call.id,
                    "account_id": call.account_id,
                    "crew": 0,
                    "state": 0,
                    "subject": call.id,
                    "due_at": due,
                    "awaited_at": awaited,
                    "run_at": run_at,
                }
            )
        jobs.ALARM.run(self.conn, set_)
        jobs.NO_ALARM.run(self.conn, unset)

    def _note_moment(self, run_at: int | None) -> None:
        if run_at is not None and (self.soonest is None or run_at < self.soonest):
            self.soonest = run_at

    def _write_letters(self) -> None:
        lanes.write(self.conn, self._run_at, self._letters, self._settled)
        for each in self._settled:
            if each.due_at is not None:  # to be tried again
                self._note_moment(self._run_at(each.account_id, each.due_at))
        for letter in self._letters:
            run_at = self._run_at(letter.account_id, letter.due_at)
            if (
                run_at is not None and run_at > self.wall
            ):  # a question that is put off, so that loops are paced
                self._note_moment(run_at)
        self.letters_ready = bool(self._letters or self._settled)

    def _run_at(self, account_id: str, due: int) -> int | None:
        return wall_of(self.clocks[account_id], due)


def _call_row(leg: Leg) -> dict[str, Any]:
    call = leg.call
    return {
        "id": call.id,
        "account_id": call.account_id,
        "face": call.face,
        "direction": call.order.direction.value,
        "status": call.status.value,
        "caller": call.order.caller,
        "callee": call.order.callee,
        "parent_id": call.order.parent_id,
        "created_at": call.created_at,
        "placing": codec.dump_order(call.order),
        "state": codec.dump_state(call),
        "flow": codec.dump_flow(leg),
        "documents": codec.dump_documents(leg),
        "ended_at": call.ended_at,
        "application_id": call.order.application,
        "conversation": call.order.conversation or None,
        "cause": call.cause,
        "heard": call.heard,
    }
