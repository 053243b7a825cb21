"""A far end that puts the phone down."""

from __future__ import annotations

import pytest

from telefonie.core.call import Cause, Direction, EndedBy, Order, Status
from telefonie.core.calls import Change, apply, place
from telefonie.core.commands import Answer, Leave, Wake
from telefonie.core.errors import Illegal

ORDER = Order(
    direction=Direction.OUTBOUND, caller="+3197010280", callee="+12125550120", rate="0.01", currency="USD"
)


def placed() -> Change:
    return place("c1", "a1", "plain", ORDER, 0)


def test_an_answered_call_ends_completed_by_its_far_end() -> None:
    answered = apply(apply(placed().call, Wake(), 1_000).call, Answer(), 1_500).call
    ended = apply(answered, Leave(), 4_000).call
    assert (ended.status, ended.cause, ended.ended_by) == (Status.COMPLETED, Cause.HUNG_UP, EndedBy.FAR_END)
    assert ended.ended_at == 4_000
    assert ended.timers == ()


@pytest.mark.parametrize("at", [500, 1_000])
def test_who_has_not_answered_cannot_hang_up(at: int) -> None:
    call = apply(placed().call, Wake(), at).call
    assert call.status is (Status.RINGING if at == 1_000 else Status.QUEUED)
    with pytest.raises(Illegal, match="reject a ringing call"):
        apply(call, Leave(), 1_200)


def test_nobody_leaves_an_ended_call() -> None:
    answered = apply(apply(placed().call, Wake(), 1_000).call, Answer(), 1_500).call
    with pytest.raises(Illegal):
        apply(apply(answered, Leave(), 2_000).call, Leave(), 2_100)
