"""The only module that gathers what a batch is decided by, beside the calls themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from telefonie.core import meetings
from telefonie.core.accounts import Number, NumberPolicy
from telefonie.core.addresses import canonical
from telefonie.core.applications import Application
from telefonie.core.phones import Behaviour
from telefonie.core.trunks import Trunk, domain_of, number_in
from telefonie.engine.decisions import Decision, OpenRoom, Place, Settle, Tell, TellRoom
from telefonie.engine.seeds import seeded
from telefonie.store import applications, clocks, inventory, jobs, replies, trunks
from telefonie.store.connect import Connection
from telefonie.store.replies import Kept
from telefonie.store.unit import Unit


@dataclass(slots=True)
class Facts:
    """What decisions of a batch go by beside the calls themselves."""

    phones: dict[tuple[str, str], Behaviour] = field(default_factory=dict)
    owned: set[tuple[str, str]] = field(default_factory=set)
    numbers: dict[tuple[str, str], Number] = field(default_factory=dict)
    applications: dict[tuple[str, str], Application] = field(default_factory=dict)  # of those numbers
    trunks: dict[tuple[str, str], Trunk] = field(default_factory=dict)  # by account and domain
    replies: dict[tuple[str, str], Kept] = field(default_factory=dict)
    fresh: dict[tuple[str, str], Kept] = field(default_factory=dict)
    over: set[tuple[str, str]] = field(default_factory=set)
    leases: dict[str, int | None] = field(default_factory=dict)  # of letters that are not finished


def phone_name(number: str) -> str:
    """What a phone is kept under, however its number or address is spelled."""
    return canonical(number) or number


def gather(conn: Connection, asked: Sequence[Decision]) -> Facts:
    """Everything that these decisions go by, one question a table."""
    placing = [each for each in asked if isinstance(each, Place)]
    facts = Facts()
    if placing:
        far_ends = {(each.account_id, phone_name(each.far_end)) for each in placing}
        facts.phones = inventory.find_phones(conn, far_ends)
    facts.trunks = trunks.of_addresses(
        conn, ((each.account_id, domain_of(each.order.callee)) for each in placing if not each.inbound)
    )
    called = {(each.account_id, number_in(each.order.callee)) for each in placing if each.inbound}
    if called:
        facts.numbers = inventory.find_numbers(conn, called)
        named = ((each.account_id, each.application_id) for each in facts.numbers.values())
        facts.applications = applications.find(conn, ((mine, its) for mine, its in named if its))
    callers = {
        (each.account_id, each.order.caller)
        for each in placing
        if each.account.settings.number_policy is NumberPolicy.OWNED and not each.inbound
    }
    if callers:
        facts.owned = inventory.owned(conn, callers)
    making = [each for each in asked if isinstance(each, Place | Tell | OpenRoom)]
    keys = {(each.account_id, each.once.key) for each in making if each.once}
    if keys:
        facts.replies = replies.find(conn, keys)
    letters = [each.held.id for each in asked if isinstance(each, Settle)]
    if letters:
        facts.leases = jobs.leases(conn, letters)
    return facts


@dataclass(slots=True)
class Subjects:
    """What must be locked before a batch is decided: to be read, or only to guard the lane of a letter."""

    calls: set[str] = field(default_factory=set)
    call_lanes: set[str] = field(default_factory=set)
    rooms: set[str] = field(default_factory=set)
    room_lanes: set[str] = field(default_factory=set)
    places: set[meetings.Place] = field(default_factory=set)  # where a room may come to be


def subjects(asked: Sequence[Decision]) -> Subjects:
    """Whom these decisions are about."""
    found = Subjects()
    for each in asked:
        match each:
            case Place():
                found.rooms.update(filter(None, [each.order.room_id]))
            case Tell():
                found.calls.add(each.call_id)
            case Settle():
                _lane(found, each).add(each.held.call_id)
            case OpenRoom():
                found.places.update([place_of_room(each)] if each.opening.name else ())
            case TellRoom():
                found.rooms.add(each.room_id)
                found.calls.update(filter(None, [each.call_id]))
    return found


def _lane(found: Subjects, settled: Settle) -> set[str]:
    if settled.of_room:
        return found.room_lanes
    return found.call_lanes if settled.question is None else found.calls


def place_of_room(asked: OpenRoom) -> meetings.Place:
    """Where a room that is to be opened would be found by its name."""
    return meetings.Place(asked.account_id, meetings.Kind.ROOM, asked.opening.name)


def draw(unit: Unit, asked: Sequence[Decision]) -> dict[int, str]:
    """Ids for what is new in accounts with a seed, so that the same requests give the same ids."""
    ids: dict[int, str] = {}
    for account_id, seed in sorted(unit.seeds.items()):
        making = (each for each in asked if isinstance(each, Place | OpenRoom))
        new = [each for each in making if each.account_id == account_id]
        first = clocks.draw(unit.conn, account_id, len(new)) if new else 0
        ids |= {id(each): seeded(seed, first + n) for n, each in enumerate(new)}
    return ids
