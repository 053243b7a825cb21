"""The only module that puts decisions before the core, in one transaction for a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from telefonie.core import clocks
from telefonie.core.clocks import Mode
from telefonie.core.commands import Wake
from telefonie.core.derive import report_id
from telefonie.core.errors import Refused, Unknown
from telefonie.engine import assemblies, stewards
from telefonie.engine.couriers import deliver, in_a_minute
from telefonie.engine.decisions import Decision, OpenRoom, Place, Settle, Tell, TellRoom
from telefonie.engine.facts import Facts, draw, gather, subjects
from telefonie.engine.granting import Worded, note, save, worded, worded_meeting
from telefonie.engine.once import decided_once
from telefonie.engine.orders import completed, conversing, received
from telefonie.engine.ports import Faces, Reply, Reused
from telefonie.engine.questions import Question, answer_of
from telefonie.engine.receipts import dump_receipt
from telefonie.engine.verdicts import how_far
from telefonie.flow import legs
from telefonie.flow.legs import Change, Leg
from telefonie.store import claims, jobs, messages, replies
from telefonie.store.claims import Held
from telefonie.store.connect import Connection
from telefonie.store.jobs import State
from telefonie.store.lanes import Settled
from telefonie.store.messages import Address, Told
from telefonie.store.unit import Unit

Outcome = Reply | Exception | None


@dataclass(frozen=True, slots=True)
class Look:
    """What else a batch may take up: due calls, and letters for postmen who are free."""

    calls: int = 0
    messages: bool = False
    only: str | None = None  # this call's alarm alone, or what it is told
    letters: int = 0
    letters_due: bool = False
    busy: tuple[str, ...] = ()  # gates to which no letter may be taken now
    slow: tuple[str, ...] = ()  # gates to which one at a time is taken


@dataclass(slots=True)
class Committed:
    """What became of a batch."""

    outcomes: list[Outcome]
    woken: int = 0
    letters: list[Held] = field(default_factory=list)
    soonest: int | None = None
    letters_ready: bool = False
    messages_ready: bool = False
    sockets_ready: bool = False
    wall: int = 0
    spoiled: list[tuple[str, Exception]] = field(default_factory=list)
    untold: list[tuple[str, Exception]] = field(default_factory=list)
    auto: set[str] = field(default_factory=set)


class Decider:
    """Decides batches. It holds nothing that changes, so any number may be at work at once."""

    def __init__(self, faces: Faces, slot: int, lease_ms: int = claims.LEASE_MS) -> None:
        self._faces = faces
        self.slot = slot
        self.lease_ms = lease_ms

    def commit(self, conn: Connection, asked: Sequence[Decision], look: Look) -> Committed:
        """Load everything in one locked read, decide in memory, write one statement a table."""
        unit = Unit(conn, self.slot)
        due = jobs.ringing_alarms(conn, unit.wall, look.calls, look.only) if look.calls else ()
        told = messages.waiting(conn, unit.wall, look.only) if look.messages else []
        unit.load_clocks({each.account_id for each in (*asked, *due, *told)})
        ids = draw(unit, asked)
        wanted = subjects(asked)
        called = {each.subject for each in told if not each.is_meeting}
        unit.load_calls(wanted.calls | called, wanted.call_lanes)
        woken = unit.hold_calls(jobs.lock_due(conn, (row.subject for row in due), unit.wall)) if due else []
        taken = stewards.take(unit, told, None, wanted.places, wanted.rooms, wanted.room_lanes)
        facts = gather(conn, asked)
        done = Committed([self._one(unit, facts, each, ids) for each in asked], len(due), wall=unit.wall)
        self.deliver(unit, taken, done)
        self.wake(unit, woken, done)
        unit.write()
        replies.keep(conn, facts.fresh, facts.over)
        if look.letters and (unit.letters_ready or look.letters_due):
            done.letters = claims.claim_letters(
                conn, unit.wall, look.letters, look.busy, look.slow, self.lease_ms
            )
        done.soonest, done.letters_ready = unit.soonest, unit.letters_ready
        done.sockets_ready = unit.sockets_ready
        done.messages_ready = unit.messages_ready or len(told) >= messages.MOST
        done.auto = {each.account_id for each in unit.clocks.values() if each.mode is Mode.AUTO}
        return done

    def wake(self, unit: Unit, due: Sequence[Leg], done: Committed) -> None:
        """Let calls do what they planned. One that cannot must not stop the others."""
        done.spoiled.extend((call_id, fault) for call_id, (_, fault) in unit.broken.items())
        for held in due:
            leg = unit.calls[held.call.id]
            try:
                now = clocks.now(unit.clocks[leg.call.account_id], unit.wall)
                self.save(unit, legs.apply(leg, Wake(), now))
            except Exception as broken:  # noqa: BLE001 - whatever it is, it is this call's alone
                done.spoiled.append((leg.call.id, broken))

    def deliver(self, unit: Unit, taken: Sequence[Told], done: Committed) -> int:
        """Tell calls what others told them; answers how many messages there were."""
        heard, faults = deliver(unit, self._faces, taken)
        done.untold.extend(faults)
        return heard

    def set_aside(self, conn: Connection, address: Address) -> None:
        """Nothing can be told to this one now: in a minute."""
        unit = Unit(conn, self.slot)
        unit.load_clocks([address.account_id])
        clock = unit.clocks[address.account_id]
        due = in_a_minute(clock, unit.wall)
        messages.put_all_off(conn, address.subject, due, clocks.wall_of(clock, due))

    def save(self, unit: Unit, change: Change) -> None:
        """A change with its events and its wishes. All are worded before anything is noted."""
        save(unit, self._faces, change)

    def settle(self, unit: Unit, facts: Facts, asked: Settle) -> Exception | None:
        """Take an attempt's outcome down, unless the letter was finished meanwhile.

        An answer that the call cannot be told now is not lost: it is asked for again in a minute.
        """
        held = asked.held
        clock = unit.clocks.get(held.account_id)
        # Who lost the lease has nothing to say: another has the letter in hand, or it is a letter of a
        # new life, whose ids come again after a reset.
        if clock is None or facts.leases.pop(held.id, None) != held.until:
            return None
        now = clocks.now(clock, unit.wall)
        tries = held.attempts + 1
        state, due = how_far(asked, tries, now)
        fault: Exception | None = None
        if asked.question is not None and due is None:
            try:
                note(unit, self._answered(unit, asked, asked.question, now))
            except Exception as broken:  # noqa: BLE001 - whatever it is, it is this call's alone
                fault, state, due = broken, State.OPEN, in_a_minute(clock, unit.wall)
        following = None if asked.sequence is None else report_id(held.call_id, asked.sequence + 1)
        receipt = dump_receipt(asked.receipt)
        awaited = fault is None
        unit.settle(Settled(held.id, following, held.account_id, tries, state, due, now, receipt, awaited))
        return fault

    def _answered(self, unit: Unit, asked: Settle, question: Question, now: int) -> list[Worded]:
        """What follows from an answer, after what was planned for before it."""
        call_id = asked.held.call_id
        if call_id in unit.broken:
            raise unit.broken[call_id][1]
        leg = unit.calls.get(call_id)
        if leg is None:
            return []
        caught_up = legs.apply(leg, Wake(), now)
        heard = legs.apply(caught_up.leg, answer_of(question, asked.receipt, asked.good), now)
        return [each for change in (caught_up, heard) for each in worded(unit, self._faces, change)]

    def _one(self, unit: Unit, facts: Facts, asked: Decision, ids: dict[int, str]) -> Outcome:
        """One decision. An illegal one answers its own asker and spoils nobody else's."""
        try:
            return self._decided(unit, facts, asked, ids)
        except (Refused, Reused) as refused:
            return refused
        except Exception as broken:  # noqa: BLE001 - answered to the one who asked, who reports it
            return broken

    def _decided(self, unit: Unit, facts: Facts, asked: Decision, ids: dict[int, str]) -> Outcome:
        match asked:
            case Place():
                return self._place(unit, facts, asked, ids.get(id(asked), asked.call_id))
            case Tell():
                return self._tell(unit, facts, asked)
            case Settle():
                return self.settle(unit, facts, asked)
            case OpenRoom():
                room_id, now = ids.get(id(asked), asked.room_id), _now(unit, asked.account_id)
                return assemblies.open_room(unit, self._faces, facts, asked, room_id, now)
            case TellRoom():
                return assemblies.tell_room(unit, self._faces, asked, _now(unit, asked.account_id))

    def _place(self, unit: Unit, facts: Facts, asked: Place, call_id: str) -> Reply:
        now = _now(unit, asked.account_id)
        return decided_once(facts, asked, now, lambda: self._placed(unit, facts, asked, call_id, now))

    def _placed(self, unit: Unit, facts: Facts, asked: Place, call_id: str, now: int) -> Reply:
        if asked.inbound:
            face, order = received(asked, facts, self._faces)
            change = legs.arrive(call_id, asked.account_id, face, conversing(order, call_id), now)
        else:
            order = completed(asked, facts, self._faces)
            change = legs.place(call_id, asked.account_id, asked.face, conversing(order, call_id), now)
        room = assemblies.invited(unit, asked, call_id, now)
        reply = asked.word(change.leg.call)
        beside = [] if room is None else worded_meeting(self._faces, room)
        note(unit, [*worded(unit, self._faces, change), *beside])
        return reply

    def _tell(self, unit: Unit, facts: Facts, asked: Tell) -> Reply:
        leg = unit.calls.get(asked.call_id)
        owner, fault = unit.broken.get(asked.call_id, ("", None))
        if fault is not None and owner == asked.account_id:
            raise fault
        mine = leg is not None and leg.call.account_id == asked.account_id
        if leg is None or not mine or asked.face not in (None, leg.call.face):
            raise Unknown("call", asked.call_id)
        now = _now(unit, asked.account_id)
        return decided_once(facts, asked, now, lambda: self._told(unit, asked, leg, now))

    def _told(self, unit: Unit, asked: Tell, leg: Leg, now: int) -> Reply:
        # What was planned for an earlier moment has happened, even if no worker got round to it yet.
        caught_up = Change(leg) if unit.clocks[asked.account_id].stands else legs.apply(leg, Wake(), now)
        change = legs.apply(caught_up.leg, asked.command, now)
        reply = asked.word(change)
        beside = [legs.ignored(change.leg, asked.ignored, now)] if asked.ignored else []
        save(unit, self._faces, caught_up, change, *beside)
        return reply


def _now(unit: Unit, account_id: str) -> int:
    clock = unit.clocks.get(account_id)
    if clock is None:
        raise Unknown("account", account_id)
    return clocks.now(clock, unit.wall)
