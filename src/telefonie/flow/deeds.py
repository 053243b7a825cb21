"""The only module that names what a verb may do beside waiting: a closed union of plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from telefonie.core.call import Order
from telefonie.core.events import Actor, Kind
from telefonie.core.messages import Message
from telefonie.flow.asides import Aside
from telefonie.flow.markup import SCHEMA_WARNING
from telefonie.flow.speech import Plan
from telefonie.flow.tapes import Tape


@dataclass(frozen=True, slots=True)
class Note:
    """Write a fact onto the timeline. Values are plain JSON."""

    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: Actor = Actor.PLATFORM


@dataclass(frozen=True, slots=True)
class Warn:
    """Something went wrong, and the call goes on."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this now: it is written down, and the far end hears it while it is said. The verb waits `plan.ms`."""

    plan: Plan
    voice: str = ""


@dataclass(frozen=True, slots=True)
class PlaySound:
    """Play this now: it is written down. The verb waits `ms`. `what`: file, music, ringback, beep."""

    ms: int
    url: str = ""
    what: str = "file"
    tone: str = ""  # of ringback: the country that it sounds like
    sound: str = ""  # of a file: the key under which it is kept


@dataclass(frozen=True, slots=True)
class Hush:
    """What is being said or played stops at this moment."""


@dataclass(frozen=True, slots=True)
class SendKeys:
    """Press these keys towards the far end; w and W are pauses."""

    digits: str


@dataclass(frozen=True, slots=True)
class GetMedia:
    """Fetch a file to be played; MediaReady or MediaFailed comes back with the tag."""

    url: str  # may be relative
    tag: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the customer something at a URL, without waiting for what is answered. `verb` says whose it is."""

    url: str  # may be relative
    method: str
    verb: str
    outcome: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceLeg:
    """Call somebody. The new call is a leg of this one; it reports with LegReady and LegEnded to this verb.

    Its id is `leg_id(scene.call.id, number)`.
    """

    number: int  # take `scene.turn` and count on from there
    order: Order


@dataclass(frozen=True, slots=True)
class Send:
    """A message to another call."""

    to: str
    message: Message


@dataclass(frozen=True, slots=True)
class ToMeeting:
    """A message to a room or queue of this account; `Enter`, `LineUp` and their like carry its name."""

    message: Message


@dataclass(frozen=True, slots=True)
class Link:
    """From now on what the far end says is heard by `call`, or in the room of that name."""

    call: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Unlink:
    """Nobody hears the far end any more but the document."""


@dataclass(frozen=True, slots=True)
class RunBeside:
    """Run the document at `url` for the far end to hear while this verb waits (music on hold and the like).

    When it runs out, SideEnded comes. `outcome`: fields of the request beside the ordinary ones.
    `only`: the verbs that it may have, if not all; others are warned of with `code`, and passed over.
    """

    url: str  # may be relative, to `base` or else to this document
    method: str = "POST"
    verb: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    whisper: bool = False
    base: str | None = None
    only: tuple[str, ...] = ()
    code: int = SCHEMA_WARNING


@dataclass(frozen=True, slots=True)
class StopBeside:
    """Put an end to the document that runs beside this verb."""


@dataclass(frozen=True, slots=True)
class PickUp:
    """Answer the inbound call, if nobody did."""


@dataclass(frozen=True, slots=True)
class StartAside:
    """From now on this goes on beside the documents, whichever they are."""

    aside: Aside


@dataclass(frozen=True, slots=True)
class StopAside:
    """Put an end to what goes on beside the documents. `why` goes to its ending."""

    id: str
    why: str = "stopped"


@dataclass(frozen=True, slots=True)
class BeginRecording:
    """The call is recorded from now on, until `EndRecording` or its end."""

    tape: Tape


@dataclass(frozen=True, slots=True)
class EndRecording:
    """A recording is over, if it still goes on. `kept`: from when to when it reaches, if the verb knows."""

    id: str
    why: str = "stopped"
    kept: tuple[int, int] | None = None
    digits: str = ""  # the key that ended it


Deed: TypeAlias = (
    Note
    | Warn
    | Speak
    | PlaySound
    | Hush
    | SendKeys
    | GetMedia
    | Tell
    | PlaceLeg
    | Send
    | ToMeeting
    | Link
    | Unlink
    | RunBeside
    | StopBeside
    | PickUp
    | StartAside
    | StopAside
    | BeginRecording
    | EndRecording
)
