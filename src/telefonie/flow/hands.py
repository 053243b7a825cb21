"""The only module in which hands reach into a live call: of who plays the far end, and of the customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from telefonie.core import far_end
from telefonie.core.call import Status
from telefonie.core.errors import Conflict, Illegal
from telefonie.core.events import Kind
from telefonie.core.recordings import Trigger
from telefonie.flow import taping
from telefonie.flow.commands import (
    Interjection,
    Press,
    SayByHand,
    SendKeys,
    StartRecording,
    SteerRecording,
    StopStream,
    StopTalk,
    Stream,
    Talk,
    TellKeys,
)
from telefonie.flow.life import Life
from telefonie.flow.signals import RecordingStopped


def by_hand(life: Life, command: Press | SayByHand) -> None:
    """What somebody does at the far end."""
    wish = "hear keys" if isinstance(command, Press) else "hear its far end"
    if life.call.status is not Status.TALKING:
        raise Illegal("call", life.call.status, wish)
    far = life.far or far_end.FarEnd(life.now)
    match command:
        case Press(digits):
            life.far = far_end.press(far, life.now, digits)
        case SayByHand(text, language, confidence):
            life.far = far_end.say(far, life.now, text, language, confidence)


def record(life: Life, command: StartRecording | SteerRecording) -> None:
    """Whatever made a recording: a verb that waits for its end goes on as if it had come."""
    if isinstance(command, StartRecording):
        taping.start(life, command.wanted)
    elif command.trigger is not Trigger.FINISH or taping.going(life, command.id) is None:
        taping.steer(life, command.id, command.trigger, skips=command.skips)
    elif not life.signal(RecordingStopped(command.id)):
        life.stop_asides("stopped", command.id)
        taping.end(life, command.id, "stopped")


def interfere(life: Life, command: Interjection | SendKeys | TellKeys) -> None:
    """What the customer does to a live call beside its documents."""
    if life.call.status is not Status.TALKING:
        raise Illegal("call", life.call.status, _INTERFERING[type(command)])
    match command:
        case SendKeys(digits):
            life.note(Kind.KEYS_SENT, {"digits": digits})
        case TellKeys(url, method):
            life.tell_keys(url, method)
        case _ if life.asking:
            raise Conflict(
                "being_asked", "The far end of this call is being asked whether it may be recorded."
            )
        case _:
            life.interject(command)


_INTERFERING: Final[Mapping[type, str]] = {
    Talk: "be talked into",
    StopTalk: "be talked into",
    Stream: "be played into",
    StopStream: "be played into",
    SendKeys: "be sent keys",
    TellKeys: "tell keys",
}
