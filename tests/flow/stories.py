"""The only module that makes up whole stories of calls: documents, servers, phones, and what people do meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from telefonie.core.commands import (
    Answer,
    Cancel,
    Deafen,
    HangUp,
    Hold,
    Leave,
    Mute,
    Redirect,
    Refusal,
    Refuse,
)
from telefonie.core.errors import Conflict, Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Detection, Outcome, Step
from telefonie.core.recordings import Trigger, Wanted
from telefonie.flow.commands import (
    Command,
    Lost,
    Page,
    Press,
    SayByHand,
    SendKeys,
    Sound,
    StartRecording,
    SteerRecording,
    StopStream,
    StopTalk,
    Stream,
    Talk,
    TellKeys,
)
from telefonie.flow.effects import Ask, Purpose
from tests.flow.documents import DOCUMENTS, JOINING, JSON, NUMBERS, SAYINGS
from tests.support.meetings import Meetings
from tests.support.play import Play

ROOT: Final = "https://app.test"
PATHS: Final = ("/", "/a", "/b", "/c")
LONGEST_SECONDS: Final = (
    6 * 3_600.0
)  # a leg may be dialled at the end of a call, and then talk for four hours

# -- servers --


@dataclass(frozen=True, slots=True)
class Serves:
    """What stands at a path: a document, or a file where a file is asked for."""

    documents: tuple[str | Page | Lost, ...]  # in turns
    sound: Sound | Lost

    def __call__(self, ask: Ask) -> str | Page | Sound | Lost:
        if ask.purpose is Purpose.SOUND:
            return self.sound
        return self.documents[ask.number % len(self.documents)]


_BAD: Final[tuple[str | Page | Lost, ...]] = (
    *(
        "<Response/>",
        "[]",
        "<Response>",
        "{}",
        '[{"action": "talk"}',
        "<Response><Say>x</Say></Response>" * 2,
    ),
    Lost(11200, "not found", 404),
    Lost(11205, "nobody answers"),
    Page(200, "text/xml", b"\xff\xfe\0", ""),
    Page(200, "audio/wav", b"RIFF", ""),
    Page(200, "text/plain", b"Hello", ""),
    Page(200, "", b"Hello", ""),
    Page(204, "", b"", ""),
)
_SOUNDS: Final = st.sampled_from((Sound(200, 0), Sound(200, 1), Sound(200, 3_000), Sound(206, 90_000)))


def _serves(documents: SearchStrategy[str]) -> SearchStrategy[Serves]:
    answers = st.one_of(*[documents] * 4, st.sampled_from(_BAD))
    return st.builds(
        Serves,
        st.lists(answers, min_size=1, max_size=2).map(tuple),
        _SOUNDS | st.just(Lost(13420, "no sound", 200)),
    )


_ANY: Final = _serves(DOCUMENTS)

# -- phones --

_SPOKEN: Final = st.sampled_from(
    ("one", "two", "yes, please", "Hello. I am here.", "0123", "?!", "Hello" * 60)
)
_WAITS: Final = st.sampled_from((0, 0.1, 1, 2.5, 7, 40))
_WANTED: Final = st.sampled_from(("hello", "one", "press", "")) | st.builds(
    lambda wanted: {"pattern": wanted}, st.sampled_from((r"\w+", "wait", "(one|two)"))
)
_STEPS: Final[SearchStrategy[Step]] = st.one_of(
    st.builds(lambda seconds: {"wait": seconds}, _WAITS),
    st.builds(lambda text: {"say": text}, _SPOKEN),
    st.builds(
        lambda text, sure: {"say": text, "language": "nl-NL", "confidence": sure}, _SPOKEN, st.floats(0, 1)
    ),
    st.builds(lambda digits: {"press": digits}, st.sampled_from(("1", "2#", "*", "12345678", "0A9d"))),
    st.builds(lambda seconds: {"hold": seconds}, _WAITS),
    st.just({"hangup": True}),
)


def _listening(inner: SearchStrategy[list[Step]]) -> SearchStrategy[list[Step]]:
    def build(wanted: object, then: list[Step], otherwise: list[Step] | None) -> Step:
        step = {"when_heard": wanted, "steps": then}
        return step if otherwise is None else {**step, "otherwise": otherwise}

    step = st.builds(build, _WANTED, inner, st.none() | inner)
    return st.lists(step | _STEPS, max_size=3)


SCRIPTS: Final = st.recursive(st.lists(_STEPS, max_size=4), _listening, max_leaves=6).map(tuple)
PHONES: Final = st.builds(
    Behaviour,
    outcome=st.sampled_from((Outcome.HUMAN, Outcome.HUMAN, Outcome.HUMAN, *Outcome)),
    rings_after=st.sampled_from((0, 1_000)),
    answers_after=st.sampled_from((0, 2_000, 2_000, 30_000)),
    greeting=st.none() | st.sampled_from(SAYINGS),
    beep=st.booleans(),
    hangs_up_after=st.none() | st.none() | st.sampled_from((0, 3_000, 60_000)),
    script=SCRIPTS,
)

# -- what is done meanwhile --

_COMMANDS: Final[SearchStrategy[Command]] = st.one_of(
    st.builds(Press, st.sampled_from(("1", "2", "#", "*9"))),
    st.builds(SayByHand, _SPOKEN),
    st.builds(Hold, st.booleans(), st.sampled_from((Actor.CUSTOMER, Actor.FAR_END))),
    st.builds(Mute, st.booleans()),
    st.builds(Deafen, st.booleans()),
    st.builds(TellKeys, st.none() | st.just(ROOT + "/keys")),
    st.just(SendKeys("1p2")),
    st.builds(lambda path, method: Redirect(ROOT + path, method), st.sampled_from(PATHS), st.just("POST")),
    st.builds(lambda document: Redirect("", "", document), JSON),
    st.sampled_from(
        (HangUp(Actor.CUSTOMER), Leave(), Cancel(), Answer(), Refuse(Refusal.BUSY), Refuse(Refusal.DECLINED))
    ),
)


_LOOPS: Final = st.sampled_from((1, 1, 2, 0))
_INTERJECTIONS: Final[SearchStrategy[Command]] = st.one_of(
    st.builds(Talk, st.sampled_from(SAYINGS), st.none() | st.just("nl-NL"), loops=_LOOPS),
    st.builds(Stream, st.sampled_from((ROOT + "/a", "/b", "http://[")), loops=_LOOPS),
    st.sampled_from((StopTalk(), StopStream())),
)


@dataclass(frozen=True, slots=True)
class Steers:
    """One of the recordings of a call is paused, goes on, or is over."""

    which: int
    trigger: Trigger
    skips: bool

    def command(self, known: Sequence[str]) -> Command:
        """What the call is told, whose recordings these are."""
        ids = known or ("unknown",)
        return SteerRecording(ids[self.which % len(ids)], self.trigger, self.skips)


_WANTED_RECORDINGS: Final = st.builds(
    Wanted,
    channels=st.sampled_from((1, 2)),
    track=st.sampled_from(("both", "both", "inbound", "outbound")),
    trim=st.booleans(),
    url=st.none() | st.just(ROOT + "/tape"),
)
_STEERING: Final = st.builds(
    Steers,
    st.integers(0, 3),
    st.sampled_from((Trigger.PAUSE, Trigger.PAUSE, Trigger.RESUME, Trigger.FINISH)),
    st.booleans(),
)
# Milliseconds after the one before, which call, and what it is told.
Act: TypeAlias = tuple[int, int, Command | Steers]
_ACTS: Final = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 500, 1_000, 3_000, 3_100, 20_000)),
        st.integers(0, 3),
        st.one_of(
            _COMMANDS, _COMMANDS, _INTERJECTIONS, st.builds(StartRecording, _WANTED_RECORDINGS), _STEERING
        ),
    ),
    max_size=5,
)

# -- stories --

_OUTBOUND_ONLY: Final = (
    *("document", "keys", "detection", "detection_aside", "detection_url", "detection_answers"),
    *("beep_ms", "drops_machines"),
)


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that decides how it goes: told twice, it goes the same."""

    pages: dict[str, Serves]
    order: dict[str, Any]
    phone: Behaviour
    phones: dict[str, Behaviour] = field(default_factory=dict)
    inbound: tuple[bool, ...] = (False,)  # calls that begin together: whether each comes in or goes out
    acts: list[Act] = field(default_factory=list)
    slow: dict[str, int] = field(default_factory=dict)  # how long the server takes, by path

    def tell(self, play: Play, hop: float | None = None) -> Play:
        """From the first ring to the end; time passes in one go, or in hops of so many seconds."""
        play.pages = dict(self.pages)
        play.phones = dict(self.phones)
        play.meet = Meetings()
        play.slow = dict(self.slow)
        order: dict[str, Any] = {"document_url": ROOT + "/", **self.order}
        for inbound in self.inbound:
            if inbound:
                known = {name: order[name] for name in order if name not in _OUTBOUND_ONLY}
                play.arrive(phone=self.phone, **known)
            else:
                play.place(phone=self.phone, **order)
        for after, which, command in self.acts:
            _pass(play, after / 1000, hop)
            call = list(play.calls.values())[which % len(play.calls)]
            with suppress(Illegal, Conflict):  # it may be refused, as any caller's wish
                taped = [each.id for each in play.recordings.values() if each.call_id == call.id]
                call.tell(command.command(taped) if isinstance(command, Steers) else command)
        _pass(play, 40.0, hop)
        play.pass_time(LONGEST_SECONDS)
        return play


