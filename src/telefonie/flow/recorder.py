"""The only module that knows how a recording that the document waits for goes on: the beep, then sound and silence.

Silence is judged by what the far end says: it is known when a sentence begins how long it will take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telefonie.core.derive import part_id
from telefonie.core.phones import BEEP_MS, TONE_MS
from telefonie.core.recordings import finish
from telefonie.flow import recordings
from telefonie.flow.deeds import BeginRecording, Deed, EndRecording, PlaySound
from telefonie.flow.markup import Spot
from telefonie.flow.program import Alarm, Memory, Scene, Step, Verb, Wait
from telefonie.flow.signals import Key, RecordingStopped, Signal, SpeechBegan, Woke
from telefonie.flow.tapes import Tape


@dataclass(frozen=True, slots=True)
class Recorder(Verb):
    """A verb that records. What follows from the end is said by `over`."""

    name: str
    spot: Spot
    beep: bool
    silence_ms: int  # 0: silence does not end it
    keys: str  # any of these ends it
    limit_ms: int  # 0: no limit
    about: Mapping[str, Any]  # what `recordings` wants to know

    def over(self, scene: Scene, why: str, digit: str = "") -> Step:
        """It came to its end."""
        raise NotImplementedError

    def started(self, scene: Scene, memory: Memory) -> Step:
        """It has begun, and is waited for."""
        return self._wait(memory, (BeginRecording(self.tape(scene, memory["id"])),))

    def tape(self, scene: Scene, recording_id: str) -> Tape:
        """The recording that begins."""
        return recordings.tape(scene, recording_id, self.about)

    def begin(self, scene: Scene) -> Step:
        """With the beep, if one is wanted: it is not recorded."""
        found = {"id": part_id(scene.call.id, "recording", str(scene.turn))}
        if not self.beep:
            return self._start(scene, found)
        over = Alarm("beep", scene.sound + BEEP_MS, sounds=True)
        return Wait(found, (over,), (PlaySound(BEEP_MS, what="beep"),))

    def _start(self, scene: Scene, memory: Memory) -> Step:
        begun = {**memory, "since": scene.now, "first": None, "last": scene.now}
        said = scene.speaking
        if said is not None:
            begun = _heard(begun, scene.now, said.at + said.ms - scene.now)
        return self.started(scene, begun)

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """Sound, silence, keys and the limit."""
        memory = scene.memory
        if "since" not in memory:
            return self._start(scene, memory) if signal == Woke("beep") else None
        match signal:
            case Key(digit) if digit in self.keys:
                return self.over(scene, "key", digit)
            case Key():
                return self._wait(_heard(memory, scene.now, TONE_MS))
            case SpeechBegan(said):
                return self._wait(_heard(memory, scene.now, said.ms))
            case RecordingStopped(recording_id) if recording_id == memory["id"]:
                return self.over(scene, "stopped")
            case Woke(why):
                return self.over(scene, why)
            case _:
                return None

    def _wait(self, memory: Memory, deeds: tuple[Deed, ...] = ()) -> Wait:
        alarms = []
        if self.silence_ms:
            alarms.append(Alarm("silence", memory["last"] + self.silence_ms))
        if self.limit_ms:
            alarms.append(Alarm("max_length", memory["since"] + self.limit_ms))
        return Wait(memory, tuple(alarms), deeds)

    def kept(self, scene: Scene) -> tuple[int, int]:
        """From when to when the recording reaches, without the silence that is cut off."""
        memory = scene.memory
        since, first = memory["since"], memory["first"]
        if not self.about.get("trim"):
            return since, scene.now
        return (since, since) if first is None else (first, min(memory["last"], scene.now))

    def seconds(self, scene: Scene) -> int:
        """How long it plays, if it ends now."""
        tapes = (each for each in scene.tapes if each.id == scene.memory["id"])
        return next((finish(each.recording, self.kept(scene), "").seconds for each in tapes), 0)

    def finished(self, scene: Scene, why: str, kept: tuple[int, int], digits: str = "") -> Deed:
        """It ends now."""
        return EndRecording(scene.memory["id"], why, kept, digits)


def _heard(memory: Memory, now: int, ms: int) -> dict[str, Any]:
    """There is sound from now on, for so long."""
    first = now if memory["first"] is None else memory["first"]
    return {**memory, "first": first, "last": max(memory["last"], now + ms)}


def torn(scene: Scene) -> str:
    """Why a verb is put away before its end."""
    return "redirected" if scene.call.ended_at is None else "call_ended"
