"""Who is heard in a room: on the recording of whoever is in it, and on the recording of the room itself."""

from __future__ import annotations

from typing import Any, Final

from telefonie.core.call import Call, Direction, Order, Status
from telefonie.core.composing import Journal
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.recordings import Source
from telefonie.core.room import Did, Fact
from tests.support import scores
from tests.support.scores import Shown, shown

ROOM: Final = "room"
ORDER: Final = Order(Direction.OUTBOUND, "1", "2", "0", "USD")
END: Final = 60_000


def says(at: int, text: str) -> tuple[int, Kind, dict[str, Any]]:
    """100 ms a character."""
    return at, Kind.SAID, {"text": text, "ms": 100 * len(text)}


def journal(call: str, *done: tuple[int, Kind, dict[str, Any]]) -> Journal:
    """Somebody who is in the room, and what he does."""
    facts = [
        (0, Kind.JOINED, Actor.PLATFORM, {"room": ROOM}),
        *((at, kind, Actor.FAR_END, data) for at, kind, data in done),
    ]
    events = [Event(number, *fact) for number, fact in enumerate(facts)]
    return Journal(
        Call(call, "a1", "plain", ORDER, Status.COMPLETED, 0, 0, answered_at=0, ended_at=END), events
    )


def joined(call: str, at: int = 0, **how: Any) -> Fact:
    data = {"muted": False, "held": False, "beep": "none", "heard_by": None, "hears": None, **how}
    return Fact(Did.JOINED, at, call, data=data)


def fact(did: Did, at: int, by: str = "", **data: Any) -> Fact:
    return Fact(did, at, by, data=data)


STARTED: Final = fact(Did.STARTED, 0, "a")


def hears(listener: str, facts: list[Fact], *others: Journal) -> list[Shown]:
    """What of the others and of the room he hears."""
    own = next((each for each in others if each.id == listener), journal(listener))
    it = scores.recording(listener, 0, END, track="outbound")
    return shown(scores.score(it, {own.id: own, **{each.id: each for each in others}}, {ROOM: facts}))


def mixed(facts: list[Fact], *there: Journal, channels: int = 1) -> list[Shown]:
    """The recording of the room."""
    it = scores.recording(there[0].id, 0, END, room_id=ROOM, source=Source.ROOM, channels=channels)
    return shown(scores.score(it, {each.id: each for each in there}, {ROOM: facts}))


# -- who hears whom --


def test_all_hear_each_other_and_nobody_himself() -> None:
    facts = [joined("a"), joined("b"), joined("c"), STARTED]
    there = journal("a", says(1_000, "aa")), journal("b", says(2_000, "bb")), journal("c", says(3_000, "cc"))
    assert hears("a", facts, *there) == [(0, 2_000, 2_200, "bb"), (0, 3_000, 3_200, "cc")]
    assert hears("b", facts, *there) == [(0, 1_000, 1_200, "aa"), (0, 3_000, 3_200, "cc")]
    said = [(0, 1_000, 1_200, "aa"), (0, 2_000, 2_200, "bb"), (0, 3_000, 3_200, "cc")]
    assert mixed(facts, *there) == said


def test_keys_are_heard_in_the_room() -> None:
    facts = [joined("a"), joined("b"), STARTED]
    there = journal("a", (1_000, Kind.PRESSED, {"digits": "7"})), journal("b")
    assert hears("b", facts, *there) == mixed(facts, *there) == [(0, 1_000, 1_100, "key 7")]


def test_before_it_has_started_nobody_hears_anybody() -> None:
    facts = [joined("a"), joined("b", 500), fact(Did.STARTED, 1_150, "b")]
    there = journal("a", says(1_000, "aa bb")), journal("b")
    assert hears("b", facts, *there) == mixed(facts, *there) == [(0, 1_150, 1_500, "bb +150")]


