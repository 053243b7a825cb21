"""The only module that says how a recording goes: begun, paused, gone on with, over. Its sound is a score's matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from telefonie.core import prices
from telefonie.core.errors import Illegal

RATE: Final = "0.0025"  # of a minute begun


class Status(StrEnum):
    """Where a recording is in its life."""

    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"  # nothing usable came of it


class Trigger(StrEnum):
    """What moves a recording along an edge of the table."""

    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    FAIL = "fail"


_LIVE: Final = {Trigger.FINISH: Status.COMPLETED, Trigger.FAIL: Status.FAILED}
TABLE: Final[Mapping[Status, Mapping[Trigger, Status]]] = {
    Status.RUNNING: {Trigger.PAUSE: Status.PAUSED, **_LIVE},
    Status.PAUSED: {Trigger.RESUME: Status.RUNNING, **_LIVE},
    Status.COMPLETED: {},
    Status.FAILED: {},
}
ENDED: Final = frozenset(each for each, edges in TABLE.items() if not edges)
WISHES: Final[Mapping[Trigger, str]] = {
    Trigger.PAUSE: "be paused",
    Trigger.RESUME: "be resumed",
    Trigger.FINISH: "be stopped",
    Trigger.FAIL: "fail",
}


class Source(StrEnum):
    """What made a recording begin."""

    CALL = "call"  # asked for when the call was placed
    NUMBER = "number"  # the number that was called is recorded
    ACCOUNT = "account"  # all calls of the account are
    RECORD_VERB = "record_verb"
    RECORD_ACTION = "record_action"
    START_VERB = "start_verb"
    DIAL_VERB = "dial_verb"
    ON_DEMAND = "on_demand"  # started while the call was under way
    ROOM = "room"


class News(StrEnum):
    """What customers are told of a recording."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    FAILED = "failed"


USUAL: Final = (News.STARTED, News.COMPLETED, News.FAILED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A recording that is asked for while the call is under way."""

    channels: int = 1
    track: str = "both"
    trim: bool = False
    url: str | None = None  # where it is told; None: where the call's recordings are
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording as it stands; moments are milliseconds of the account's clock.

    Of a room's recording `call_id` is the call by whose coming it began. Channel 1 is what the far end says,
    channel 2 what it hears; of a room, channel 1 is the first call and channel 2 everybody else.
    """

    id: str
    account_id: str
    face: str
    call_id: str
    source: Source
    since: int  # where its sound begins
    currency: str
    room_id: str | None = None
    rate: str = RATE
    channels: int = 1
    track: str = "both"  # or inbound (the far end), outbound (what it hears)
    trim: bool = False
    skips: bool = False  # a pause leaves nothing behind; else silence of its length
    form: str = ""  # which kind of file is wished for; "": none in particular
    status: Status = Status.RUNNING
    gaps: tuple[tuple[int, int | None], ...] = ()  # while it was paused; the last one may be open
    until: int | None = None
    why: str = ""  # it ended: call_ended, stopped, silence, key, max_length, ...
    consent: str | None = None  # given, assumed; None: nobody was asked
    url: str | None = None  # where it is told; None: nowhere
    method: str = "POST"
    on: tuple[str, ...] = USUAL
    reports: int = 0  # how often it was told
    application: str | None = None  # that of the call which it is made of, or which opened the room
    conversation: str = ""  # likewise

    @property
    def live(self) -> bool:
        """Whether it goes on."""
        return self.status not in ENDED

    @property
    def ms(self) -> int:
        """How long it plays; while it goes on, nothing yet."""
        if self.until is None or self.status is Status.FAILED:
            return 0
        left_out = sum((end or self.until) - start for start, end in self.gaps) if self.skips else 0
        return max(0, self.until - self.since - left_out)

    @property
    def seconds(self) -> int:
        """The same in seconds, begun ones counted whole."""
        return -(-self.ms // 1000)

    @property
    def price(self) -> str | None:
        """What it costs, once it is there."""
        return prices.charge(self.seconds, self.rate) if self.status is Status.COMPLETED else None


def pause(it: Recording, now: int, *, skips: bool) -> Recording:
    """Nothing is recorded for a while. All pauses of a recording are of the kind of the first."""
    kind = it.skips if it.gaps else skips
    return _move(it, Trigger.PAUSE, gaps=(*it.gaps, (now, None)), skips=kind)


def resume(it: Recording, now: int) -> Recording:
    """It goes on."""
    return _move(it, Trigger.RESUME, gaps=_closed(it, now))


def finish(it: Recording, kept: tuple[int, int], why: str) -> Recording:
    """It is over. `kept`: from when to when it reaches, once silence was cut off; nothing kept: it has failed."""
    start, end = kept
    changes = {"since": start, "until": end, "why": why, "gaps": _between(_closed(it, end), start, end)}
    over = _move(it, Trigger.FINISH, **changes)
    return over if over.ms > 0 else _move(it, Trigger.FAIL, **changes)


def _between(gaps: tuple[tuple[int, int | None], ...], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Pauses as far as they lie in what was kept."""
    cut = ((max(since, start), min(end if until is None else until, end)) for since, until in gaps)
    return tuple((since, until) for since, until in cut if until > since)


def _closed(it: Recording, now: int) -> tuple[tuple[int, int | None], ...]:
    return tuple((start, now if end is None else end) for start, end in it.gaps)


def _move(it: Recording, trigger: Trigger, **changes: Any) -> Recording:
    status = TABLE[it.status].get(trigger)
    if status is None:
        raise Illegal("recording", it.status, WISHES[trigger])
    return replace(it, status=status, **changes)


def packed(it: Recording) -> dict[str, Any]:
    """A recording as plain values, to be stored."""
    return asdict(it)


def unpacked(found: Mapping[str, Any]) -> Recording:
    """What `packed` made."""
    given = dict(found)
    gaps = tuple((start, end) for start, end in given.pop("gaps", ()))
    source, status = Source(given.pop("source")), Status(given.pop("status"))
    return Recording(source=source, status=status, gaps=gaps, on=tuple(given.pop("on", USUAL)), **given)
