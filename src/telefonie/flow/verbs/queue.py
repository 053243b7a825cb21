"""The only module that knows Dial's Queue: it takes whoever waits at the head, and talks with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from telefonie.core.call import Status
from telefonie.core.events import Kind
from telefonie.core.messages import (
    Connect,
    Disconnect,
    LegEnded,
    LegReady,
    Refused,
    TakeFirst,
    Taken,
    TakeNobody,
)
from telefonie.core.prices import seconds
from telefonie.flow.deeds import Deed, Link, Note, Send, Tell, ToMeeting, Unlink, Warn
from telefonie.flow.kinds import METHOD, TEXT, URL
from telefonie.flow.markup import Element, Spot
from telefonie.flow.program import Alarm, Load, Memory, Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import Key, Signal, Woke
from telefonie.flow.spelling import Field, Part, Reading, Spelling, reach

LONGEST_NAME: Final = 64
NO_NAME: Final = 13237


@dataclass(frozen=True, slots=True)
class FromQueue(Verb):
    """Take the first of a queue, or the first who comes, and be connected with them."""

    name: str
    spot: Spot
    queue: str
    whisper: str  # what the one who waited hears first
    whisper_method: str
    timeout_ms: int
    limit_ms: int
    star: bool  # the far end may drop the other with the star key
    action: str | None
    method: str

    def begin(self, scene: Scene) -> Step:
        """Ask for somebody."""
        return self._ask(scene, {"ticket": scene.turn, "until": scene.now + self.timeout_ms})

    def _ask(self, scene: Scene, memory: Memory) -> Step:
        base = scene.base.url if scene.base else None
        asked = TakeFirst(
            scene.call.id, memory["ticket"], self.queue, self.whisper, self.whisper_method, base
        )
        alarm = Alarm("timeout", memory["until"])
        kept = {"ticket": memory["ticket"], "until": memory["until"]}
        return Wait({**kept, "at": "asking"}, (alarm,), (ToMeeting(asked),))

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """Somebody comes, is ready, goes; or nobody comes."""
        match signal:
            case Taken() | LegReady() | LegEnded():
                return self._of_leg(scene, signal)
            case Refused(_, code, message):
                return self._finish(scene, (Warn(code, message),), Status.FAILED)
            case Woke("timeout"):
                return self._finish(scene, self._let_go(scene))
            case Woke("limit"):
                return self._part(scene)
            case Key("*") if self.star and scene.memory["at"] == "talking":
                return self._part(scene)
            case _:
                return None

    def _of_leg(self, scene: Scene, said: Taken | LegReady | LegEnded) -> Step | None:
        memory = scene.memory
        if isinstance(said, Taken):
            coming = {**memory, "at": "coming", "leg": said.leg}
            return Wait(coming, (Alarm("timeout", memory["until"]),))
        if memory.get("leg") != said.leg:
            return None
        if isinstance(said, LegReady):
            return self._connect(scene, said.leg)
        if memory["at"] == "coming":  # that one is gone: the next one, then
            return self._ask(scene, memory)
        return self._finish(scene, self._parted(scene))

    def _connect(self, scene: Scene, leg: str) -> Step:
        talking = {**scene.memory, "at": "talking", "since": scene.now}
        deeds = (Send(leg, Connect(scene.call.id)), Link(leg), Note(Kind.CONNECTED, {"call_id": leg}))
        return Wait(talking, (Alarm("limit", scene.now + self.limit_ms, guard=True),), deeds)

    def _part(self, scene: Scene) -> Step:
        return self._finish(scene, (*self._let_go(scene), *self._parted(scene)))

    def _parted(self, scene: Scene) -> tuple[Deed, ...]:
        return Unlink(), Note(Kind.PARTED, {"call_id": scene.memory["leg"]})

    def _let_go(self, scene: Scene) -> tuple[Deed, ...]:
        """Tell the queue, or the one who comes or is connected, that nobody is wanted any more."""
        if scene.memory["at"] == "asking":
            return (ToMeeting(TakeNobody(scene.call.id, self.queue)),)
        return (Send(scene.memory["leg"], Disconnect(scene.call.id, hang_up=False)),)

    def _finish(self, scene: Scene, deeds: tuple[Deed, ...], status: Status = Status.UNANSWERED) -> Step:
        if self.action is None:
            return Next(deeds)
        return Load(self.action, self.method, self.name, self._outcome(scene, status), deeds=deeds)

    def _outcome(self, scene: Scene, status: Status = Status.CANCELED) -> dict[str, Any]:
        """What came of it; `status`: if the two never talked."""
        memory = scene.memory
        if memory["at"] != "talking":
            return {"dial_call_status": status, "dial_bridged": False}
        spent = seconds(memory["since"], scene.now)
        talked = {"dial_call_id": memory["leg"], "dial_call_duration": spent, "dial_bridged": True}
        return {"dial_call_status": Status.COMPLETED, **talked}

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """The call has ended, or went on with another document."""
        parted = self._parted(scene) if scene.memory["at"] == "talking" else ()
        deeds = (*self._let_go(scene), *parted)
        if self.action is None or scene.call.ended_at is None:
            return deeds
        return (*deeds, Tell(self.action, self.method, self.name, self._outcome(scene)))


_UNUSED: Final = "Without effect here: there are no workflows."
FIELDS: Final = (
    Field(
        "url", URL, "", "What the one who waited hears before the two are connected.", shown_default="nothing"
    ),
    Field("method", METHOD, "POST", "How that is asked for."),
    Field("reservationSid", TEXT, "", _UNUSED),
    Field("postWorkActivitySid", TEXT, "", _UNUSED),
)
PART: Final = Part(
    "<Queue>", "Whoever waits longest in the queue of this name. It stands alone in a Dial.", FIELDS
)


def noun(reading: Reading, element: Element, dial: Mapping[str, Any]) -> Verb | None:
    """The noun of a Dial, with what Dial says: action, method, hangupOnStar; timeout and timeLimit (seconds)."""
    values = reach(FIELDS, element, reading.remarks)
    if values is None:
        return None
    queue = element.text
    if not queue or len(queue) > LONGEST_NAME:
        reading.warn(f"<Queue> needs a name of at most {LONGEST_NAME} characters", NO_NAME, element.spot)
        return None
    return FromQueue(
        reading.spelling.name,
        reading.spot,
        queue,
        values["url"],
        values["method"],
        dial["timeout"] * 1000,
        dial["timeLimit"] * 1000,
        dial["hangupOnStar"],
        dial["action"] or None,
        dial["method"],
    )


SPELLINGS: Final[tuple[Spelling, ...]] = ()  # it stands in Dial only
