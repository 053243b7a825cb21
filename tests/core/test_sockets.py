"""A call whose far end is a program: its socket opens or does not, and is closed by one side or the other."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Final

import pytest

from telefonie.core.call import Call, Cause, Direction, EndedBy, Order, Status
from telefonie.core.calls import apply, place
from telefonie.core.commands import Answer, Closed, HangUp, Opened, Refusal, Refuse, Unopened, Wake
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Detection, Outcome
from telefonie.core.sockets import Socket
from telefonie.store.codec import dump_order, load_order

SOCKET: Final = Socket("wss://app.test/bot", 8_000, {"name": "Ada"}, {"type": "custom", "value": "Basic x"})
ORDER: Final = Order(
    Direction.OUTBOUND, "+3197010280", SOCKET.callee, "0.02", "EUR", socket=SOCKET, ring_ms=20_000
)


def ringing(order: Order = ORDER) -> Call:
    """A call that rings."""
    return apply(place("c1", "a1", "plain", order, 0).call, Wake(), 1_000).call


def test_it_rings_until_its_socket_is_open() -> None:
    call = apply(ringing(), Wake(), 20_999).call
    assert call.status is Status.RINGING
    change = apply(call, Opened(), 20_999)
    assert (change.call.status, change.call.answered_at) == (Status.TALKING, 20_999)
    assert [(each.kind, each.actor) for each in change.events] == [(Kind.ANSWERED, Actor.FAR_END)]


def test_a_program_stays_though_nobodys_document_holds_it() -> None:
    call = apply(ringing(), Opened(), 1_000).call
    assert apply(call, Wake(), 600_000).call.status is Status.TALKING
    assert apply(call, Wake(), 1_000 + ORDER.limit_ms).call.cause is Cause.TIME_LIMIT


def test_nobody_listens_for_a_machine_in_a_program() -> None:
    call = apply(ringing(replace(ORDER, detection=Detection.FIRST_VERDICT)), Opened(), 1_000).call
    assert apply(call, Wake(), 60_000).call.heard is None


@pytest.mark.parametrize(
    ("refused", "status", "cause"),
    [(True, Status.FAILED, Cause.UNREACHABLE), (False, Status.UNANSWERED, Cause.RING_TIMEOUT)],
)
def test_a_socket_that_does_not_open(refused: bool, status: Status, cause: Cause) -> None:  # noqa: FBT001 - as it is given
    change = apply(ringing(), Unopened(11205, "Nobody listens there.", refused), 1_500)
    assert (change.call.status, change.call.cause, change.call.ended_by) == (
        status,
        cause,
        EndedBy.PLATFORM,
    )
    warned, ended = change.events
    assert (warned.kind, warned.data) == (Kind.WARNED, {"code": 11205, "message": "Nobody listens there."})
    assert (ended.kind, ended.at) == (Kind.ENDED, 1_500)


def test_one_that_opens_too_late_finds_nobody() -> None:
    call = apply(ringing(), Wake(), 21_000).call
    assert (call.status, call.cause) == (Status.UNANSWERED, Cause.RING_TIMEOUT)
    for late in (Opened(), Unopened(11205, "too late")):
        with pytest.raises(Illegal):
            apply(call, late, 21_001)


@pytest.mark.parametrize(
    ("by", "ended_by"), [(Actor.FAR_END, EndedBy.FAR_END), (Actor.PLATFORM, EndedBy.PLATFORM)]
)
def test_a_socket_that_is_closed_or_lost(by: Actor, ended_by: EndedBy) -> None:
    call = apply(ringing(), Opened(), 1_000).call
    change = apply(call, Closed("1000 goodbye", by), 5_000)
    assert [(each.kind, each.actor) for each in change.events] == [(Kind.DISCONNECTED, by), (Kind.ENDED, by)]
    assert change.events[0].data == {"why": "1000 goodbye"}
    assert (change.call.cause, change.call.ended_by) == (Cause.DISCONNECTED, ended_by)


def test_that_it_is_gone_is_told_while_the_call_still_stands() -> None:
    order = replace(ORDER, report_url="https://app.test/e", report_on=(Kind.DISCONNECTED, Kind.ENDED))
    call = apply(ringing(order), Opened(), 1_000).call
    told = apply(call, Closed("gone"), 5_000).effects
    assert [(each.event.kind, each.call.status) for each in told] == [
        (Kind.DISCONNECTED, Status.TALKING),
        (Kind.ENDED, Status.COMPLETED),
    ]


def test_one_that_we_hang_up_has_not_gone_by_itself() -> None:
    call = apply(ringing(), Opened(), 1_000).call
    change = apply(call, HangUp(Actor.CUSTOMER), 5_000)
    assert ([each.kind for each in change.events], change.call.cause) == ([Kind.ENDED], Cause.HUNG_UP)
    with pytest.raises(Illegal):
        apply(change.call, Closed("late"), 5_001)


@pytest.mark.parametrize("command", [Answer(), Refuse(Refusal.BUSY), Refuse(Refusal.DECLINED)])
def test_nobody_picks_up_for_a_program_by_hand(command: Answer | Refuse) -> None:
    with pytest.raises(Illegal, match="a program"):
        apply(ringing(), command, 2_000)


def test_a_phone_has_no_socket_to_open() -> None:
    call = apply(ringing(replace(ORDER, socket=None, phone=Behaviour())), Wake(), 3_000).call
    with pytest.raises(Illegal):
        apply(call, Opened(), 4_000)


def test_where_no_carrier_takes_the_call_nothing_rings() -> None:
    order = replace(ORDER, phone=Behaviour(outcome=Outcome.FAILED))
    assert ringing(order).status is Status.FAILED


def test_a_long_address_is_listed_by_its_beginning() -> None:
    assert len(Socket("wss://app.test/" + "x" * 2_000).callee) == 255


def test_an_order_is_stored_with_its_socket() -> None:
    for order in (ORDER, replace(ORDER, socket=Socket("wss://app.test/bot"))):
        row = SimpleNamespace(
            placing=dump_order(order),
            direction="outbound",
            caller=ORDER.caller,
            callee=ORDER.callee,
            application_id=None,
            conversation="",
        )
        assert load_order(row) == order
