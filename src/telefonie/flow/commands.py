"""The only module that names what a call can be told beside core's commands: replies, messages, hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from telefonie.core.commands import Command as CoreCommand
from telefonie.core.messages import Message
from telefonie.core.recordings import Trigger, Wanted


@dataclass(frozen=True, slots=True)
class Page:
    """What came when a document was asked for."""

    status: int
    content_type: str
    raw: bytes
    url: str  # after redirects


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that can be played, how long it plays, and under which key it is kept."""

    status: int
    ms: int
    key: str = ""  # "": nowhere, so no recording can give it back


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing usable came. `status` None: no answer at all."""

    code: int
    message: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of the request `number` of this call; `took_ms` is wall time."""

    number: int
    url: str
    method: str
    took_ms: int
    result: Page | Sound | Lost
    told: bool = False  # the customer was only told something: nobody waits for the answer


@dataclass(frozen=True, slots=True)
class Receive:
    """A message from another call, a room or a queue."""

    message: Message


@dataclass(frozen=True, slots=True)
class Press:
    """The far end presses these keys, by hand."""

    digits: str


@dataclass(frozen=True, slots=True)
class SayByHand:
    """The far end says this, by hand."""

    text: str
    language: str = "en-US"
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class StartRecording:
    """Record this call from now on."""

    wanted: Wanted


@dataclass(frozen=True, slots=True)
class SteerRecording:
    """Pause, resume or finish a recording of this call. `skips`: a pause leaves nothing behind."""

    id: str
    trigger: Trigger
    skips: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """Say this into the call, at once: what its document says goes on afterwards. `loops` 0: without end."""

    text: str  # plain, or SSML inside `speak`
    language: str | None = None  # None: that of the call
    voice: str = ""
    loops: int = 1
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class StopTalk:
    """Say no more of that; if nothing is said, nothing changes."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Play this file into the call, as soon as it is there, as `Talk` does with words."""

    url: str
    loops: int = 1
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class StopStream:
    """Play no more of that; if nothing is played, nothing changes."""


@dataclass(frozen=True, slots=True)
class SendKeys:
    """Press these keys towards the far end; p, w and W are pauses."""

    digits: str


@dataclass(frozen=True, slots=True)
class TellKeys:
    """From now on tell each key of the far end there, and nowhere else; None: tell none."""

    url: str | None
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Sounds:
    """A stretch of sound that came out of a program's socket: played from `at` on (the account's time)."""

    at: int
    ms: int
    sound: str  # the key under which it is kept
    skip: int  # where in that it begins


@dataclass(frozen=True, slots=True)
class HearSocket:
    """What the program at the far end has been heard to say since the last time."""

    sounds: tuple[Sounds, ...]


Interjection: TypeAlias = Talk | StopTalk | Stream | StopStream
FlowCommand: TypeAlias = (
    Fetched
    | Receive
    | Press
    | SayByHand
    | StartRecording
    | SteerRecording
    | Talk
    | StopTalk
    | Stream
    | StopStream
    | SendKeys
    | TellKeys
    | HearSocket
)
Command: TypeAlias = CoreCommand | FlowCommand
