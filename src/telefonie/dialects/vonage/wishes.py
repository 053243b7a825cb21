"""The only module that turns what customers of this API wish into what the engine is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from telefonie.core import prices
from telefonie.core.call import Direction, Order
from telefonie.core.commands import Deafen, HangUp, Mute, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Detection
from telefonie.dialects.vonage import control_schemas, endpoints, schemas
from telefonie.dialects.vonage.events import TOLD
from telefonie.dialects.vonage.wording import CURRENCY
from telefonie.flow.commands import Command
from telefonie.web.answers import as_json
from telefonie.web.problems import Detail, Reason, invalid

if TYPE_CHECKING:
    from telefonie.engine.applications import Known


def order_of(known: Known, wish: schemas.CallCreation, caller: str, ignored: tuple[str, ...]) -> Order:
    """What the engine is asked to do."""
    application, settings = known.application, known.account.settings
    end = wish.to[0]
    callee = endpoints.address_of(end)
    told_at = wish.event_url or application.event.url
    return Order(
        direction=Direction.OUTBOUND,
        caller=caller,
        callee=callee,
        rate=prices.rate_for(callee, {**prices.RATES, **settings.rates}),
        currency=settings.currency or CURRENCY,
        document=None if wish.ncco is None else as_json(wish.ncco),
        document_url=None if wish.ncco is not None else wish.answer_url,
        document_method=wish.answer_method,
        fallback_url=application.fallback.url,
        fallback_method=application.fallback.method,
        report_url=told_at,
        report_method=_report_method(wish, application.event.method),
        ring_ms=wish.ringing_timer * 1000,
        limit_ms=wish.length_timer * 1000,
        keys=end.dtmf_answer or "" if isinstance(end, endpoints.Phone) else "",
        socket=end.socket if isinstance(end, endpoints.Websocket) else None,
        headers=end.sent or None if isinstance(end, endpoints.Sip) else None,
        application=application.id,
        strict=True,
        region=application.region or "",
        ignored=ignored,
        **_detection(wish, told_at),
    )


def _report_method(wish: schemas.CallCreation, usual: str) -> str:
    """As it is said; else as the application has it, but for an address of the call's own."""
    return wish.event_method or ("POST" if wish.event_url else usual)


# How machines are listened for, and whether the document begins meanwhile.
_MODES: Final[Mapping[str, tuple[Detection, bool]]] = {
    "default": (Detection.FIRST_VERDICT, True),
    "detect": (Detection.FIRST_VERDICT, False),
    "detect_beep": (Detection.FIRST_VERDICT, False),
}
_JUDGED: Final = frozenset({Kind.DETECTED, Kind.BEEPED})


def _detection(wish: schemas.CallCreation, told_at: str | None) -> dict[str, Any]:
    """The advanced wish goes before the plain one, and what is answered to its verdict may go before the document."""
    advanced = wish.advanced_machine_detection or wish.advancedMachineDetection
    if advanced is None:
        if wish.machine_detection is None:
            return {"report_on": TOLD}
        detection, aside = _MODES["default"]
        drops = wish.machine_detection == "hangup"
        return {"detection": detection, "detection_aside": aside, "drops_machines": drops, "report_on": TOLD}
    detection, aside = _MODES[advanced.mode]
    return {
        "detection": detection,
        "detection_aside": aside,
        "drops_machines": advanced.behavior == "hangup",
        "beep_ms": 0 if advanced.mode == "detect" else advanced.beep_timeout * 1000,
        "detection_url": told_at,
        "detection_answers": True,
        "report_on": tuple(kind for kind in TOLD if kind not in _JUDGED),
    }


def command_of(wish: control_schemas.Modification) -> Command:
    """What a call is told."""
    match wish.action:
        case "hangup":
            return HangUp(Actor.CUSTOMER)
        case "mute" | "unmute":
            return Mute(wish.action == "mute")
        case "earmuff" | "unearmuff":
            return Deafen(wish.action == "earmuff")
        case "transfer":
            return _transfer(wish.destination)


def _transfer(to: control_schemas.Destination | None) -> Redirect:
    if to is None:
        raise invalid(Detail("destination", "is required", Reason.MISSING))
    if to.ncco is not None:
        return Redirect("", "", as_json(to.ncco))
    return Redirect(to.url or "", "GET")
