"""The only module that knows Refer, which sends a caller by SIP elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from telefonie.core.call import Call, Direction, Status
from telefonie.core.events import Kind as Fact
from telefonie.flow.deeds import Deed, Note, Warn
from telefonie.flow.kinds import METHOD, URL, BadValue, text
from telefonie.flow.markup import SCHEMA_WARNING, Element, Spot
from telefonie.flow.program import Load, Next, Scene, Step, Verb
from telefonie.flow.spelling import Field, Language, Part, Reading, Spelling

ACCEPTED: Final = 202
OK: Final = 200
NO_SIP: Final = "<Refer> works on calls by SIP only, and this is none"
TARGET: Final = text(255)


@dataclass(frozen=True, slots=True)
class Refer(Verb):
    """Ask the far end, if it is on SIP, to call somebody else: here it always does, at once."""

    name: str
    spot: Spot
    target: str
    action: str | None  # None: the next verb
    method: str

    def begin(self, scene: Scene) -> Step:
        """It is accepted, and done."""
        by_sip = _far_end(scene.call).startswith(("sip:", "sips:"))
        status = Status.TALKING if by_sip else Status.FAILED
        outcome: dict[str, Any] = {"refer_call_status": status}
        deeds: tuple[Deed, ...] = (Warn(SCHEMA_WARNING, NO_SIP),)
        if by_sip:
            outcome |= {"refer_sip_response_code": ACCEPTED, "notify_sip_response_code": OK}
            deeds = (Note(Fact.DID, {"verb": self.name, "what": "referred", "to": self.target}),)
        if self.action is None:
            return Next(deeds)
        return Load(self.action, self.method, self.name, outcome, deeds=deeds)


def _far_end(call: Call) -> str:
    order = call.order
    return order.callee if order.direction is Direction.OUTBOUND else order.caller


def _refer(reading: Reading) -> Refer | None:
    found = [each for each in reading.element.elements if each.name == "Sip"]
    target = _target(found[0], reading) if found else None
    if target is None:
        reading.warn("<Refer> needs a <Sip> with a URI that begins with sip: or sips:, so it is passed over")
        return None
    for each in found[1:]:
        reading.warn("<Refer> has one <Sip>, so this one is passed over", spot=each.spot)
    return Refer("Refer", reading.spot, target, reading["action"], reading["method"])


def _target(sip: Element, reading: Reading) -> str | None:
    for each in sip.attributes:
        reading.warn(f"<Sip> in <Refer> has no {each[:40]}, so it is passed over", spot=sip.spot)
    try:
        uri = str(TARGET.read(sip.text))
    except BadValue as bad:
        reading.warn(f"the content of <Sip> {bad}", spot=sip.spot)
        return None
    return uri if uri.startswith(("sip:", "sips:")) else None


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Refer",
        "Ask the far end of a call by SIP to call somebody else. The simulated far end accepts at once; on any other"
        " call it fails.",
        (
            Field("action", URL, None, "Asked what came of it.", shown_default="the next verb"),
            Field("method", METHOD, "POST", "How the action is asked."),
        ),
        _refer,
        content="one Sip with the URI of whom to call",
        nested=("Sip",),
        parts=(Part("<Sip>", "The URI of whom to call.", ()),),
    ),
)