def test_who_is_not_there_hears_nothing_and_is_not_heard() -> None:
    facts = [joined("a"), joined("b"), STARTED, joined("c", 1_150), fact(Did.LEFT, 2_150, "c")]
    there = journal("a", says(1_000, "aa bb")), journal("b"), journal("c", says(2_000, "cc dd"))
    assert hears("c", facts, *there) == [(0, 1_150, 1_500, "bb +150")]
    assert hears("b", facts, *there) == [(0, 1_000, 1_500, "aa bb"), (0, 2_000, 2_150, "")]


def test_who_comes_back_is_heard_again() -> None:
    facts = [joined("a"), joined("b"), STARTED, fact(Did.LEFT, 2_000, "a"), joined("a", 4_000)]
    there = journal("a", says(1_000, "a"), says(3_000, "b"), says(5_000, "c")), journal("b")
    assert hears("b", facts, *there) == [(0, 1_000, 1_100, "a"), (0, 5_000, 5_100, "c")]


def test_after_the_end_nobody_is_heard() -> None:
    facts = [joined("a"), joined("b"), STARTED, fact(Did.ENDED, 1_200, "a")]
    there = journal("a", says(1_000, "aa bb")), journal("b")
    assert hears("b", facts, *there) == mixed(facts, *there) == [(0, 1_000, 1_200, "aa")]


# -- muted and held --


def test_who_is_muted_hears_and_is_not_heard() -> None:
    facts = [
        joined("a", muted=True),
        joined("b"),
        STARTED,
        fact(Did.UNMUTED, 2_000, "a"),
        fact(Did.MUTED, 4_000, "a"),
    ]
    there = journal("a", says(1_000, "a"), says(3_000, "b"), says(5_000, "c")), journal("b", says(1_500, "d"))
    assert hears("b", facts, *there) == [(0, 3_000, 3_100, "b")]
    assert hears("a", facts, *there) == [(0, 1_500, 1_600, "d")]
    assert mixed(facts, *there) == [(0, 1_500, 1_600, "d"), (0, 3_000, 3_100, "b")]


def test_a_mute_in_the_middle_of_a_sentence_is_heard_at_once() -> None:
    facts = [joined("a"), joined("b"), STARTED, fact(Did.MUTED, 1_250, "a"), fact(Did.UNMUTED, 1_600, "a")]
    there = journal("a", says(1_000, "aa bb cc")), journal("b")
    assert mixed(facts, *there) == [(0, 1_000, 1_250, "aa"), (0, 1_600, 1_800, "cc +600")]


def test_who_is_held_is_not_heard_and_the_others_go_on() -> None:
    facts = [
        joined("a"),
        joined("b"),
        joined("c"),
        STARTED,
        fact(Did.HELD, 2_000, "a"),
        fact(Did.UNHELD, 4_000, "a"),
    ]
    there = journal("a", says(1_000, "a"), says(3_000, "b")), journal("b"), journal("c", says(3_500, "c"))
    assert hears("b", facts, *there) == [(0, 1_000, 1_100, "a"), (0, 3_500, 3_600, "c")]
    assert mixed(facts, *there) == [(0, 1_000, 1_100, "a"), (0, 3_500, 3_600, "c")]


def test_who_is_muted_or_held_on_his_call_is_not_heard_in_the_room_either() -> None:
    facts = [joined("a"), joined("b"), STARTED]
    muted = Event(9, 500, Kind.MUTED, Actor.CUSTOMER)
    own = journal("a", says(1_000, "a"))
    there = Journal(own.call, [own.events[0], muted, *own.events[1:]]), journal("b")
    assert hears("b", facts, *there) == mixed(facts, *there) == []


# -- who is heard by whom --


def test_a_coach_is_heard_by_whom_he_coaches_and_by_nobody_else() -> None:
    facts = [joined("a"), joined("b"), joined("coach", heard_by=["a"]), STARTED]
    there = journal("a"), journal("b", says(1_000, "b")), journal("coach", says(2_000, "c"))
    assert hears("a", facts, *there) == [(0, 1_000, 1_100, "b"), (0, 2_000, 2_100, "c")]
    assert hears("b", facts, *there) == []
    assert hears("coach", facts, *there) == [(0, 1_000, 1_100, "b")]
    assert mixed(facts, *there) == [(0, 1_000, 1_100, "b")]


