"""What is stored comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telefonie.core.accounts import Settings
from telefonie.core.call import Call, Order
from telefonie.core.calls import apply, place
from telefonie.core.commands import Redirect, Wake
from telefonie.core.errors import Illegal
from telefonie.core.phones import Behaviour
from telefonie.store import codec
from tests.core.strategies import behaviours, orders, settings_
from tests.store.shelf import NOW, ORDER


def row_of(call: Call) -> Any:
    """The call as its row in the table."""
    return SimpleNamespace(
        id=call.id,
        account_id=call.account_id,
        face=call.face,
        direction=call.order.direction.value,
        status=call.status.value,
        caller=call.order.caller,
        callee=call.order.callee,
        created_at=call.created_at,
        placing=codec.dump_order(call.order),
        state=codec.dump_state(call),
        application_id=call.order.application,
        conversation=call.order.conversation or None,
    )


def placed(order: Order) -> Call:
    """A call of that order."""
    return place("c1", "a1", "plain", order, NOW).call


@given(orders())
@settings(deadline=None)
def test_an_order_comes_back_as_it_was(order: Order) -> None:
    assert codec.load_order(row_of(placed(order))) == order


@given(orders(), st.integers(0, 60_000), st.booleans())
@settings(deadline=None)
def test_a_call_comes_back_at_any_point_of_its_life(order: Order, later: int, redirected: bool) -> None:  # noqa: FBT001 - drawn
    call = apply(placed(order), Wake(), NOW + later).call
    if redirected:
        try:
            call = apply(call, Redirect("https://customer.test/", "GET"), NOW + later).call
        except Illegal:
            call = replace(call, redirect=("https://customer.test/", "GET"))
    assert codec.load_call(row_of(call)) == call


@given(behaviours())
def test_a_phone_comes_back_as_it_was(phone: Behaviour) -> None:
    assert codec.behaviour(codec.load(codec.dump(codec.behaviour_fields(phone)))) == phone


@given(settings_())
def test_settings_come_back_as_they_were(given_: Settings) -> None:
    assert codec.load_settings(codec.dump_settings(given_)) == given_


def test_what_is_as_everywhere_takes_no_space() -> None:
    assert codec.load(codec.dump_order(ORDER)) == {"rate": "0.02", "currency": "EUR"}
    assert codec.behaviour_fields(Behaviour()) == {}


def test_settings_of_an_older_release_have_the_defaults_of_this_one() -> None:
    assert codec.load_settings("{}") == Settings()


@pytest.mark.parametrize("text", ["ü", "\u2028", "\x00", '"', "\\", "𝄞"])
def test_any_text_that_can_be_written_survives(text: str) -> None:
    order = replace(ORDER, metadata={text: text})
    assert codec.load_order(row_of(placed(order))) == order
