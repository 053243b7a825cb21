"""The only module that runs verbs inside another verb: prompts, whose state lives in the memory of the outer one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from telefonie.core.events import Kind
from telefonie.flow.deeds import Deed, Note
from telefonie.flow.program import Alarm, Next, Scene, Verb, Wait
from telefonie.flow.signals import Signal, Woke

_MARK: Final = "prompt:"  # before the names of alarms, so that the outer verb may have its own


@dataclass(frozen=True, slots=True)
class Playing:
    """Where the prompts stand. `at` past the last: they are over."""

    at: int
    memory: Mapping[str, Any]
    alarms: tuple[Alarm, ...] = ()
    deeds: tuple[Deed, ...] = ()

    def packed(self) -> dict[str, Any]:
        """As plain JSON, without what has been done."""
        alarms = [[each.name, each.at, False, each.sounds] for each in self.alarms]
        return {"at": self.at, "memory": dict(self.memory), "alarms": alarms}


def unpacked(found: Mapping[str, Any]) -> Playing:
    """What `packed` made."""
    return Playing(found["at"], found["memory"], tuple(Alarm(*each) for each in found["alarms"]))


def begin(prompts: tuple[Verb, ...], scene: Scene, at: int = 0) -> Playing | None:
    """Begin with the prompt at this place. None: there is no prompt."""
    return _from(prompts, scene, at, ()) if at < len(prompts) else None


def on(prompts: tuple[Verb, ...], scene: Scene, playing: Playing, signal: Signal) -> Playing | None:
    """What follows from a signal for the prompt under way. None: nothing."""
    if isinstance(signal, Woke):
        if not signal.name.startswith(_MARK):
            return None
        signal = Woke(signal.name.removeprefix(_MARK))
    step = prompts[playing.at].on(replace(scene, memory=playing.memory), signal)
    match step:
        case None:
            return None
        case Wait(memory, alarms, deeds):
            return Playing(playing.at, memory, _marked(alarms), deeds)
        case Next(deeds):
            return _from(prompts, scene, playing.at + 1, deeds)
        case _:
            raise TypeError(f"a prompt cannot answer with {type(step).__name__}")


def stop(prompts: tuple[Verb, ...], scene: Scene, playing: Playing) -> tuple[Deed, ...]:
    """What to put away when the prompts are cut short."""
    return prompts[playing.at].stop(replace(scene, memory=playing.memory))


def _from(prompts: tuple[Verb, ...], scene: Scene, at: int, done: tuple[Deed, ...]) -> Playing:
    for place in range(at, len(prompts)):
        verb = prompts[place]
        begun = {"verb": verb.name, "line": verb.spot.line, "column": verb.spot.column}
        step = verb.begin(replace(scene, memory={}))
        done = (*done, Note(Kind.STEPPED, begun), *step.deeds)
        if isinstance(step, Wait):
            return Playing(place, step.memory, _marked(step.alarms), done)
        if not isinstance(step, Next):
            raise TypeError(f"a prompt cannot answer with {type(step).__name__}")
    return Playing(len(prompts), {}, (), done)


def _marked(alarms: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    return tuple(replace(each, name=_MARK + each.name) for each in alarms)
