"""The only module that completes an order with what the account knows: numbers, phones, rates."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telefonie.core import phones, prices
from telefonie.core.accounts import Consent, Number, NumberPolicy, Settings
from telefonie.core.applications import Application
from telefonie.core.call import Order
from telefonie.core.calls import UNREACHED
from telefonie.core.derive import conversation_id
from telefonie.core.errors import Unfit
from telefonie.core.events import Kind
from telefonie.core.limits import Kind as Limit
from telefonie.core.phones import Behaviour, Outcome, Step
from telefonie.core.recordings import Source
from telefonie.core.script_text import KEY, BadScript, read_script
from telefonie.core.trunks import Trunk, domain_of, number_in
from telefonie.engine.decisions import Place
from telefonie.engine.facts import Facts, phone_name
from telefonie.engine.ports import Faces
from telefonie.engine.post import resolved
from telefonie.flow.connecting import UNKNOWN
from telefonie.flow.effects import NewLeg
from telefonie.store import inventory, limits, people, trunks
from telefonie.store.connect import Connection

UNREACHABLE: Final = Behaviour(outcome=Outcome.FAILED)
TURNED_AWAY: Final = Behaviour(outcome=Outcome.FAILED, rings_after=0)  # by the platform, before any network
RING_MS: Final = 60_000  # how long somebody who calls in lets it ring


def completed(asked: Place, facts: Facts, faces: Faces) -> Order:
    """A call out: whose number that is, and who picks up at the other end."""
    order, account = asked.order, asked.account
    owned = account.settings.number_policy is NumberPolicy.OPEN or (account.id, order.caller) in facts.owned
    if not owned:
        issue = f"{order.caller} is not one of this account's numbers; add it to the inventory first."
        raise Unfit("from", issue)
    if account.settings.record_calls and not order.record:
        order = replace(order, record=True, record_source=Source.ACCOUNT.value)
    phone = _phone(asked, facts, given=_noted_script(order))
    asking = order.record or order.room_recorded
    consent = _consent(account.settings, faces, asked.face, record=asking)
    if phone is not order.phone or consent != order.consent:
        order = replace(order, phone=phone, consent=consent)
    return _through(order, facts.trunks.get((account.id, domain_of(order.callee))))


def _through(order: Order, trunk: Trunk | None) -> Order:
    """An order of which the trunk is known, if it goes through one; one that is disabled leads nowhere."""
    if trunk is None:
        return order
    return replace(order, trunk=trunk.id, phone=order.phone if trunk.active else UNREACHABLE)


def _consent(settings: Settings, faces: Faces, face: str, *, record: bool) -> str:
    """What comes before the recording of a call: as the account has it, else as its face does."""
    return (settings.consent or faces[face].consent).value if record else Consent.NEVER.value


def _phone(asked: Place, facts: Facts, given: tuple[Step, ...] | None) -> Behaviour:
    """Who is at the other end: as that phone was set up, but for a script of this call's own."""
    name = phone_name(asked.far_end)
    known = facts.phones.get((asked.account_id, name)) or phones.reserved(name) or asked.order.phone
    return known if given is None else replace(known, script=given)


def _noted_script(order: Order) -> tuple[Step, ...] | None:
    """The script that a call's metadata carry."""
    text = (order.metadata or {}).get(KEY)
    if text is None:
        return None
    try:
        return read_script(text)
    except BadScript as bad:
        raise Unfit(f"metadata.{KEY}", str(bad)) from bad


def received(asked: Place, facts: Facts, faces: Faces) -> tuple[str, Order]:
    """A call in: on which face, and what the number's record says about it."""
    order, account = asked.order, asked.account
    number = facts.numbers.get((account.id, number_in(order.callee)))
    phone = _phone(asked, facts, _noted_script(order) if asked.script is None else asked.script)
    if number is None or number.face not in faces:
        return UNREACHED, replace(order, phone=phone)
    record = number.record or account.settings.record_calls
    unasked = Source.ACCOUNT if record else Source.CALL
    source = Source.NUMBER if number.record else unasked
    application = facts.applications.get((account.id, number.application_id or ""))
    return number.face, replace(
        _led(order, number, application),
        rate=_rate(order.callee, account.settings),
        currency=account.settings.currency or faces[number.face].currency,
        strict=faces[number.face].strict,
        report_on=faces[number.face].told,
        ring_ms=RING_MS,
        record=record,
        record_source=source.value,
        consent=_consent(account.settings, faces, number.face, record=record),
        phone=phone,
    )


def _led(order: Order, number: Number, application: Application | None) -> Order:
    """A call in, led where the number's application says, or else where the number itself says."""
    if application is None:
        return replace(
            order,
            document_url=number.voice_url,
            document_method=number.voice_method,
            fallback_url=number.fallback_url,
            report_url=number.report_url,
        )
    return replace(
        order,
        application=application.id,
        document_url=application.answer.url,
        document_method=application.answer.method,
        fallback_url=application.fallback.url,
        fallback_method=application.fallback.method,
        report_url=application.event.url,
        report_method=application.event.method,
        region=application.region or "",
    )


def conversing(order: Order, call_id: str) -> Order:
    """An order of an application begins a conversation, unless it takes part in one."""
    if order.application is None or order.conversation:
        return order
    return replace(order, conversation=conversation_id(call_id))


def leg_order(conn: Connection, wish: NewLeg, wall: int) -> Order:
    """A leg that a call dials: it costs by its own destination, and rings whoever is there."""
    parent, order = wish.call, absolute(wish.order, wish.base)
    account = people.account(conn, parent.account_id)
    settings = account.settings
    name = phone_name(order.callee)
    found = inventory.find_phones(conn, {(parent.account_id, name)})
    phone = found.get((parent.account_id, name)) or phones.reserved(name) or order.phone
    if settings.number_policy is NumberPolicy.OWNED and not _may_show(conn, wish):
        # No carrier takes a call that claims another's number; where documents are strict, it claims none.
        if order.strict:
            order = replace(order, caller=UNKNOWN)
        else:
            phone = UNREACHABLE
    rate = _rate(order.callee, settings)
    priced = replace(order, phone=phone, rate=rate, currency=parent.order.currency)
    trunk = trunks.of_address(conn, parent.account_id, order.callee)
    leg = _through(priced, trunk)
    return _turned_away(leg) if limits.take(conn, account, Limit.CREATION, wall) else leg


def _turned_away(order: Order) -> Order:
    """A leg over the account's limit reaches nobody; where documents are strict, nothing is told of it but why."""
    told = (Kind.UNUSABLE,) if order.strict and order.report_on else order.report_on
    return replace(order, phone=TURNED_AWAY, report_on=told)


def absolute(order: Order, base: str | None) -> Order:
    """The same order with URLs that lead somewhere from anywhere."""
    if base is None:
        return order
    return replace(
        order,
        document_url=order.document_url and resolved(base, order.document_url),
        report_url=order.report_url and resolved(base, order.report_url),
        detection_url=order.detection_url and resolved(base, order.detection_url),
    )


def _may_show(conn: Connection, wish: NewLeg) -> bool:
    parent, caller = wish.call, wish.order.caller
    if caller in (parent.order.caller, parent.order.callee) or not caller.startswith("+"):
        return True
    return bool(inventory.owned(conn, {(parent.account_id, caller)}))


def _rate(destination: str, settings: Settings) -> str:
    rates = {**prices.RATES, **settings.rates} if settings.rates else prices.RATES
    return prices.rate_for(destination, rates)
