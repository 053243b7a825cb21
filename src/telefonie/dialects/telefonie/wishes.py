"""The only module that turns what customers of this API wish into what the engine is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from telefonie.core import prices
from telefonie.core.accounts import Account
from telefonie.core.call import Direction, Order
from telefonie.core.commands import Cancel, Command, HangUp, Hold, LeaveAlone, Mute, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Detection
from telefonie.dialects.telefonie import schemas, wording
from telefonie.web.answers import as_json
from telefonie.web.problems import Detail, invalid

DETECTION_OF: Final[Mapping[str, Detection]] = {word: how for how, word in wording.DETECTION.items()}
KIND_OF: Final[Mapping[str, Kind]] = {
    spelling: kind
    for kind, word in wording.EVENT.items()
    if word is not None
    for spelling in (word, word.removeprefix("call."))
}
USUAL: Final = (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.CONSENTED, Kind.ENDED)


def order_of(account: Account, wish: schemas.CallCreation, ignored: tuple[str, ...]) -> Order:
    """What the engine is asked to do."""
    if wish.send_digits and wish.machine_detection:
        raise invalid(Detail("send_digits", "cannot be used together with machine_detection"))
    settings = account.settings
    rates = {**prices.RATES, **settings.rates} if settings.rates else prices.RATES
    events = wish.status_callback_events
    return Order(
        direction=Direction.OUTBOUND,
        caller=wish.from_,
        callee=wish.to,
        rate=prices.rate_for(wish.to, rates),
        currency=settings.currency or wording.CURRENCY,
        document_url=wish.url,
        document_method=wish.method,
        fallback_url=wish.fallback_url,
        report_url=wish.status_callback,
        report_on=USUAL if events is None else tuple(dict.fromkeys(KIND_OF[word] for word in events)),
        ring_ms=wish.timeout * 1000,
        limit_ms=wish.time_limit * 1000,
        record=wish.record is True,  # what the account has recorded anyway, the engine knows
        channels=wish.recording_channels,
        recording_url=wish.recording_status_callback,
        detection_aside=wish.async_amd,
        detection_url=wish.async_amd_status_callback,
        detection=None if wish.machine_detection is None else DETECTION_OF[wish.machine_detection],
        keys=wish.send_digits or "",
        metadata=wish.metadata,
        ignored=ignored,
    )


def command_of(wish: schemas.CallUpdate) -> Command:
    """The one change that an update asks for; an empty one asks for none."""
    wanted = [name for name in schemas.CHANGES if getattr(wish, name) is not None]
    if len(wanted) > 1:
        raise invalid(
            Detail(wanted[0], f"cannot be used together with {wanted[1]}; send one change at a time")
        )
    return _COMMANDS[wanted[0]](wish) if wanted else LeaveAlone()


_ENDPOINTS: Final = {"sip": ("sip", "uri"), "sips": ("sip", "uri"), "client": ("app", "user")}


def _transfer(wish: schemas.CallUpdate) -> Command:
    """The far end goes on with a document that does nothing but connect it."""
    target = wish.transfer_to or ""
    kind, name = _ENDPOINTS.get(target.partition(":")[0].lower(), ("phone", "number"))
    # Whoever is called sees the number that this call is on.
    action = {"action": "connect", "randomFromNumber": True, "endpoint": [{"type": kind, name: target}]}
    return Redirect("", "POST", as_json([action]))


_COMMANDS: Final[Mapping[str, Callable[[schemas.CallUpdate], Command]]] = {
    "status": lambda wish: HangUp(Actor.CUSTOMER) if wish.status == "completed" else Cancel(),
    "url": lambda wish: Redirect(wish.url or "", wish.method),
    "muted": lambda wish: Mute(bool(wish.muted)),
    "hold": lambda wish: Hold(bool(wish.hold)),
    "transfer_to": _transfer,
}
