"""The only module that gathers what a batch is decided by, beside the calls themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from telefonie.core.accounts import Number, NumberPolicy
from telefonie.core.addresses import canonical
from telefonie.core.phones import Behaviour
from telefonie.core.trunks import Trunk, domain_of, number_in
from telefonie.engine.decisions import Decision, Place, Settle, Tell
from telefonie.engine.seeds import seeded
from telefonie.store import clocks, inventory, jobs, replies, trunks
from telefonie.store.connect import Connection
from telefonie.store.replies import Kept
from telefonie.store.unit import Unit


@dataclass(slots=True)
class Facts:
    """What decisions of a batch go by beside the calls themselves."""

    phones: dict[tuple[str, str], Behaviour] = field(default_factory=dict)
    owned: set[tuple[str, str]] = field(default_factory=set)
    numbers: dict[tuple[str, str], Number] = field(default_factory=dict)
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
    callers = {
        (each.account_id, each.order.caller)
        for each in placing
        if each.account.settings.number_policy is NumberPolicy.OWNED and not each.inbound
    }
    if callers:
        facts.owned = inventory.owned(conn, callers)
    making = [each for each in asked if isinstance(each, Place | Tell)]
    keys = {(each.account_id, each.once.key) for each in making if each.once}
    if keys:
        facts.replies = replies.find(conn, keys)
    letters = [each.held.id for each in asked if isinstance(each, Settle)]
    if letters:
        facts.leases = jobs.leases(conn, letters)
    return facts


def subjects(asked: Sequence[Decision]) -> tuple[set[str], set[str]]:
    """The calls that are told something, and those whose lock guards the lane of a letter."""
    told: set[str] = set()
    guarded: set[str] = set()
    for each in asked:
        match each:
            case Place():
                pass
            case Tell():
                told.add(each.call_id)
            case Settle():
                (guarded if each.question is None else told).add(each.held.call_id)
    return told, guarded


def draw(unit: Unit, asked: Sequence[Decision]) -> dict[int, str]:
    """Ids for the new calls of accounts with a seed, so that the same requests give the same ids."""
    ids: dict[int, str] = {}
    for account_id, seed in sorted(unit.seeds.items()):
        new = [each for each in asked if isinstance(each, Place) and each.account_id == account_id]
        first = clocks.draw(unit.conn, account_id, len(new)) if new else 0
        ids |= {id(each): seeded(seed, first + n) for n, each in enumerate(new)}
    return ids
