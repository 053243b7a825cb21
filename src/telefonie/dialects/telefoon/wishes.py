"""The only module that turns what customers of this API wish into what the engine is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from telefonie.core import prices
from telefonie.core.accounts import Account
from telefonie.core.call import Direction, Order
from telefonie.core.events import Kind
from telefonie.core.phones import Detection
from telefonie.core.speaking import ENGLISH
from telefonie.dialects.telefoon import schemas, wording
from telefonie.web.problems import Detail, invalid

DETECTION_OF: Final[Mapping[str, Detection]] = {word: how for how, word in wording.DETECTION.items()}
KIND_OF: Final[Mapping[str, Kind]] = {word: kind for kind, word in wording.TOLD.items()}
USUAL: Final = tuple(kind for kind in wording.TOLD if kind is not Kind.DETECTED)


def order_of(account: Account, wish: schemas.CallCreation, ignored: tuple[str, ...]) -> Order:
    """What the engine is asked to do."""
    if wish.send_digits and wish.machine_detection:
        raise invalid(Detail("send_digits", "cannot be used together with machine_detection"))
    settings = account.settings
    events = wish.status_callback_events
    return Order(
        direction=Direction.OUTBOUND,
        caller=wish.from_,
        callee=wish.to,
        rate=prices.rate_for(wish.to, {**prices.RATES, **settings.rates}),
        currency=settings.currency or wording.CURRENCY,
        document_url=wish.url,
        document_method=wish.method,
        fallback_url=wish.fallback_url,
        report_url=wish.status_callback,
        report_on=USUAL if events is None else tuple(dict.fromkeys(KIND_OF[word] for word in events)),
        ring_ms=wish.timeout * 1000,
        limit_ms=wish.time_limit * 1000,
        record=wish.record is True,
        channels=wish.recording_channels,
        recording_url=wish.recording_status_callback,
        language=wish.tts_language or ENGLISH,
        detection=None if wish.machine_detection is None else DETECTION_OF[wish.machine_detection],
        keys=wish.send_digits or "",
        metadata=wish.metadata,
        ignored=ignored,
    )
