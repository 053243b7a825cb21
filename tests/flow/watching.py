"""The only module that plays calls under supervision: after every decision everything must still make sense."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any, Final

from telefonie.core.effects import KeepRecording, Notify, NotifyRecording
from telefonie.core.events import Actor, Kind
from telefonie.core.messages import LegEnded
from telefonie.core.recordings import Recording, Status
from telefonie.flow import legs, run
from telefonie.flow.commands import Command, Fetched
from telefonie.flow.effects import Ask, Effect, NewLeg, Post, Purpose
from telefonie.flow.legs import Change, Leg
from telefonie.store import codec
from tests.support.play import Play, Played

MOST_AT_ONCE: Final = 3_000  # decisions at one moment: more would be a loop that takes no time
# What may still be written down of a call that has ended: what was put away with it, and replies to what it told.
AFTERWARDS: Final = frozenset(
    {Kind.HUSHED, Kind.PARTED, Kind.LEFT, Kind.RECORDED, Kind.STREAMED, Kind.FETCHED, Kind.CLOSED}
)


def stored(leg: Leg) -> Leg:
    """As the store gives it back."""
    call = leg.call
    order = call.order
    row = SimpleNamespace(
        id=call.id,
        account_id=call.account_id,
        face=call.face,
        status=call.status.value,
        created_at=call.created_at,
        direction=order.direction.value,
        caller=order.caller,
        callee=order.callee,
        application_id=order.application,
        conversation=order.conversation,
        placing=codec.dump_order(order),
        state=codec.dump_state(call),
        flow=codec.dump_flow(leg),
        documents=codec.dump_documents(leg),
    )
    return codec.load_leg(row)


class Watched(Play):
    """Each decision is taken twice, from what was stored and from what was not, and looked over."""

    def __init__(self) -> None:
        super().__init__()
        self.effects: list[Effect] = []
        self._moment = (0, 0)
        self._actions: dict[
            tuple[str, int], int
        ] = {}  # by call and ticket of a verb: the number of its question

    def tell(self, call_id: str, command: Command) -> None:
        played = self.calls[call_id]
        self._count_at_once()
        before, kept = played.leg, stored(played.leg)
        change = legs.apply(kept, command, self.now)
        twin = legs.apply(before, command, self.now)
        assert change == twin or plain(change) == plain(twin)
        check(before, change, self.now)
        if isinstance(command, Fetched):
            assert command.number not in _asking(change.leg)
        self._note_actions(change)
        self._keep(played, change)

    def _grant(self, effect: Effect) -> None:
        self.effects.append(effect)
        super()._grant(effect)

    def _count_at_once(self) -> None:
        moment, count = self._moment
        self._moment = (self.now, count + 1 if moment == self.now else 1)
        assert self._moment[1] < MOST_AT_ONCE, "a loop that takes no time"

    def _note_actions(self, change: Change) -> None:
        """A verb asks what follows once, however often it is told things."""
        for frame in change.leg.run.frames if change.leg.run else ():
            if frame.asking is not None and frame.asking.purpose == Purpose.ACTION.value:
                key = (change.leg.call.id, frame.ticket)
                assert self._actions.setdefault(key, frame.asking.number) == frame.asking.number


def _asking(leg: Leg) -> list[int]:
    frames = leg.run.frames if leg.run else ()
    return [each.asking.number for each in frames if each.asking is not None]


def plain(change: Change) -> Any:
    """A decision as plain values: what was stored has lists where others have tuples."""
    leg = change.leg
    found = [
        asdict(leg.call),
        codec.dump_flow(leg),
        codec.dump_documents(leg),
        [asdict(each) for each in change.events],
        [_of(each) for each in change.effects],
    ]
    return json.loads(json.dumps(found))


def _of(effect: Effect) -> list[Any]:
    """A wish; the call in it is the one that was decided about."""
    if isinstance(effect, KeepRecording | NotifyRecording):
        return [type(effect).__name__, asdict(effect)]
    call = effect.call
    return [type(effect).__name__, call.events, {**asdict(effect), "call": call.id}]


# -- one decision --


def check(before: Leg, change: Change, now: int) -> None:
    """What holds of each."""
    leg = change.leg
    call = leg.call
    if leg.run is not None:
        assert run.unpacked(json.loads(json.dumps(run.packed(leg.run))), run.sources(leg.run)) == again(
            leg.run
        )
    numbers = [each.ordinal for each in change.events]
    assert numbers == list(range(before.call.events, call.events))
    moments = [before.call.touched_at, *(each.at for each in change.events)]
    assert moments == sorted(moments)
    assert moments[-1] <= max(now, before.call.touched_at)
    told = [each.sequence for each in change.effects if isinstance(each, Notify)]
    assert told == list(range(before.call.reports, call.reports))
    lane = [place for each in change.effects if (place := _place(each)) is not None]
    assert lane == list(range(before.call.told, call.told))
    kept = {each.recording.id: each.recording for each in change.effects if isinstance(each, KeepRecording)}
    going = {each.id: each.recording for each in leg.run.tapes} if leg.run else {}
    assert all(going.get(each.id, each) == each and each.live == (each.id in going) for each in kept.values())
    if call.ended_at is not None:
        assert (leg.far, leg.run, call.timers) == (None, None, ())
        assert legs.alarm(leg) == (None, None)
    else:
        assert legs.alarm(leg)[0] is not None, "nothing would ever happen to it again"


def _place(effect: Effect) -> int | None:
    """Where in the call's lane a letter stands."""
    match effect:
        case Notify(place=place):
            return place
        case NotifyRecording(lane=lane):
            return lane.place
        case _:
            return None