def test_a_coach_who_coaches_no_more_is_heard_by_all() -> None:
    changed = fact(Did.MODIFIED, 3_000, "coach", heard_by=None, hears=None)
    facts = [joined("a"), joined("b"), joined("coach", heard_by=["a"]), STARTED, changed]
    there = journal("a"), journal("b"), journal("coach", says(2_000, "c"), says(4_000, "d"))
    assert hears("b", facts, *there) == mixed(facts, *there) == [(0, 4_000, 4_100, "d")]


def test_who_may_hear_some_only_hears_no_others() -> None:
    facts = [joined("a", hears=["b"]), joined("b"), joined("c"), STARTED]
    there = journal("a"), journal("b", says(1_000, "b")), journal("c", says(2_000, "c"))
    assert hears("a", facts, *there) == [(0, 1_000, 1_100, "b")]
    assert mixed(facts, *there) == [(0, 1_000, 1_100, "b"), (0, 2_000, 2_100, "c")]


# -- tones of coming and going --


def test_who_comes_and_goes_is_announced_by_a_tone_as_he_was_asked_to_be() -> None:
    facts = [
        joined("a", beep="none"),
        joined("b", beep="none"),
        STARTED,
        joined("both", 1_000, beep="both"),
        joined("enter", 2_000, beep="enter"),
        joined("exit", 3_000, beep="exit"),
        *(fact(Did.LEFT, at, who) for at, who in ((5_000, "both"), (6_000, "enter"), (7_000, "exit"))),
    ]
    there = [journal(each) for each in ("a", "b", "both", "enter", "exit")]
    tones = [(0, at, at + 500, "beep") for at in (1_000, 2_000, 5_000, 7_000)]
    assert hears("a", facts, *there) == mixed(facts, *there) == tones


def test_all_who_waited_come_in_with_one_tone() -> None:
    facts = [joined("a", beep="both"), joined("b", 500, beep="both"), fact(Did.STARTED, 500, "b")]
    assert mixed(facts, journal("a"), journal("b")) == [(0, 500, 1_000, "beep")]


def test_ones_own_tone_is_heard_once() -> None:
    facts = [joined("a", beep="both"), joined("b", beep="both"), STARTED]
    own = journal("a")
    beep = Event(1, 0, Kind.PLAYED, Actor.PLATFORM, {"what": "beep", "ms": 500})
    there = Journal(own.call, [*own.events, beep]), journal("b")
    assert hears("a", facts, *there) == [(0, 0, 500, "beep")]


def test_who_is_held_hears_no_tones() -> None:
    facts = [joined("a", held=True), joined("b"), STARTED, joined("c", 1_000, beep="both")]
    there = [journal(each) for each in "abc"]
    assert [each for each in hears("a", facts, *there) if each[3] == "beep"] == []


# -- the channels of a room's recording --


def test_the_first_who_came_has_a_channel_of_his_own() -> None:
    facts = [joined("a"), joined("b", 100), fact(Did.STARTED, 100, "b"), joined("c", 200, beep="both")]
    there = journal("a", says(1_000, "aa")), journal("b", says(2_000, "bb")), journal("c", says(3_000, "cc"))
    assert mixed(facts, *there, channels=2) == [
        (1, 200, 700, "beep"),
        (0, 1_000, 1_200, "aa"),
        (1, 2_000, 2_200, "bb"),
        (1, 3_000, 3_200, "cc"),
    ]


def test_music_on_hold_is_never_recorded_with_the_room() -> None:
    facts = [joined("a"), joined("b", 5_000), fact(Did.STARTED, 5_000, "b"), fact(Did.HELD, 6_000, "a")]
    own = journal("a")
    waits = Event(1, 0, Kind.PLAYED, Actor.PLATFORM, {"what": "music", "ms": END})
    there = Journal(own.call, [*own.events, waits]), journal("b")
    assert mixed(facts, *there) == []