def _pass(play: Play, seconds: float, hop: float | None) -> None:
    while hop is not None and seconds > hop:
        play.pass_time(hop)
        seconds -= hop
    play.pass_time(seconds)


_TOLD: Final = st.sampled_from(
    (
        (),
        (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED),
        tuple(Kind),
    )
)
_ORDERS: Final = st.fixed_dictionaries(
    {"limit_ms": st.sampled_from((1, 1_000, 20_000, 60_000, 60_000, 300_000)), "report_on": _TOLD},
    optional={
        "fallback_url": st.sampled_from((ROOT + "/a", ROOT + "/missing", "http://[")),
        "report_url": st.just(ROOT + "/events"),
        "ring_ms": st.sampled_from((1_000, 60_000)),
        "detection": st.sampled_from(Detection),
        "detection_aside": st.booleans(),
        "detection_url": st.just(ROOT + "/b"),
        "detection_answers": st.booleans(),
        "beep_ms": st.sampled_from((0, 2_000, 45_000)),
        "drops_machines": st.booleans(),
        "strict": st.booleans(),
        "application": st.just("app"),
        "keys": st.just("12"),
        "record": st.booleans(),
        "channels": st.just(2),
        "consent": st.just("assume"),
        "recording_url": st.just(ROOT + "/tapes"),
        "document": JSON | st.just("nonsense"),
    },
)


def _stories(first: SearchStrategy[Serves]) -> SearchStrategy[Story]:
    return st.builds(
        Story,
        pages=st.fixed_dictionaries({"/": first, "/a": _ANY}, optional={"/b": _ANY, "/c": _ANY}),
        order=_ORDERS,
        phone=PHONES,
        phones=st.dictionaries(st.sampled_from((*NUMBERS, "client:bob", "sip:bob@example.com")), PHONES),
        inbound=st.lists(st.booleans(), min_size=1, max_size=3).map(tuple),
        acts=_ACTS,
        slow=st.dictionaries(st.sampled_from(PATHS), st.sampled_from((1, 300, 2_000, 20_000)), max_size=2),
    )


STORIES: Final = _stories(_ANY)
JOINING_STORIES: Final = _stories(_serves(JOINING))  # of calls that are brought together
