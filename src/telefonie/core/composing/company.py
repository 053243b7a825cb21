"""The only module that says who hears whom in a room, and when: by the facts of the room alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from telefonie.core.composing.spans import FOREVER, Span, Spans, joined
from telefonie.core.room import Did, Fact


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a room. `heard_by` and `hears`: ids of calls, or None for all."""

    muted: bool = False
    held: bool = False
    beep: str = "both"
    heard_by: tuple[str, ...] | None = None
    hears: tuple[str, ...] | None = None

    @property
    def speaks(self) -> bool:
        """Whether anybody hears him."""
        return not self.muted and not self.held


@dataclass(frozen=True, slots=True)
class Scene:
    """Time in which nothing changed: who sat how. Before the start nobody hears anybody."""

    span: Span
    started: bool
    seats: Mapping[str, Seat]


@dataclass(frozen=True, slots=True)
class Beep:
    """The tone with which somebody comes or goes."""

    at: int
    by: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a document said to all who were in."""

    at: int
    url: str


@dataclass(frozen=True, slots=True)
class Company:
    """All that there is to know of who was there."""

    scenes: tuple[Scene, ...]
    beeps: tuple[Beep, ...]
    announcements: tuple[Announcement, ...]
    first: str  # who came first

    def heard_by(self, listener: str) -> dict[str, Spans]:
        """Whom he hears, and when."""
        found: dict[str, list[Span]] = {}
        for scene in self._talking():
            mine = scene.seats.get(listener)
            if mine is None or mine.held:
                continue
            for who, seat in scene.seats.items():
                reaches = seat.speaks and _among(listener, seat.heard_by) and _among(who, mine.hears)
                if who != listener and reaches:
                    found.setdefault(who, []).append(scene.span)
        return {who: joined(spans) for who, spans in found.items()}

    def heard_by_all(self) -> dict[str, Spans]:
        """Who is heard in the room at large. One who speaks to some only, as a coach does, is not."""
        found: dict[str, list[Span]] = {}
        for scene in self._talking():
            for who, seat in scene.seats.items():
                if seat.speaks and seat.heard_by is None:
                    found.setdefault(who, []).append(scene.span)
        return {who: joined(spans) for who, spans in found.items()}

    def listening(self, listener: str) -> Spans:
        """While he hears what there is to hear in the room."""
        mine = ((each.span, each.seats.get(listener)) for each in self._talking())
        return joined(span for span, seat in mine if seat is not None and not seat.held)

    def stays(self) -> dict[str, Spans]:
        """While each was in, started or not."""
        found: dict[str, list[Span]] = {}
        for scene in self.scenes:
            for who in scene.seats:
                found.setdefault(who, []).append(scene.span)
        return {who: joined(spans) for who, spans in found.items()}

    def _talking(self) -> Iterator[Scene]:
        return (each for each in self.scenes if each.started)


def _among(call: str, those: tuple[str, ...] | None) -> bool:
    return those is None or call in those


def company(facts: Sequence[Fact]) -> Company:
    """Read off the facts."""
    reading = _Reading()
    for fact in facts:
        reading.on(fact)
    reading.pass_to(FOREVER)
    told = (each for each in facts if each.did is Did.ANNOUNCED and not each.by)
    return Company(
        tuple(reading.scenes),
        tuple(reading.beeps),
        tuple(Announcement(each.at, str(each.data.get("url", ""))) for each in told),
        next((each.by for each in facts if each.did is Did.JOINED), ""),
    )


class _Reading:
    """Where the reading of the facts has come to."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.beeps: list[Beep] = []
        self._seats: dict[str, Seat] = {}
        self._started = False
        self._now = -FOREVER

    def pass_to(self, at: int) -> None:
        """Everything stays as it is until then."""
        if at > self._now and self._seats:
            self.scenes.append(Scene((self._now, at), self._started, dict(self._seats)))
        self._now = max(at, self._now)

    def on(self, fact: Fact) -> None:
        """Something changes."""
        self.pass_to(fact.at)
        match fact.did:
            case Did.JOINED:
                self._seats[fact.by] = _seat(fact.data)
                self._beep(fact.at, fact.by, "enter")
            case Did.STARTED:
                self._started = True
                for who in self._seats:
                    self._beep(fact.at, who, "enter")
            case Did.LEFT:
                self._beep(fact.at, fact.by, "exit")
                self._seats.pop(fact.by, None)
            case Did.ENDED:
                self._seats = {}
            case Did.MUTED | Did.UNMUTED | Did.HELD | Did.UNHELD | Did.MODIFIED if fact.by in self._seats:
                self._seats[fact.by] = _changed(self._seats[fact.by], fact)
            case _:
                pass

    def _beep(self, at: int, by: str, when: str) -> None:
        if self._started and by in self._seats and self._seats[by].beep in ("both", when):
            self.beeps.append(Beep(at, by))


def _seat(data: Mapping[str, Any]) -> Seat:
    return Seat(
        bool(data.get("muted")),
        bool(data.get("held")),
        data.get("beep", "both"),
        _ids(data.get("heard_by")),
        _ids(data.get("hears")),
    )


def _ids(found: Any) -> tuple[str, ...] | None:
    return None if found is None else tuple(found)


def _changed(seat: Seat, fact: Fact) -> Seat:
    match fact.did:
        case Did.MUTED | Did.UNMUTED:
            return replace(seat, muted=fact.did is Did.MUTED)
        case Did.HELD | Did.UNHELD:
            return replace(seat, held=fact.did is Did.HELD)
        case _:
            data = fact.data
            return replace(seat, heard_by=_ids(data.get("heard_by")), hears=_ids(data.get("hears")))
