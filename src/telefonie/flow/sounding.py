"""The only module that says what a call's documents let the far end hear, and what is heard instead for a while.

Documents sound on a clock of their own, which stands still while something is said or played into the call: what
was cut goes on afterwards from the word at which it was cut, and whoever waits for its end waits so much longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from telefonie.core import pacing
from telefonie.core.events import Kind
from telefonie.core.phones import keys_ms

TALK: Final = "talk"
STREAM: Final = "stream"


@dataclass(frozen=True, slots=True)
class Sounding:
    """Something that is heard from `at` for `ms`, on the clock of sound; `data` are those of its fact."""

    kind: Kind
    at: int
    ms: int
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """When it has been heard."""
        return self.at + self.ms

    def resumes(self, now: int) -> int:
        """Where it goes on if it is cut now: a word that was not out is said once more."""
        if self.kind is not Kind.SAID:
            return now
        for start, ms, text, _ in self.data["pieces"]:
            if start <= now - self.at < start + ms:
                begins = pacing.resumes(text, ms, now - self.at - start)
                return int(self.at + start + ms * begins // len(text))
        return now

    def rest(self, now: int) -> Mapping[str, Any]:
        """The data of what is left of it; `now` is a moment at which it goes on."""
        after = now - self.at
        if not after:
            return self.data
        left = {**self.data, "ms": self.ms - after, "resumed": True}
        match self.kind:
            case Kind.SAID:
                pieces = [piece for each in self.data["pieces"] if (piece := _left(each, after))]
                return {**left, "text": " ".join(each[2] for each in pieces), "pieces": pieces}
            case Kind.KEYS_SENT:
                keys = str(self.data["digits"])
                out = next((at for at in range(len(keys)) if keys_ms(keys[: at + 1]) > after), len(keys))
                return {"digits": keys[out:]}
            case _:
                return {**left, "skip": self.data.get("skip", 0) + after}


def _left(piece: list[Any], after: int) -> list[Any] | None:
    """What of a sentence is left: it begins so much earlier, or has begun already."""
    start, ms, text, language = piece
    if start >= after:
        return [start - after, ms, text, language]
    begins = pacing.resumes(text, ms, after - start) if start + ms > after else len(text)
    return [0, start + ms - after, text[begins:], language] if begins < len(text) else None


@dataclass(frozen=True, slots=True)
class Interjection:
    """Something that is heard instead of the documents."""

    what: str  # TALK or STREAM
    kind: Kind
    ms: int  # of one round
    data: Mapping[str, Any]
    loops: int  # 0: without end
    time: int  # which round it is
    until: int  # when that is over
    stands: int  # where the clock of sound stands meanwhile


@dataclass(frozen=True, slots=True)
class Coming:
    """A file that is to be played into the call, and is under way."""

    number: int  # of the request
    url: str
    loops: int
    level: float


# -- as stored --


def packed(going: Iterable[Sounding], it: Interjection | None, coming: Coming | None) -> dict[str, Any]:
    """As plain JSON, each in the order of its fields; what there is not is left out."""
    out: dict[str, Any] = {}
    if sounds := [[each.kind.value, each.at, each.ms, dict(each.data)] for each in going]:
        out["sounding"] = sounds
    if it is not None:
        about = [it.what, it.kind.value, it.ms, dict(it.data)]
        out["interjection"] = [*about, it.loops, it.time, it.until, it.stands]
    if coming is not None:
        out["coming"] = [coming.number, coming.url, coming.loops, coming.level]
    return out


def unpacked(found: Mapping[str, Any]) -> dict[str, Any]:
    """What `packed` made."""
    out: dict[str, Any] = {}
    if "sounding" in found:
        out["sounding"] = tuple(Sounding(Kind(kind), *rest) for kind, *rest in found["sounding"])
    if "interjection" in found:
        what, kind, *rest = found["interjection"]
        out["interjection"] = Interjection(what, Kind(kind), *rest)
    if "coming" in found:
        out["coming"] = Coming(*found["coming"])
    return out
