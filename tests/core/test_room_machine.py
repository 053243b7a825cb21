"""Whatever calls and customers do to a room, in any order: its count is exact, its facts and letters without a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from telefonie.core.attending import Announce, Close, Invite, Remove, Steer, Steering, SteerRecording, Wish
from telefonie.core.errors import Refused as TurnedDown
from telefonie.core.messages import Admitted, Dismissed, Exit, Refused, RoomSaid, Uninvited
from telefonie.core.recordings import Status as Taped
from telefonie.core.recordings import Trigger
from telefonie.core.room import TABLE, Did, Member, Room, Status, Terms, packed_terms
from tests.core.halls import URL, Hall, enter

CALLS: Final = st.sampled_from([f"c{n}" for n in range(6)])
MAYBE: Final = st.one_of(st.none(), st.booleans())
LABELS: Final = st.sampled_from(["", "x", "y"])


class RoomMachine(RuleBasedStateMachine):
    """Calls come and go, customers invite, steer and close; a model counts along."""

    @initialize(opened=st.booleans(), record=st.booleans(), most=st.integers(2, 4))
    def begin(self, *, opened: bool, record: bool, most: int) -> None:
        self.terms = packed_terms(Terms(URL, record=record, trim=True))
        self.hall = Hall(most=most, record=record, report_url=URL) if opened else Hall()
        self.inside: list[str] = []
        self.expected: list[str] = []
        self.seen: set[str] = set()
        self.tickets = 0

    def live(self) -> bool:
        return self.hall.meeting is not None and self.hall.meeting.live

    def remember(self) -> None:
        if self.hall.meeting is not None:
            self.seen.add(self.hall.meeting.id)

    # -- calls --

    @rule(call=CALLS, starts=st.booleans(), ends=st.booleans(), most=st.integers(2, 4), label=LABELS)
    def come(self, call: str, *, starts: bool, ends: bool, most: int, label: str) -> None:
        self.tickets += 1
        more = {"starts": starts, "ends": ends, "most": most, "label": label, "listens": True}
        replies = self.hall.tell(enter(call, ticket=self.tickets, terms=self.terms, **more))
        self.remember()
        [first, *_] = [each for to, each in replies if to == call]
        if isinstance(first, Admitted):
            self.inside = [each for each in self.inside if each != call] + [call]
            self.expected = [each for each in self.expected if each != call]
        else:
            assert isinstance(first, Refused)
            assert call not in self.expected

    @rule(call=CALLS, why=st.sampled_from(["hung_up", "redirected", "add_failed"]))
    def go(self, call: str, why: str) -> None:
        self.away(call)
        self.sent_away(self.hall.tell(Exit(call, "lobby", why, status="completed")))

    @rule(call=CALLS, ms=st.integers(0, 5_000))
    def speak(self, call: str, ms: int) -> None:
        replies = self.hall.tell(RoomSaid(call, "lobby", self.hall.now, "Hi", "en-US", ms))
        assert {to for to, _ in replies} <= set(self.inside) - {call}

    # -- customers --

    def wish(self, wish: Wish) -> bool:
        before = self.hall.meeting
        try:
            self.sent_away(self.hall.wish(wish))
        except TurnedDown:
            assert self.hall.meeting is before
            return False
        return True

    @precondition(live)
    @rule(call=CALLS, label=LABELS, coach=st.one_of(st.none(), CALLS), ends=st.booleans(), held=st.booleans())
    def invite(self, call: str, label: str, coach: str | None, *, ends: bool, held: bool) -> None:
        if call in (*self.inside, *self.expected):
            return  # a call is placed once
        heard_by = None if coach is None else (coach,)
        if self.wish(Invite(Member(call, 0, 0, label, ends=ends, held=held, heard_by=heard_by))):
            self.expected.append(call)

    @precondition(live)
    @rule(call=CALLS, muted=MAYBE, held=MAYBE, ends=MAYBE, coach=st.one_of(st.none(), st.just(""), CALLS))
    def steer(
        self, call: str, *, muted: bool | None, held: bool | None, ends: bool | None, coach: str | None
    ) -> None:
        done = self.wish(Steer(call, Steering(muted, held, coach, ends)))
        assert not done or call in (*self.inside, *self.expected)

    @precondition(live)
    @rule(call=CALLS)
    def remove(self, call: str) -> None:
        there = call in (*self.inside, *self.expected)
        was_inside = call in self.inside
        self.away(call)
        assert self.wish(Remove(call)) is there
        if there:
            wanted = Dismissed if was_inside else Uninvited
            assert any(to == call and isinstance(each, wanted) for to, each in self.hall.replies)

    @precondition(live)
    @rule()
    def announce(self) -> None:
        assert self.wish(Announce("https://a.test"))

    @precondition(live)
    @rule()
    def close(self) -> None:
        assert self.wish(Close())

    @precondition(live)
    @rule(trigger=st.sampled_from([Trigger.PAUSE, Trigger.RESUME, Trigger.FINISH]))
    def steer_recording(self, trigger: Trigger) -> None:
        tape = self.hall.room.recording
        self.wish(SteerRecording(tape.id if tape else "none", trigger))

    def away(self, call: str) -> None:
        self.inside = [each for each in self.inside if each != call]
        self.expected = [each for each in self.expected if each != call]

    def sent_away(self, replies: Sequence[tuple[str, object]]) -> None:
        for to, message in replies:
            if isinstance(message, Dismissed | Uninvited):
                self.away(to)

    # -- always --

    @property
    def room(self) -> Room | None:
        return None if self.hall.meeting is None else self.hall.room

    @invariant()
    def the_count_is_exact_and_never_above_what_the_room_takes(self) -> None:
        if self.room is None:
            return
        assert (self.hall.inside, self.hall.expected) == (self.inside, self.expected)
        there = [*self.inside, *self.expected]
        assert len(set(there)) == len(there) <= self.room.most
        labels = [each.label for each in (*self.room.members, *self.room.guests) if each.label]
        assert len(set(labels)) == len(labels)

    @invariant()
    def comings_and_goings_add_up(self) -> None:
        did = Counter(each.did for each in self.hall.facts if each.data.get("joined", True))
        assert did[Did.JOINED] - did[Did.LEFT] == len(self.inside)
        assert did[Did.CREATED] - did[Did.ENDED] == self.live()
        assert did[Did.STARTED] <= did[Did.CREATED]

    @invariant()
    def an_ended_room_is_empty_and_one_that_was_visited_and_is_empty_has_ended(self) -> None:
        if self.room is None:
            return
        deserted = not self.room.members and not self.room.guests
        assert deserted or self.room.live
        assert self.room.live or self.room.status not in TABLE or not TABLE[self.room.status]
        assert not (deserted and self.room.visited and self.room.live)

    @invariant()
    def facts_are_numbered_in_the_order_of_their_moments(self) -> None:
        rooms = [n for n, each in enumerate(self.hall.facts) if each.did is Did.CREATED]
        for start, end in pairwise([*rooms, len(self.hall.facts)]):
            facts = self.hall.facts[start:end]
            assert [each.ordinal for each in facts] == list(range(len(facts)))
            assert [each.at for each in facts] == sorted(each.at for each in facts)

    @invariant()
    def lanes_are_gapless_and_letters_say_how_many_were_in(self) -> None:
        for room_id in self.seen:
            letters = [each for each in self.hall.letters if each.room.id == room_id]
            news = [each for each in self.hall.news if each.lane.subject == room_id]
            places = sorted([each.lane.place for each in letters] + [each.lane.place for each in news])
            assert places == list(range(len(places)))
            assert [each.sequence for each in letters] == list(range(len(letters)))
            count = 0
            for each in letters:
                count += each.fact.did is Did.JOINED
                count -= each.fact.did is Did.LEFT and each.fact.data.get("joined", True)
                assert isinstance(each.room.state, Room)
                assert len(each.room.state.members) == count

    @invariant()
    def what_is_recorded_ends_with_its_room(self) -> None:
        if self.room is None or self.room.recording is None:
            return
        over = self.room.recording.status in (Taped.COMPLETED, Taped.FAILED)
        assert over == (self.room.status is Status.ENDED)
        assert self.hall.kept[-1] == self.room.recording

    @invariant()
    def whoever_is_let_in_is_sent_away_at_most_once(self) -> None:
        let_in = Counter((to, each.ticket) for to, each in self.hall.replies if isinstance(each, Admitted))
        gone = Counter((to, each.ticket) for to, each in self.hall.replies if isinstance(each, Dismissed))
        assert all(count == 1 for count in (*let_in.values(), *gone.values()))
        assert set(gone) <= set(let_in)

    @invariant()
    def a_room_that_waits_has_no_quorum(self) -> None:
        if self.room is not None and self.room.status is Status.WAITING:
            starters = any(each.starts for each in self.room.members)
            assert len(self.room.members) < self.room.quorum or not starters


TestRoomMachine = RoomMachine.TestCase
TestRoomMachine.settings = settings(max_examples=100, stateful_step_count=20, deadline=None)
