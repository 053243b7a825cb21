"""The only module that completes an order with what the account knows: numbers, phones, rates."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urljoin

from telefonie.core import phones, prices
from telefonie.core.accounts import NumberPolicy, Settings
from telefonie.core.call import Order
from telefonie.core.calls import UNREACHED
from telefonie.core.errors import Unfit
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Outcome
from telefonie.engine.decisions import Place
from telefonie.engine.facts import Facts, phone_name
from telefonie.engine.ports import Faces
from telefonie.flow.effects import NewLeg
from telefonie.store import inventory, people
from telefonie.store.connect import Connection

USUAL: Final = (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED)
UNREACHABLE: Final = Behaviour(outcome=Outcome.FAILED)
RING_MS: Final = 60_000  # how long somebody who calls in lets it ring


def completed(asked: Place, facts: Facts) -> Order:
    """A call out: whose number that is, and who picks up at the other end."""
    order, account = asked.order, asked.account
    owned = account.settings.number_policy is NumberPolicy.OPEN or (account.id, order.caller) in facts.owned
    if not owned:
        issue = f"{order.caller} is not one of this account's numbers; add it to the inventory first."
        raise Unfit("from", issue)
    name = phone_name(order.callee)
    phone = facts.phones.get((account.id, name)) or phones.reserved(name)
    return order if phone is None else replace(order, phone=phone)


def received(asked: Place, facts: Facts, faces: Faces) -> tuple[str, Order]:
    """A call in: on which face, and what the number's record says about it."""
    order, account = asked.order, asked.account
    number = facts.numbers.get((account.id, order.callee))
    if number is None or number.face not in faces:
        return UNREACHED, order
    phone = order.phone
    if phone is phones.DEFAULT:
        known = facts.phones.get((account.id, phone_name(order.caller)))
        phone = known or phones.reserved(phone_name(order.caller)) or phone
    return number.face, replace(
        order,
        rate=_rate(order.callee, account.settings),
        currency=account.settings.currency or faces[number.face].currency,
        document_url=number.voice_url,
        document_method=number.voice_method,
        fallback_url=number.fallback_url,
        report_url=number.report_url,
        report_on=USUAL,
        ring_ms=RING_MS,
        record=number.record or account.settings.record_calls,
        phone=phone,
    )


def leg_order(conn: Connection, wish: NewLeg) -> Order:
    """A leg that a call dials: it costs by its own destination, and rings whoever is there."""
    parent, order = wish.call, absolute(wish.order, wish.base)
    settings = people.account(conn, parent.account_id).settings
    name = phone_name(order.callee)
    found = inventory.find_phones(conn, {(parent.account_id, name)})
    phone = found.get((parent.account_id, name)) or phones.reserved(name) or order.phone
    if settings.number_policy is NumberPolicy.OWNED and not _may_show(conn, wish):
        phone = UNREACHABLE  # no carrier takes a call that claims another's number
    rate = _rate(order.callee, settings)
    return replace(order, phone=phone, rate=rate, currency=parent.order.currency)


def absolute(order: Order, base: str | None) -> Order:
    """The same order with URLs that lead somewhere from anywhere."""
    if base is None:
        return order
    return replace(
        order,
        document_url=order.document_url and urljoin(base, order.document_url),
        report_url=order.report_url and urljoin(base, order.report_url),
        detection_url=order.detection_url and urljoin(base, order.detection_url),
    )


def _may_show(conn: Connection, wish: NewLeg) -> bool:
    parent, caller = wish.call, wish.order.caller
    if caller in (parent.order.caller, parent.order.callee) or not caller.startswith("+"):
        return True
    return bool(inventory.owned(conn, {(parent.account_id, caller)}))


def _rate(destination: str, settings: Settings) -> str:
    rates = {**prices.RATES, **settings.rates} if settings.rates else prices.RATES
    return prices.rate_for(destination, rates)
