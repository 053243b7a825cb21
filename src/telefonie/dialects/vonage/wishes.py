"""The only module that turns what customers of this API wish into what the engine is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from telefonie.core import prices
from telefonie.core.call import Direction, Order
from telefonie.core.commands import HangUp, LeaveAlone, Mute, Redirect
from telefonie.core.events import Actor
from telefonie.core.phones import Detection
from telefonie.dialects.vonage import endpoints, schemas
from telefonie.dialects.vonage.events import TOLD
from telefonie.dialects.vonage.wording import CURRENCY
from telefonie.flow.commands import Command
from telefonie.web.answers import as_json
from telefonie.web.problems import Detail, Reason, invalid

if TYPE_CHECKING:
    from telefonie.engine.applications import Known


def order_of(
    known: Known, wish: schemas.CallCreation, caller: str, conversation: str, ignored: tuple[str, ...]
) -> Order:
    """What the engine is asked to do."""
    application, settings = known.application, known.account.settings
    end = wish.to[0]
    callee = endpoints.address_of(end)
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
        report_url=wish.event_url or application.event.url,
        report_method=_report_method(wish, application.event.method),
        report_on=TOLD,
        ring_ms=wish.ringing_timer * 1000,
        limit_ms=wish.length_timer * 1000,
        keys=_keys(end),
        headers=end.sent or None if isinstance(end, endpoints.Sip) else None,
        application=application.id,
        conversation=conversation,
        strict=True,
        region=application.region or "",
        ignored=ignored,
        **_detection(wish.detection),
    )


def _report_method(wish: schemas.CallCreation, usual: str) -> str:
    """As it is said; else as the application has it, but for an address of the call's own."""
    return wish.event_method or ("POST" if wish.event_url else usual)


def _keys(end: endpoints.Endpoint) -> str:
    given = end.dtmf_answer if isinstance(end, endpoints.Phone) else None
    return keys_of(given or "")


def keys_of(digits: str) -> str:
    """Keys as the engine sends them: its half second is a w."""
    return digits.replace("p", "w")


# How machines are listened for, and whether the document begins meanwhile.
_MODES: Final[Mapping[str, tuple[Detection, bool]]] = {
    "default": (Detection.FIRST_VERDICT, True),
    "detect": (Detection.FIRST_VERDICT, False),
    "detect_beep": (Detection.GREETING_END, False),
}


def _detection(wish: schemas.MachineDetection | None) -> dict[str, Any]:
    if wish is None:
        return {}
    detection, aside = _MODES[wish.mode]
    return {"detection": detection, "detection_aside": aside}


def command_of(wish: schemas.Modification) -> Command:
    """What a call is told."""
    match wish.action:
        case "hangup":
            return HangUp(Actor.CUSTOMER)
        case "mute" | "unmute":
            return Mute(wish.action == "mute")
        case "earmuff" | "unearmuff":
            return LeaveAlone()
        case "transfer":
            return _transfer(wish.destination)


def _transfer(to: schemas.Destination | None) -> Redirect:
    if to is None:
        raise invalid(Detail("destination", "is required", Reason.MISSING))
    if to.ncco is not None:
        return Redirect("", "", as_json(to.ncco))
    return Redirect(to.url or "", "GET")
