"""The only module that knows Enqueue: to wait in a queue until somebody takes the call, and talk with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from telefonie.core.call import Cause, Status
from telefonie.core.events import Kind
from telefonie.core.messages import (
    Called,
    Connect,
    Disconnect,
    LegEnded,
    LegReady,
    LineUp,
    Queued,
    Refused,
    StepOut,
)
from telefonie.core.prices import seconds
from telefonie.core.queues import Result
from telefonie.flow.deeds import (
    Deed,
    Hush,
    Link,
    Note,
    PlaySound,
    RunBeside,
    Send,
    StopBeside,
    Tell,
    ToMeeting,
    Unlink,
)
from telefonie.flow.kinds import METHOD, TEXT, URL, whole
from telefonie.flow.markup import Spot
from telefonie.flow.program import Load, Memory, Next, Scene, Step, Verb, Wait
from telefonie.flow.signals import SideEnded, Signal
from telefonie.flow.spelling import Field, Language, Reading, Spelling

LONGEST_NAME: Final = 64
NO_NAME: Final = 12200
WHILE_WAITING: Final = ("Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather")
WHISPERS: Final = ("Play", "Say", "Pause", "Redirect")
# Where the call stands in it.
DOOR, WAITING, ASKING, CALLED, READY, TALKING = "door", "waiting", "asking", "called", "ready", "talking"
IN_LINE: Final = (WAITING, ASKING)


@dataclass(frozen=True, slots=True)
class Enqueue(Verb):
    """Wait in a queue."""

    name: str
    spot: Spot
    queue: str
    action: str | None
    method: str
    wait_url: str | None  # None: music; "": nothing
    wait_method: str
    most: int | None

    def begin(self, scene: Scene) -> Step:
        """Line up."""
        return Wait({"at": DOOR, "ticket": scene.turn}, (), (self._line_up(scene, scene.turn, again=False),))

    def _line_up(self, scene: Scene, ticket: int, *, again: bool) -> Deed:
        call = scene.call
        return ToMeeting(LineUp(call.id, ticket, self.queue, call.face, None if again else self.most, again))

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """What the queue says, what whoever takes the call says, and what becomes of the documents."""
        match signal:
            case Queued():
                return self._queued(scene, signal)
            case Refused():
                return self._finish(scene, Result.FULL)
            case Called():
                return self._called(scene, signal)
            case SideEnded():
                return self._side_ended(scene, signal)
            case Connect(call) if call == scene.memory.get("by"):
                talking = {**scene.memory, "at": TALKING, "talks_since": scene.now}
                return Wait(talking, (), (Link(call), Note(Kind.CONNECTED, {"call_id": call})))
            case Disconnect(call) if call == scene.memory.get("by"):
                talked = scene.memory["at"] == TALKING
                return self._finish(scene, Result.BRIDGED if talked else Result.BRIDGING)
            case _:
                return None

    # -- waiting --

    def _queued(self, scene: Scene, said: Queued) -> Step:
        memory = scene.memory
        joined: tuple[Deed, ...] = ()
        if memory["at"] == DOOR:
            fact = {"queue": said.queue, "name": self.queue, "place": said.place}
            joined = (Note(Kind.JOINED, fact),)
            memory = {**memory, "queue": said.queue, "since": scene.now}
        return Wait({**memory, "at": WAITING}, (), (*joined, *self._hear(scene, memory, said)))

    def _hear(self, scene: Scene, memory: Memory, said: Queued) -> tuple[Deed, ...]:
        if self.wait_url is None:
            return (PlaySound(scene.call.order.limit_ms, what="music"),)
        if not self.wait_url:
            return ()
        fields = {
            "queue_id": said.queue,
            "queue_position": said.place,
            "queue_time": (scene.now - memory["since"]) // 1000,
            "avg_queue_time": said.average,
            "current_queue_size": said.size,
            "max_queue_size": said.most,
        }
        return (RunBeside(self.wait_url, self.wait_method, self.name, fields, only=WHILE_WAITING),)

    def _side_ended(self, scene: Scene, ended: SideEnded) -> Step:
        memory = scene.memory
        if memory["at"] == CALLED:  # that was the whisper
            return self._give_up(scene) if ended.failed else self._ready(scene.call.id, memory)
        out = ToMeeting(StepOut(scene.call.id, self.queue))
        if ended.left or ended.failed:
            return self._finish(scene, Result.LEFT if ended.left else Result.ERROR, out)
        # Asked for once more, with the place that the call has by now.
        return Wait({**memory, "at": ASKING}, (), (self._line_up(scene, memory["ticket"], again=True),))

    # -- being taken --

    def _called(self, scene: Scene, said: Called) -> Step:
        joined: tuple[Deed, ...] = ()
        memory = scene.memory
        if memory["at"] == DOOR:
            joined = (Note(Kind.JOINED, {"queue": said.queue, "name": self.queue, "place": 1}),)
        memory = {
            "ticket": memory["ticket"],
            "since": memory.get("since", scene.now),
            "queue": said.queue,
            "by": said.by,
            "by_ticket": said.by_ticket,
            "waited": said.waited,
        }
        deeds = (*joined, *self._quiet(scene), Note(Kind.LEFT, _left(self.queue, memory, "taken")))
        if not said.whisper:
            return self._ready(scene.call.id, memory, *deeds)
        fields = {"queue_id": said.queue, "queue_time": said.waited, "dequeuing_call_id": said.by}
        whisper = RunBeside(said.whisper, said.method, self.name, fields, base=said.base, only=WHISPERS)
        return Wait({**memory, "at": CALLED}, (), (*deeds, whisper))

    def _ready(self, me: str, memory: Memory, *deeds: Deed) -> Step:
        told = Send(memory["by"], LegReady(memory["by_ticket"], me))
        return Wait({**memory, "at": READY}, (), (*deeds, told))

    def _give_up(self, scene: Scene) -> Step:
        return self._finish(scene, Result.ERROR, self._gone(scene))

    def _gone(self, scene: Scene) -> Deed:
        """Tell whoever took the call that it is not to be had any more."""
        memory, call = scene.memory, scene.call
        since = memory.get("talks_since")
        status = Status.CANCELED if since is None else Status.COMPLETED
        spent = seconds(since, scene.now)
        ended = LegEnded(memory["by_ticket"], call.id, status.value, Cause.HUNG_UP.value, spent)
        return Send(memory["by"], ended)

    def _quiet(self, scene: Scene) -> tuple[Deed, ...]:
        if scene.memory["at"] not in IN_LINE or self.wait_url == "":
            return ()
        return (Hush(),) if self.wait_url is None else (StopBeside(),)

    # -- going on --

    def _finish(self, scene: Scene, result: Result, *deeds: Deed) -> Step:
        if scene.memory["at"] in IN_LINE:
            deeds = (*deeds, Note(Kind.LEFT, _left(self.queue, scene.memory, result.value)))
        if self.action is None:
            return Next(deeds)
        return Load(self.action, self.method, self.name, self._outcome(scene, result), deeds=deeds)

    def _outcome(self, scene: Scene, result: Result) -> dict[str, Any]:
        memory = scene.memory
        outcome: dict[str, Any] = {"queue_result": result}
        if "queue" in memory:
            waited = memory.get("waited", (scene.now - memory["since"]) // 1000)
            outcome |= {"queue_id": memory["queue"], "queue_time": waited}
        return outcome

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """The call has ended, or went on with another document. The customer is told what came of it."""
        at = scene.memory["at"]
        over = scene.call.ended_at is not None
        deeds: tuple[Deed, ...]
        if at in (DOOR, *IN_LINE):
            result = Result.HUNG_UP if over else Result.REDIRECTED
            deeds = (ToMeeting(StepOut(scene.call.id, self.queue)),)
            if at in IN_LINE:
                music = (Hush(),) if self.wait_url is None else ()
                deeds = (*music, *deeds, Note(Kind.LEFT, _left(self.queue, scene.memory, result.value)))
        elif at == TALKING:
            result = Result.BRIDGED if over else Result.REDIRECTED_FROM_BRIDGED
            parted = Note(Kind.PARTED, {"call_id": scene.memory["by"]})
            deeds = (self._gone(scene), Unlink(), parted)
        else:
            result = Result.HUNG_UP if over else Result.REDIRECTED
            deeds = (self._gone(scene),)
        if self.action is None:
            return deeds
        return (*deeds, Tell(self.action, self.method, self.name, self._outcome(scene, result)))


def _left(name: str, memory: Memory, why: str) -> dict[str, Any]:
    return {"queue": memory["queue"], "name": name, "why": why}


def _enqueue(reading: Reading) -> Verb | None:
    queue = reading.element.text
    if len(queue) > LONGEST_NAME or not (queue or reading["workflowSid"]):
        reading.warn(f"<Enqueue> needs the name of a queue, of at most {LONGEST_NAME} characters", NO_NAME)
        return None
    return Enqueue(
        reading.spelling.name,
        reading.spot,
        queue or reading["workflowSid"],
        reading["action"],
        reading["method"],
        reading["waitUrl"],
        reading["waitUrlMethod"],
        reading["maxQueueSize"],
    )


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Enqueue",
        "Wait in a queue until somebody takes the call.",
        (
            Field("action", URL, None, "Asked with what came of it.", shown_default="the next verb"),
            Field("method", METHOD, "POST", "How that is asked."),
            Field("waitUrl", URL, None, "What is heard meanwhile; empty: silence.", shown_default="music"),
            Field("waitUrlMethod", METHOD, "POST", "How that is asked for."),
            Field(
                "maxQueueSize",
                whole(1, 5_000),
                None,
                "How long the queue may become from now on.",
                shown_default="1000, or as it was",
            ),
            Field("workflowSid", TEXT, "", "Taken for the name of the queue where none is given."),
        ),
        _enqueue,
        content="the name of the queue",
    ),
)
