"""The only module that names what can happen to a waiting verb: a closed union."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from telefonie.core.messages import Message


@dataclass(frozen=True, slots=True)
class Woke:
    """An alarm that the verb set."""

    name: str


@dataclass(frozen=True, slots=True)
class Key:
    """The far end pressed a key: one of 0-9 A-D * #."""

    digit: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that the far end says; it began at `at` and takes `ms`."""

    at: int
    text: str
    language: str
    confidence: float
    ms: int
    greeting: bool = False  # the words with which a phone is answered: never taken for an answer


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The far end opened its mouth."""

    spoken: Spoken


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The far end has finished a sentence; this is when a recogniser has it whole."""

    spoken: Spoken


@dataclass(frozen=True, slots=True)
class MediaReady:
    """A file that was asked for with `GetMedia`: how long it plays, and under which key it is kept."""

    tag: str
    ms: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class MediaFailed:
    """A file that cannot be had, and why."""

    tag: str
    code: int
    message: str


@dataclass(frozen=True, slots=True)
class SideEnded:
    """The document that was run beside this verb (`RunBeside`) ran out, or left. `failed`: it could not be had."""

    left: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """Somebody wants this recording to be over."""

    id: str


Signal: TypeAlias = (
    Woke | Key | SpeechBegan | SpeechEnded | MediaReady | MediaFailed | SideEnded | RecordingStopped | Message
)
