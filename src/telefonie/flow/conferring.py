"""The only module that keeps a call in a room: what it hears there beside the others, and when it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from telefonie.core.call import Status
from telefonie.core.events import Actor, Kind
from telefonie.core.messages import (
    Admitted,
    Announced,
    Dismissed,
    Enter,
    Exit,
    Refused,
    Started,
    Steered,
)
from telefonie.core.phones import BEEP_MS
from telefonie.core.room import Terms, packed_terms
from telefonie.flow.deeds import (
    Deed,
    Hush,
    Link,
    Note,
    PlaySound,
    RunBeside,
    Tell,
    ToMeeting,
    Unlink,
    Warn,
)
from telefonie.flow.lobby import ANNOUNCEMENT, DOCUMENT, MUSIC, NOTHING, Ways, place, shown, still, wanted
from telefonie.flow.markup import SCHEMA_WARNING, Spot
from telefonie.flow.program import Alarm, Load, Memory, Next, Program, Quit, Scene, Step, Verb, Wait
from telefonie.flow.signals import Key, SideEnded, Signal, Woke

MAY_RUN: Final = ("Play", "Say", "Pause", "Redirect", "stream", "talk", "wait")  # while one waits
BAD_WAIT_VERB: Final = 13238
ANSWERED: Final = "answered"  # what a room makes of a Dial: nobody was called, so nobody completed
_USUAL: Final = Ways()
_PLAIN: Final = Terms()


@dataclass(frozen=True, slots=True)
class Conference(Verb):
    """Be in a room until it ends, or this call leaves it."""

    name: str
    spot: Spot
    room: str  # its name
    room_id: str = ""  # instead of its name: then it must be there already
    ways: Ways = _USUAL
    wait_url: str | None = None  # what is heard until it starts. None: music; "": nothing
    wait_method: str = "POST"
    star: bool = False  # the far end may leave with the star key
    limit_ms: int = 0  # 0: as long as the call may last
    action: str | None = None
    method: str = "POST"
    final: bool = False  # nothing is done after it
    terms: Terms = _PLAIN  # of the room, if this call is the first
    told_with_call: bool = False  # its recording is told where the call is, if nothing else is said

    # -- coming in --

    def begin(self, scene: Scene) -> Step:
        """Knock."""
        ways, terms = self.ways, self.terms
        if self.told_with_call and terms.recording_url is None:
            url, method = scene.told_at(None, terms.recording_method)
            terms = replace(terms, recording_url=url, recording_method=method)
        order = scene.call.order
        if order.application is not None:
            terms = replace(terms, application=order.application, conversation=order.conversation)
        enter = Enter(
            scene.call.id,
            scene.turn,
            place(order.application, self.room),
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
            ways.coach,
            scene.call.order.currency,
            packed_terms(terms),
            scene.base.url if scene.base else None,
        )
        return Wait({"at": "door"}, (), (ToMeeting(enter),))

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """What the far end does, what runs out, and what the room says."""
        match signal:
            case Admitted() | Started() | Refused() | Dismissed() | Steered() | Announced():
                return self._told(scene, signal)
            case SideEnded() if scene.memory.get("hears") in (DOCUMENT, ANNOUNCEMENT):
                return self._heard_out(scene, signal)
            case Key("*") if self.star:
                return self._leave(scene, "star")
            case Woke("limit"):
                return self._leave(scene, "time_limit")
            case _:
                return None

    def _told(
        self, scene: Scene, said: Admitted | Started | Refused | Dismissed | Steered | Announced
    ) -> Step:
        match said:
            case Admitted():
                return self._admitted(scene, said)
            case Started():
                return self._start(scene, dict(scene.memory))
            case Refused(_, code, message):
                return self._refused(scene, code, message)
            case Dismissed(why=why):
                return self._finish(scene, ANSWERED, (*still(scene.memory), *self._away(scene, why)))
            case Steered():
                return self._steered(scene, said)
            case Announced(url=url, method=method):
                return self._announced(scene, url, method)

    def _admitted(self, scene: Scene, said: Admitted) -> Step:
        memory: dict[str, Any] = {"room": said.room, "name": said.name, "since": scene.now}
        memory |= {"beep": said.beep, "held": said.held, "hears": NOTHING, "at": "waiting"}
        joined: list[Deed] = [Note(Kind.JOINED, {"room": said.room, "name": self._name(scene, said.name)})]
        if said.code:
            joined.append(
                Warn(said.code, f"the call {self.ways.coach} is not in the room: nobody is coached")
            )
        if said.started:
            return self._start(scene, memory, *joined)
        return self._settle(scene, memory, *joined)

    def _start(self, scene: Scene, memory: dict[str, Any], *first: Deed) -> Step:
        """The others are heard, but by one who is held."""
        memory["at"] = "in"
        beep: tuple[Deed, ...] = ()
        if memory["beep"] in ("both", "enter") and not memory["held"]:
            beep = (PlaySound(BEEP_MS, what="beep"),)
        return self._settle(scene, memory, *first, then=(*beep, Link(room=memory["name"])))

    # -- what is heard --

    def _settle(
        self, scene: Scene, memory: dict[str, Any], *first: Deed, then: tuple[Deed, ...] = ()
    ) -> Wait:
        """Hear what is to be heard now; what is heard already goes on."""
        rest, heard = wanted(memory, self.wait_url), memory["hears"]
        if heard == ANNOUNCEMENT or rest == heard:
            return Wait(memory, self._alarms(memory), (*first, *then))
        deeds = (*first, *still(memory), *then, *self._sound(scene, rest))
        return Wait({**memory, "hears": rest}, self._alarms(memory), deeds)

    def _sound(self, scene: Scene, wanted: str) -> tuple[Deed, ...]:
        if wanted == MUSIC:
            return (PlaySound(self.limit_ms or scene.call.order.limit_ms, what="music"),)
        if wanted == DOCUMENT and self.wait_url:
            waits = RunBeside(self.wait_url, self.wait_method, self.name, only=MAY_RUN, code=BAD_WAIT_VERB)
            return (waits,)
        return ()

    def _alarms(self, memory: Memory) -> tuple[Alarm, ...]:
        return (Alarm("limit", memory["since"] + self.limit_ms, guard=True),) if self.limit_ms else ()

    def _heard_out(self, scene: Scene, ended: SideEnded) -> Step:
        """A document that has run out leaves what would be heard without it."""
        memory = dict(scene.memory)
        waited = memory["hears"] == DOCUMENT
        if waited and ended.failed:
            return self._leave(scene, "document_failed")
        memory |= {"hears": NOTHING, "heard_out": waited or memory.get("heard_out", False)}
        return self._settle(scene, memory)

    def _announced(self, scene: Scene, url: str, method: str) -> Step:
        memory = {**scene.memory, "hears": ANNOUNCEMENT}
        heard = RunBeside(url, method, self.name, only=MAY_RUN, code=SCHEMA_WARNING)
        return Wait(memory, self._alarms(memory), (*still(scene.memory), heard))

    def _steered(self, scene: Scene, said: Steered) -> Step:
        memory = dict(scene.memory)
        # The call itself is neither muted nor held, so its own facts of that name would say too much.
        did = {"muted": said.muted, "held": said.held}
        notes = [
            Note(Kind.DID, {"verb": self.name, "what": name if on else f"un{name}"}, Actor.CUSTOMER)
            for name, on in did.items()
            if on is not None
        ]
        if said.held is not None:
            memory["held"] = said.held
        return self._settle(scene, memory, *notes)

    # -- going --

    def _refused(self, scene: Scene, code: int, message: str) -> Step:
        warned: tuple[Deed, ...] = (Warn(code, message),) if code else ()
        if scene.call.order.strict:
            warned = (Note(Kind.UNUSABLE, {"code": code, "reason": message}),)
        return Next(warned) if self.final else self._finish(scene, Status.FAILED, warned)

    def _leave(self, scene: Scene, why: str) -> Step:
        status = Status.FAILED if why == "document_failed" else ANSWERED
        deeds = (*still(scene.memory), self._exit(scene, why), *self._away(scene, why))
        return self._finish(scene, status, deeds)

    def _exit(self, scene: Scene, why: str) -> Deed:
        name = scene.memory.get("name", place(scene.call.order.application, self.room))
        return ToMeeting(Exit(scene.call.id, name, why, "" if name else self.room_id))

    def _away(self, scene: Scene, why: str) -> tuple[Deed, ...]:
        memory = scene.memory
        if "room" not in memory:
            return ()
        name = self._name(scene, memory["name"])
        return Unlink(), Note(Kind.LEFT, {"room": memory["room"], "name": name, "why": why})

    def _name(self, scene: Scene, known_as: str) -> str:
        """What the room is called; one that was found by its id has the name that it was given."""
        return self.room or shown(scene.call.order.application, known_as)

    def _finish(self, scene: Scene, status: str, deeds: tuple[Deed, ...]) -> Step:
        if self.final:
            return Quit(deeds)
        if self.action is None:
            return Next(deeds)
        return Load(self.action, self.method, self.name, self._outcome(scene, status), deeds=deeds)

    def _outcome(self, scene: Scene, status: str) -> dict[str, Any]:
        """What came of it, and in which room the call was, if it came in."""
        memory, outcome = scene.memory, {"dial_call_status": status}
        if "room" in memory:
            name = self._name(scene, memory["name"])
            outcome |= {"conference_id": memory["room"], "conference_name": name}
        return outcome

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """The call has ended, or went on with another document: the room is told."""
        why = "redirected" if scene.call.ended_at is None else "hung_up"
        music = (Hush(),) if scene.memory.get("hears") == MUSIC else ()
        deeds = (*music, self._exit(scene, why), *self._away(scene, why))
        if self.action is None or scene.call.ended_at is None:
            return deeds
        return (*deeds, Tell(self.action, self.method, self.name, self._outcome(scene, ANSWERED)))


def invitation(room_id: str) -> Program:
    """What is run by a call that was placed to bring its far end into this room."""
    return Program((Conference("Conference", Spot(1, 1), "", room_id),))
