"""Whatever happens in a room: at every moment those are heard whom a plain reading of its facts lets be heard."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from telefonie.core.call import Call, Direction, Order, Status
from telefonie.core.composing import Journal
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.recordings import Source
from telefonie.core.room import Did, Fact
from telefonie.core.score import Part, Score, Sounding, Words
from tests.support import scores

ROOM: Final = "room"
WHO: Final = ("a", "b", "c", "d")
ORDER: Final = Order(Direction.OUTBOUND, "1", "2", "0", "USD")
STEP: Final = 100  # everything happens at a multiple of it
END: Final = 40 * STEP
LINE: Final = "aa bb cc dd"  # said in 11 steps

_SOME: Final = st.none() | st.lists(st.sampled_from(WHO), max_size=2, unique=True)
_HOW: Final = st.fixed_dictionaries(
    {
        "muted": st.booleans(),
        "held": st.booleans(),
        "beep": st.sampled_from(("both", "enter", "exit", "none")),
        "heard_by": _SOME,
        "hears": _SOME,
    }
)
_OPEN: Final = {"muted": False, "held": False, "beep": "none", "heard_by": None, "hears": None}
_DID: Final = st.sampled_from(
    (Did.JOINED, Did.JOINED, Did.JOINED, Did.LEFT, Did.MUTED, Did.UNMUTED, Did.HELD, Did.UNHELD, Did.MODIFIED)
)
_MOMENTS: Final = st.integers(0, 39).map(lambda each: each * STEP)


def _fact(did: Did, at: int, who: str, how: dict[str, Any], plain: bool) -> Fact:  # noqa: FBT001 - drawn
    return Fact(did, at, who, data=(_OPEN if plain else how) if did in (Did.JOINED, Did.MODIFIED) else {})


_LATER: Final = st.lists(
    st.builds(_fact, _DID, _MOMENTS, st.sampled_from(WHO), _HOW, st.booleans()), max_size=15
)
_EARLY: Final = st.integers(0, 12).map(lambda each: each * STEP)
_COMING: Final = st.tuples(
    *(st.builds(_fact, st.just(Did.JOINED), _EARLY, st.just(who), _HOW, st.booleans()) for who in WHO)
)
_FACTS: Final = st.builds(lambda coming, later: [*coming, *later], _COMING, _LATER)
_SPEECH: Final = st.fixed_dictionaries(
    {who: st.lists(st.sampled_from((0, 12, 24)), min_size=1, max_size=3, unique=True) for who in WHO}
)


@dataclass
class Reading:
    """The room as it stands at some moment."""

    seats: dict[str, dict[str, Any]] = field(default_factory=dict)
    started: bool = False

    def on(self, fact: Fact) -> None:
        seat = self.seats.get(fact.by, {})
        match fact.did:
            case Did.STARTED:
                self.started = True
            case Did.JOINED:
                self.seats[fact.by] = dict(fact.data)
            case Did.LEFT:
                self.seats.pop(fact.by, None)
            case Did.MODIFIED if seat:
                seat |= {"heard_by": fact.data["heard_by"], "hears": fact.data["hears"]}
            case Did.MUTED | Did.UNMUTED if seat:
                seat["muted"] = fact.did is Did.MUTED
            case Did.HELD | Did.UNHELD if seat:
                seat["held"] = fact.did is Did.HELD
            case _:
                pass

    def hears(self, listener: str, who: str) -> bool:
        mine = self.seats.get(listener)
        if mine is None or mine["held"] or who == listener or not self.speaks(who):
            return False
        theirs = self.seats[who]["heard_by"]
        return (theirs is None or listener in theirs) and (mine["hears"] is None or who in mine["hears"])

    def speaks(self, who: str) -> bool:
        seat = self.seats.get(who)
        return self.started and seat is not None and not seat["muted"] and not seat["held"]

    def is_loud(self, who: str) -> bool:
        return self.speaks(who) and self.seats[who]["heard_by"] is None


def facts_of(drawn: list[Fact], start: int) -> list[Fact]:
    """In order, with the moment at which the room starts; nobody comes who is there."""
    ordered = sorted([*drawn, Fact(Did.STARTED, start, "a")], key=lambda each: each.at)
    there: set[str] = set()
    kept = []
    for each in ordered:
        if each.did is Did.JOINED and each.by in there:
            continue
        there = (
            there | {each.by}
            if each.did is Did.JOINED
            else there - ({each.by} if each.did is Did.LEFT else set())
        )
        kept.append(each)
    return kept


def journals(speech: dict[str, list[int]]) -> dict[str, Journal]:
    found = {}
    for who, moments in speech.items():
        said = {"text": LINE, "ms": len(LINE) * STEP}
        events = [Event(0, 0, Kind.JOINED, Actor.PLATFORM, {"room": ROOM})]
        events += [Event(1, at * STEP, Kind.SAID, Actor.FAR_END, said) for at in sorted(moments)]
        call = Call(who, "a1", "plain", ORDER, Status.COMPLETED, 0, 0, answered_at=0, ended_at=END)
        found[who] = Journal(call, events)
    return found


def reading(facts: list[Fact], at: int) -> Reading:
    """Up to a moment, and what happens at it."""
    found = Reading()
    for each in facts:
        if each.at <= at:
            found.on(each)
    return found


def heard(score: Score, at: int) -> set[tuple[str, int]]:
    """Whose words are heard in the step that begins there, and where in the sentence."""
    return {
        (each.call_id, each.skip + at - each.at)
        for each in score.parts
        if _speech(each) and _covers(each, at)
    }


def _speech(part: Part) -> bool:
    return isinstance(part.sound, Words)


def _covers(part: Part, at: int) -> bool:
    return part.at <= at < part.at + part.ms


def speaking(speech: dict[str, list[int]], at: int) -> set[tuple[str, int]]:
    """Who is speaking at a moment, and where in the sentence."""
    length = len(LINE) * STEP
    return {
        (who, at - begins * STEP)
        for who, moments in speech.items()
        for begins in moments
        if 0 <= at - begins * STEP < length
    }


@settings(deadline=None, max_examples=60)
@given(_FACTS, _EARLY, _SPEECH)
def test_at_every_moment_those_are_heard_who_may_be(
    drawn: list[Fact], start: int, speech: dict[str, list[int]]
) -> None:
    facts, calls = facts_of(drawn, start), journals(speech)
    mix = scores.score(
        scores.recording("a", 0, END, room_id=ROOM, source=Source.ROOM, channels=1), calls, {ROOM: facts}
    )
    own = {
        who: scores.score(scores.recording(who, 0, END, track="outbound"), calls, {ROOM: facts})
        for who in WHO
    }
    for at in range(0, END, STEP):
        now, said = reading(facts, at), speaking(speech, at)
        assert heard(mix, at) == {each for each in said if now.is_loud(each[0])}
        for who in WHO:
            assert heard(own[who], at) == {each for each in said if now.hears(who, each[0])}


@settings(deadline=None, max_examples=60)
@given(_FACTS, _EARLY, _SPEECH)
def test_the_first_who_came_is_alone_on_his_channel_and_nobody_is_lost(
    drawn: list[Fact], start: int, speech: dict[str, list[int]]
) -> None:
    facts, calls = facts_of(drawn, start), journals(speech)
    it = scores.recording("a", 0, END, room_id=ROOM, source=Source.ROOM)
    found = scores.score(it, calls, {ROOM: facts})
    first = next((each.by for each in facts if each.did is Did.JOINED), "")
    assert {each.call_id for each in found.parts if not each.channel} <= {first}
    assert first not in {each.call_id for each in found.parts if each.channel}
    tones = [each for each in found.parts if isinstance(each.sound, Sounding)]
    assert all(one.at + one.ms <= two.at for one, two in pairwise(tones))
