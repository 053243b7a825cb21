"""The only module that knows Sms, which sends a text message in the middle of a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from telefonie.core.call import Call, Direction
from telefonie.core.derive import part_id
from telefonie.core.events import Kind as Fact
from telefonie.flow.deeds import Note, Tell
from telefonie.flow.kinds import METHOD, TEXT, URL
from telefonie.flow.markup import Spot
from telefonie.flow.program import Load, Next, Scene, Step, Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling

LONGEST: Final = 1_600


@dataclass(frozen=True, slots=True)
class Sms(Verb):
    """Send a text message. Simulated people read none: it stands on the timeline, and counts as sent."""

    answers: ClassVar[bool] = False
    name: str
    spot: Spot
    text: str
    to: str | None  # None: whom the call is with
    sender: str | None  # None: the number that the call is on
    action: str | None  # None: the next verb
    method: str
    report_url: str | None

    def begin(self, scene: Scene) -> Step:
        """It takes no time."""
        far, own = _numbers(scene.call)
        message_id = part_id(scene.call.id, "sms", str(scene.turn))
        outcome: dict[str, Any] = {"sms_id": message_id, "sms_status": "sent"}
        data = {"to": self.to or far, "from": self.sender or own, "text": self.text}
        note = Note(Fact.DID, {"verb": self.name, "what": "sent_text", **data})
        told = () if self.report_url is None else (Tell(self.report_url, "POST", self.name, outcome),)
        if self.action is None:
            return Next((note, *told))
        return Load(self.action, self.method, self.name, outcome, deeds=(note, *told))


def _numbers(call: Call) -> tuple[str, str]:
    """The number of the far end, and ours."""
    order = call.order
    out = order.direction is Direction.OUTBOUND
    return (order.callee, order.caller) if out else (order.caller, order.callee)


def _sms(reading: Reading) -> Sms | None:
    text = reading.element.text
    if not text or len(text) > LONGEST:
        reading.warn(f"<Sms> needs a text of at most {LONGEST} characters, so it is passed over")
        return None
    to, sender, action = reading["to"], reading["from"], reading["action"]
    return Sms("Sms", reading.spot, text, to, sender, action, reading["method"], reading["statusCallback"])


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Sms",
        "Send a text message. It stands on the timeline and counts as sent; simulated people read none.",
        (
            Field("to", TEXT, None, "Who gets it.", shown_default="whom the call is with"),
            Field("from", TEXT, None, "Who sends it.", shown_default="the number that the call is on"),
            Field("action", URL, None, "Asked what came of it.", 11100, shown_default="the next verb"),
            Field("method", METHOD, "POST", "How the action is asked."),
            Field("statusCallback", URL, None, "Told what came of it.", 11100),
        ),
        _sms,
        content="the text",
    ),
)
