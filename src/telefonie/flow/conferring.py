"""The only module that keeps a call in a room: what it hears until it starts, and when it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telefonie.core.call import Status
from telefonie.core.events import Kind
from telefonie.core.messages import Admitted, Dismissed, Enter, Exit, Refused, Started
from telefonie.flow.deeds import (
    Deed,
    Hush,
    Link,
    Note,
    PlaySound,
    RunBeside,
    StopBeside,
    Tell,
    ToMeeting,
    Unlink,
    Warn,
)
from telefonie.flow.markup import Spot
from telefonie.flow.program import Alarm, Load, Memory, Next, Quit, Scene, Step, Verb, Wait
from telefonie.flow.signals import Key, SideEnded, Signal, Woke

MAY_RUN: Final = ("Play", "Say", "Pause", "Redirect", "stream", "talk", "wait")  # while one waits
BAD_WAIT_VERB: Final = 13238
MOST: Final = 250
BEEP_MS: Final = 500
ANSWERED: Final = "answered"  # what a room makes of a Dial: nobody was called, so nobody completed


@dataclass(frozen=True, slots=True)
class Ways:
    """How a call takes part."""

    starts: bool = True
    ends: bool = False
    muted: bool = False
    most: int = MOST
    label: str = ""
    beep: str = "both"
    quorum: int = 2
    heard_by: tuple[str, ...] | None = None
    hears: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Conference(Verb):
    """Be in a room until it ends, or this call leaves it."""

    name: str
    spot: Spot
    room: str  # its name
    room_id: str = ""  # instead of its name: then it must be there already
    ways: Ways = Ways()
    wait_url: str | None = None  # what is heard until it starts. None: music; "": nothing
    wait_method: str = "POST"
    star: bool = False  # the far end may leave with the star key
    limit_ms: int = 0  # 0: as long as the call may last
    action: str | None = None
    method: str = "POST"
    final: bool = False  # nothing is done after it

    # -- coming in --

    def begin(self, scene: Scene) -> Step:
        """Knock."""
        ways = self.ways
        enter = Enter(
            scene.call.id,
            scene.turn,
            self.room,
            scene.call.face,
            self.room_id,
            ways.starts,
            ways.ends,
            ways.muted,
            ways.most,
            ways.label,
            scene.listens,
            ways.beep,
            ways.quorum,
            ways.heard_by,
            ways.hears,
        )
        return Wait({"at": "door"}, (), (ToMeeting(enter),))

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """What the far end does, and what runs out."""
        match signal:
            case Admitted() | Started() | Refused() | Dismissed():
                return self._told(scene, signal)
            case SideEnded(failed=True) if scene.memory["at"] == "waiting":
                return self._leave(scene, "document_failed")  # one that has run out leaves silence
            case Key("*") if self.star:
                return self._leave(scene, "star")
            case Woke("limit"):
                return self._leave(scene, "time_limit")
            case _:
                return None

    def _told(self, scene: Scene, said: Admitted | Started | Refused | Dismissed) -> Step:
        match said:
            case Admitted():
                return self._admitted(scene, said)
            case Started():
                return self._start(scene.memory, self._quiet())
            case Refused(_, code, message):
                return self._refused(code, message)
            case Dismissed(why=why):
                return self._finish(ANSWERED, (*self._quiet_if(scene), *self._away(scene, why)))

    def _admitted(self, scene: Scene, said: Admitted) -> Step:
        memory = {"room": said.room, "name": said.name, "since": scene.now}
        joined = Note(Kind.JOINED, {"room": said.room, "name": said.name})
        if said.started:
            return self._start(memory, (joined,))
        return self._wait(scene, memory, joined)

    def _alarms(self, memory: Memory) -> tuple[Alarm, ...]:
        return (Alarm("limit", memory["since"] + self.limit_ms, guard=True),) if self.limit_ms else ()

    def _wait(self, scene: Scene, memory: Memory, *first: Deed) -> Step:
        """Hear something until it starts."""
        heard: tuple[Deed, ...] = ()
        if self.wait_url:
            beside = RunBeside(self.wait_url, self.wait_method, self.name, only=MAY_RUN, code=BAD_WAIT_VERB)
            heard = (beside,)
        elif self.wait_url is None:
            heard = (PlaySound(self.limit_ms or scene.call.order.limit_ms, what="music"),)
        return Wait({**memory, "at": "waiting"}, self._alarms(memory), (*first, *heard))

    def _quiet(self) -> tuple[Deed, ...]:
        if self.wait_url:
            return (StopBeside(),)
        return (Hush(),) if self.wait_url is None else ()

    def _quiet_if(self, scene: Scene) -> tuple[Deed, ...]:
        return self._quiet() if scene.memory["at"] == "waiting" else ()

    def _start(self, memory: Memory, first: tuple[Deed, ...]) -> Step:
        beep = (PlaySound(BEEP_MS, what="beep"),) if self.ways.beep in ("both", "enter") else ()
        deeds = (*first, *beep, Link(room=memory["name"]))
        return Wait({**memory, "at": "in"}, self._alarms(memory), deeds)

    # -- going --

    def _refused(self, code: int, message: str) -> Step:
        warned = (Warn(code, message),) if code else ()
        return Next(warned) if self.final else self._finish(Status.FAILED, warned)

    def _leave(self, scene: Scene, why: str) -> Step:
        status = Status.FAILED if why == "document_failed" else ANSWERED
        return self._finish(status, (*self._quiet_if(scene), self._exit(scene, why), *self._away(scene, why)))

    def _exit(self, scene: Scene, why: str) -> Deed:
        name = scene.memory.get("name", self.room)
        return ToMeeting(Exit(scene.call.id, name, why, "" if name else self.room_id))

    def _away(self, scene: Scene, why: str) -> tuple[Deed, ...]:
        memory = scene.memory
        if "room" not in memory:
            return ()
        return Unlink(), Note(Kind.LEFT, {"room": memory["room"], "name": memory["name"], "why": why})

    def _finish(self, status: str, deeds: tuple[Deed, ...]) -> Step:
        if self.final:
            return Quit(deeds)
        if self.action is None:
            return Next(deeds)
        return Load(self.action, self.method, self.name, {"dial_call_status": status}, deeds=deeds)

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """The call has ended, or went on with another document: the room is told."""
        why = "redirected" if scene.call.ended_at is None else "hung_up"
        music = (Hush(),) if scene.memory["at"] == "waiting" and self.wait_url is None else ()
        deeds = (*music, self._exit(scene, why), *self._away(scene, why))
        if self.action is None or scene.call.ended_at is None:
            return deeds
        return (*deeds, Tell(self.action, self.method, self.name, {"dial_call_status": ANSWERED}))
