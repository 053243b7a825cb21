"""The only module that says what a recording consists of: plain values, composed of facts and then rendered or read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias


class Tone(StrEnum):
    """Sounds that the network or the platform makes."""

    RINGBACK = "ringback"
    BUSY = "busy"
    BEEP = "beep"
    MUSIC = "music"


TONES: Final = {each.value: each for each in Tone}


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence, and how long it takes to say the whole of it. The voice is fitted to that."""

    text: str
    language: str
    ms: int
    voice: str = ""  # as the document names it


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a telephone."""

    digit: str


@dataclass(frozen=True, slots=True)
class Sounding:
    """One of the network's sounds; `country` of a ring-back."""

    tone: Tone
    country: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was played: under which key it is kept. It is heard from its beginning, again and again."""

    key: str
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Audio:
    """What a program said, as it came through its socket. What of it was not kept any more is silence."""

    key: str
    rate: int  # samples a second


Sound: TypeAlias = Words | Key | Sounding | File | Audio


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is heard on a channel (0 is the first) from `at`, for `ms`; both count in the recording.

    `skip`: where in the sound it begins, when the recording begins in its middle.
    """

    channel: int
    at: int
    ms: int
    sound: Sound
    skip: int = 0
    speaker: str = ""  # platform, far_end, other: who says it
    call_id: str = ""  # on whose call it was said
    said: str = ""  # the words that were really out, when it was cut short


@dataclass(frozen=True, slots=True)
class Score:
    """A whole recording."""

    ms: int
    channels: int
    parts: tuple[Part, ...] = ()


_SOUNDS: Final = {"words": Words, "key": Key, "sounding": Sounding, "file": File, "audio": Audio}
_NAMES: Final = {kind: name for name, kind in _SOUNDS.items()}


def packed(score: Score) -> dict[str, Any]:
    """A score as plain values."""
    parts = [
        {**asdict(each), "sound": [_NAMES[type(each.sound)], asdict(each.sound)]} for each in score.parts
    ]
    return {"ms": score.ms, "channels": score.channels, "parts": parts}


def unpacked(found: Mapping[str, Any]) -> Score:
    """What `packed` made."""
    return Score(found["ms"], found["channels"], tuple(_part(each) for each in found["parts"]))


def _part(found: Mapping[str, Any]) -> Part:
    given = dict(found)
    name, sound = given.pop("sound")
    if name == "sounding":
        sound = {**sound, "tone": Tone(sound["tone"])}
    return Part(sound=_SOUNDS[name](**sound), **given)
