"""The only module that says whom a Dial calls, and what goes with it: plain values, whatever document named them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from telefonie.core.addresses import canonical
from telefonie.core.call import Direction, Order
from telefonie.core.events import Kind
from telefonie.core.phones import Detection
from telefonie.core.sockets import Socket
from telefonie.flow.kinds import BadValue, text
from telefonie.flow.kinds import Kind as Holds

BAD_URL: Final = 11100
BAD_METHOD: Final = 13210
BAD_TIMEOUT: Final = 13212
BAD_CALLER: Final = 13214
BAD_LIMIT: Final = 13216
BAD_FORMAT: Final = 13223
NOT_DIALLED: Final = 13224
WORDS: Final[Mapping[str, Kind]] = {
    "initiated": Kind.PLACED,
    "ringing": Kind.RANG,
    "answered": Kind.ANSWERED,
    "completed": Kind.ENDED,
}
ALL_REPORTS: Final = tuple(WORDS.values())
_NAME: Final = re.compile(r"[A-Za-z0-9+\-_.]{1,128}")
_LOOKS_DIALLED: Final = re.compile(r"(tel:)?[0-9+*#().\-/\s]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """One who is to be called, and how."""

    callee: str  # "": it cannot be dialled
    keys: str = ""  # pressed when it is answered
    document_url: str | None = None  # what it hears before it is connected
    document_method: str = "POST"
    report_url: str | None = None
    report_on: tuple[Kind, ...] = ()
    detection: Detection | None = None
    detection_aside: bool = True
    detection_url: str | None = None
    detection_answers: bool = False  # each verdict may be answered with a document
    beep_ms: int = 0  # so long a machine's beep is waited for
    drops_machines: bool = False
    metadata: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None  # of SIP
    socket: Socket | None = None  # a program, and no phone

    @property
    def is_sip(self) -> bool:
        """Whether it is called over the internet."""
        return self.callee[:4].lower() in {"sip:", "sips"}

    def order(self, parent: Order, caller: str) -> Order:
        """What is ordered for it by the call whose leg it is."""
        return Order(
            Direction.OUTBOUND,
            caller,
            self.callee,
            parent.rate,
            parent.currency,
            document_url=self.document_url,
            document_method=self.document_method,
            # A tone at the wrong moment spoils the listening.
            detection=None if self.keys else self.detection,
            detection_aside=self.detection_aside,
            detection_url=self.detection_url,
            beep_ms=self.beep_ms,
            drops_machines=self.drops_machines,
            language=parent.language,
            keys=self.keys,
            metadata=self.metadata,
            headers=self.headers,
            socket=self.socket,
        )


@dataclass(frozen=True, slots=True)
class Taping:
    """How the talk is recorded."""

    from_ringing: bool
    about: Mapping[str, Any]  # its channels, track and trim, and where it is told


def dialled(number: str) -> tuple[str, int]:
    """A telephone number as it is called, in its international form; or "", and the code of what is wrong."""
    known = canonical(number)
    if known is not None and known.isdecimal():
        return f"+{known}", 0
    return "", NOT_DIALLED if _LOOKS_DIALLED.fullmatch(number) else BAD_FORMAT


def _caller(value: object) -> str:
    found = str(text(255).read(value))
    if canonical(found) is None and not _NAME.fullmatch(found):
        raise BadValue("must be a number, a client or a SIP address")
    return found


CALLER: Final = Holds("number, `client:` name, SIP address, or for SIP any name without spaces", _caller)
