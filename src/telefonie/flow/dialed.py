"""The only module that says what a Dial remembers, and in which words it tells its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from telefonie.core.call import Cause, Status
from telefonie.core.prices import seconds
from telefonie.flow.targets import Target

_SIP_CODES: Final[Mapping[Status, int]] = {
    Status.COMPLETED: 200,
    Status.BUSY: 486,
    Status.CANCELED: 487,
    Status.UNANSWERED: 487,
    Status.FAILED: 404,
}
_DECLINED: Final = 603


@dataclass(frozen=True, slots=True)
class End:
    """How a leg ended, or would have."""

    leg: str = ""
    target: int = 0
    status: str = Status.FAILED.value
    cause: str = ""
    seconds: int | None = None
    bridged: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What a Dial remembers; plain JSON as `asdict` gives it."""

    legs: Mapping[str, int] = field(default_factory=dict)  # those alive, and which target each one is
    next: int = 0  # target that has not been called yet
    connected: str = ""
    since: int = 0  # of the connection
    last: Mapping[str, Any] | None = None  # the failure so far
    over: bool = False  # nobody is called or connected any more
    tone: bool = False  # the caller hears that it rings
    tone_ms: int = 0  # of the customer's own sound
    tone_key: str = ""  # where that is kept
    tone_ends: int = 0  # on the clock of sound
    tape: str = ""  # the recording that was begun


def outcome(end: End, targets: Sequence[Target], tape: str = "") -> dict[str, Any]:
    """What the customer is told, in neutral words. `tape`: the recording that was made."""
    status = Status(end.status)
    told: dict[str, Any] = {"dial_call_status": status, "dial_bridged": end.bridged}
    if end.leg:
        told["dial_call_id"] = end.leg
    if end.seconds is not None:
        told["dial_call_duration"] = end.seconds
    if tape:
        told["recording_id"] = tape
    if end.leg and targets[end.target].is_sip:
        code = _DECLINED if end.cause == Cause.DECLINED.value else _SIP_CODES[status]
        told |= {"dial_sip_call_id": end.leg, "dial_sip_response_code": code}
    return told


def left(state: State, now: int) -> End:
    """What there is to say when the caller has put down the phone."""
    if state.connected:
        spent = seconds(state.since, now)
        at = state.legs[state.connected]
        return End(state.connected, at, Status.COMPLETED.value, Cause.HUNG_UP.value, spent, bridged=True)
    leg = next(iter(state.legs), "")
    return End(leg, state.legs.get(leg, 0), Status.CANCELED.value, Cause.CANCELED.value)