def again(found: run.Run) -> run.Run:
    """The same, once it was stored."""
    return run.unpacked(json.loads(json.dumps(run.packed(found))), run.sources(found))


# -- a whole story --


def over(play: Watched) -> None:
    """What holds when everything is over."""
    assert not play._due, "something is still under way"
    for played in play.calls.values():
        assert played.over, f"{played.call.order.callee} goes on"
        _timeline(played)
        _limits(played)
        _meetings(played)
        _interjections(played)
    for recording in play.recordings.values():
        _recording(play, recording)
    _numbers(play)
    _questions(play)
    _legs(play)


def _timeline(played: Played) -> None:
    kinds = [each.kind for each in played.events]
    assert [each.ordinal for each in played.events] == list(range(played.call.events))
    assert kinds.count(Kind.PLACED) == kinds.count(Kind.ENDED) == 1
    end = kinds.index(Kind.ENDED)
    late = played.events[end + 1 :]
    assert {each.kind for each in late} <= AFTERWARDS
    # All of it belongs to the end itself; only what a server says in the end takes its time.
    assert all(each.at == played.call.ended_at for each in late if each.kind is not Kind.FETCHED)


def _meetings(played: Played) -> None:
    """Whoever came into a room or queue has left it, before the next and with the end at the latest."""
    kinds = [each.kind for each in played.events if each.kind in (Kind.JOINED, Kind.LEFT)]
    assert kinds == [Kind.JOINED, Kind.LEFT] * (len(kinds) // 2)


def _interjections(played: Played) -> None:
    """While something is said or played into a call, its documents are silent."""
    until = 0
    for each in played.events:
        if each.kind is Kind.HUSHED:
            until = min(until, each.at)
        elif each.kind in (Kind.SAID, Kind.PLAYED) and each.actor is Actor.PLATFORM and "ms" in each.data:
            ends = each.at + int(str(each.data["ms"]))
            assert each.at >= until, "two things are heard at once"
            until = ends if each.data.get("interjected") else until


def _limits(played: Played) -> None:
    call = played.call
    order = call.order
    assert call.ended_at is not None
    if call.answered_at is not None:
        assert call.ended_at - call.answered_at <= order.limit_ms
    else:
        assert call.ended_at - call.created_at <= order.phone.rings_after + order.ring_ms


def _recording(play: Watched, it: Recording) -> None:
    """It began and ended while its call was talking, and was told from its beginning to its end."""
    call = play.calls[it.call_id]
    begun, ended = call.call.answered_at, call.call.ended_at
    assert begun is not None
    assert ended is not None
    assert not it.live
    assert it.until is not None
    assert begun <= it.since <= it.until <= ended
    edges = [moment for gap in it.gaps for moment in gap]
    assert edges == sorted(edges, key=lambda each: each or 0)
    assert all(each is not None and it.since <= each <= it.until for each in edges)
    facts = [each for each in call.events if each.data.get("recording_id") == it.id]
    facts = [each for each in facts if each.kind is Kind.RECORDED]
    states = [str(each.data["state"]) for each in facts]
    assert states[0] == "started"
    assert states[-1] == ("finished" if it.status is Status.COMPLETED else "absent")
    between = states[1:-1]
    assert between == ["paused", "resumed"] * (len(between) // 2) + ["paused"] * (len(between) % 2)
    assert facts[-1].data["ms"] == it.ms
    assert facts[0].at + int(str(facts[-1].data["lead_ms"])) == it.since
    told = [each for each in play.news if each.recording.id == it.id]
    assert [each.sequence for each in told] == list(range(it.reports))
    assert all(each.news in it.on for each in told)


def _numbers(play: Watched) -> None:
    """Ids of requests, messages and legs follow from these, so none comes twice."""
    numbers = Counter((each.call.id, each.number) for each in play.effects if isinstance(each, Ask | Post))
    assert not numbers or max(numbers.values()) == 1
    new = [each.id for each in play.effects if isinstance(each, NewLeg)]
    assert len(new) == len(set(new))


def _questions(play: Watched) -> None:
    """What came of a request is written down once at most, and nothing that nobody asked for."""
    asked = Counter(each.call.id for each in play.effects if isinstance(each, Ask))
    for played in play.calls.values():
        assert len(played.of(Kind.FETCHED)) <= asked[played.id]
        actions = [e for e in play.effects if isinstance(e, Ask) and e.call.id == played.id]
        assert sum(each.purpose is Purpose.ACTION for each in actions) <= len(played.steps)


def _legs(play: Watched) -> None:
    """Of what a call dialled one at most is connected at a time, and each tells its end once at most."""
    ends = Counter(
        each.message.leg
        for each in play.effects
        if isinstance(each, Post) and isinstance(each.message, LegEnded)
    )
    assert not ends or max(ends.values()) == 1
    for parent in play.calls.values():
        mine = play.legs_of(parent)
        assert {each.id for each in mine} <= {
            *ends,
            *(each.id for each in mine if Kind.REDIRECTED in _kinds(each)),
        }
        assert len({each["call_id"] for each in parent.of(Kind.DIALED)}) == len(mine)
        _one_at_a_time(parent)


def _kinds(played: Played) -> list[Kind]:
    return [each.kind for each in played.events]


def _one_at_a_time(played: Played) -> None:
    partner = None
    for each in played.events:
        if each.kind is Kind.CONNECTED:
            assert partner is None, "connected with two at once"
            partner = each.data["call_id"]
        elif each.kind is Kind.PARTED:
            assert each.data["call_id"] == partner
            partner = None
