"""The only module that words calls as this API does."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from telefonie.core import prices
from telefonie.core.call import Call, Cause, Direction, Status
from telefonie.core.derive import conversation_id
from telefonie.core.edges import ENDED
from telefonie.core.phones import MACHINES, Heard
from telefonie.dialects.vonage import endpoints
from telefonie.dialects.vonage.answer_schemas import StatusWord
from telefonie.dialects.vonage.networks import network_of
from telefonie.dialects.vonage.schemas import CON
from telefonie.engine.ports import Reply, Wording
from telefonie.store.reads import Standing
from telefonie.web.answers import as_json
from telefonie.web.fields import iso

FACE: Final = "vonage"
CURRENCY: Final = "EUR"
DIRECTION: Final[Mapping[Direction, str]] = {
    Direction.OUTBOUND: "outbound",
    Direction.INBOUND: "inbound",
}
STATUS: Final[Mapping[Status, StatusWord]] = {
    Status.QUEUED: "started",
    Status.RINGING: "ringing",
    Status.TALKING: "answered",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
    Status.BUSY: "busy",
    Status.UNANSWERED: "unanswered",
    Status.CANCELED: "cancelled",
}
# Where nobody has answered, why not says more than that.
WHY_UNANSWERED: Final[Mapping[Cause, StatusWord]] = {
    Cause.DECLINED: "rejected",
    Cause.RING_TIMEOUT: "timeout",
}
_CENT: Final = Decimal("0.00000001")


def _standings() -> dict[StatusWord, tuple[Standing, ...]]:
    """Which calls have which status here: `status_of` the other way round, for the store to look for them."""
    found: dict[StatusWord, tuple[Standing, ...]] = {
        word: (Standing(status),) for status, word in STATUS.items()
    }
    people = frozenset({None, *Heard} - {*MACHINES})
    found["answered"] = (Standing(Status.TALKING, heard=people),)
    found["machine"] = (Standing(Status.TALKING, heard=frozenset(MACHINES)),)
    for cause, word in WHY_UNANSWERED.items():
        found[word] = (Standing(Status.UNANSWERED, causes=frozenset({cause})),)
    others = frozenset({None, *Cause} - WHY_UNANSWERED.keys())
    found["unanswered"] = (Standing(Status.UNANSWERED, causes=others),)
    return found


STANDINGS: Final[Mapping[StatusWord, tuple[Standing, ...]]] = _standings()


def status_of(call: Call) -> StatusWord:
    """Where a call is in its life, in this API's words."""
    if call.status is Status.TALKING and call.heard in MACHINES:
        return "machine"
    if call.status is Status.UNANSWERED and call.cause is not None:
        return WHY_UNANSWERED.get(call.cause, "unanswered")
    return STATUS[call.status]


def uuid_of(call: Call) -> str:
    """The one spelling of a call's id: only who places a call over this API gets one with dashes."""
    placed = call.order.direction is Direction.OUTBOUND and call.order.parent_id is None
    return call.id if placed else call.id.replace("-", "")


def id_of(uuid: str) -> str | None:
    """The id that may stand behind a call's uuid; `uuid_of` tells whether it was spelled rightly."""
    bare = uuid.replace("-", "")
    if len(bare) != 32 or not set(bare) <= _HEX:
        return None
    return f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}"


_HEX: Final = frozenset("0123456789abcdef")


def conversation_of(call: Call) -> str:
    """The id of the conversation in which a call began, whatever room it is in by now."""
    return f"{CON}{call.order.conversation or conversation_id(call.id)}"


def rate_of(call: Call) -> str:
    """The price of a minute."""
    return f"{Decimal(call.order.rate):.8f}"


def duration_of(call: Call) -> int:
    """Seconds of talk, once it has ended."""
    return prices.seconds(call.answered_at, call.ended_at or 0)


def price_of(call: Call) -> str:
    """What it cost: every second counts."""
    return f"{(Decimal(call.order.rate) * duration_of(call) / 60).quantize(_CENT):f}"


def far_end_of(call: Call) -> str:
    """The address at the other end."""
    return call.order.caller if call.order.direction is Direction.INBOUND else call.order.callee


def placed_json(call: Call) -> dict[str, Any]:
    """What is told of a call that was just made."""
    return {
        "uuid": uuid_of(call),
        "status": status_of(call),
        "direction": DIRECTION[call.order.direction],
        "conversation_uuid": conversation_of(call),
    }


def call_json(call: Call) -> dict[str, Any]:
    """A call as it stands; what it came to is there only once it is completed."""
    shown = {
        # As the vendor's: from the server's root. Links of pages are whole, since one client cannot do without.
        "_links": {"self": {"href": f"/v1/calls/{uuid_of(call)}"}},
        **placed_json(call),
        "to": endpoints.shown(call.order.callee, call.order.socket),
        "from": endpoints.shown(call.order.caller),
    }
    if call.answered_at is not None:
        network = network_of(far_end_of(call))
        shown |= {"start_time": iso(call.answered_at)} | ({"network": network} if network else {})
    if call.status is Status.COMPLETED and call.ended_at is not None:
        shown |= {"rate": rate_of(call), "price": price_of(call), "duration": str(duration_of(call))}
        shown["end_time"] = iso(call.ended_at)
    return shown


def done(message: str) -> Wording:
    """The answer to what was done to a call."""

    def word(call: Call) -> Reply:
        return Reply(200, as_json({"message": message, "uuid": uuid_of(call)}))

    return word


def gone_reply(_: object) -> Reply:
    """The answer to a modification."""
    return Reply(204)


def empty_reply(_: object) -> Reply:
    """The answer to a subscription."""
    return Reply(200, "{}")


def is_over(state: str) -> bool:
    """Whether a call in this state has ended: then it is no longer found where calls are changed."""
    return Status(state) in ENDED
