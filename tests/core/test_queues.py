"""A queue is first come, first served, on both of its ends."""

from __future__ import annotations

from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from telefonie.core.messages import (
    Called,
    LineUp,
    Message,
    Queued,
    Refused,
    StepOut,
    TakeFirst,
    Taken,
    TakeNobody,
    ToQueue,
)
from telefonie.core.queues import MOST, NOT_FOUND, Change, Queue, apply


class Line:
    """A queue, told one thing after the other."""

    def __init__(self) -> None:
        self.queue: Queue | None = None
        self.now = 0

    def tell(self, message: ToQueue, at: int | None = None) -> list[tuple[str, Message]]:
        self.now = self.now if at is None else at
        change = apply(self.queue, "q1", message, self.now)
        self.queue = change.queue
        return list(change.replies)


def line_up(call: str, most: int | None = None, *, again: bool = False) -> LineUp:
    return LineUp(call, 7, "support", "plain", most, again)


def take_first(call: str, whisper: str = "") -> TakeFirst:
    return TakeFirst(call, 9, "support", whisper, "GET", "https://app.test/agent")


def test_the_first_who_waits_makes_the_queue_and_hears_his_place() -> None:
    line = Line()
    assert line.tell(line_up("ann")) == [("ann", Queued(7, "q1", 1, 1, 0, MOST))]
    assert line.tell(line_up("bob")) == [("bob", Queued(7, "q1", 2, 2, 0, MOST))]


def test_the_head_is_taken_and_both_are_told() -> None:
    line = Line()
    line.tell(line_up("ann"), 0)
    line.tell(line_up("bob"), 2_000)
    assert line.tell(take_first("agent", "/whisper"), 10_500) == [
        ("ann", Called(7, "q1", "agent", 9, 10, "/whisper", "GET", "https://app.test/agent")),
        ("agent", Taken(9, "q1", "ann", 10)),
    ]
    assert line.tell(line_up("bob", again=True)) == [("bob", Queued(7, "q1", 1, 1, 10, MOST))]


def test_the_average_is_that_of_all_who_were_taken() -> None:
    line = Line()
    line.tell(line_up("ann"), 0)
    line.tell(line_up("bob"), 0)
    line.tell(take_first("agent"), 10_000)
    line.tell(take_first("agent"), 20_000)
    assert line.tell(line_up("cat"))[0][1] == Queued(7, "q1", 1, 1, 15, MOST)


def test_who_asks_when_nobody_waits_gets_the_next_who_comes() -> None:
    line = Line()
    line.tell(line_up("ann"))
    line.tell(StepOut("ann", "support"))
    for agent in ("agent", "other"):
        assert line.tell(take_first(agent)) == []
    assert [call for call, _ in line.tell(line_up("bob"))] == ["bob", "agent"]
    assert [call for call, _ in line.tell(line_up("cat"))] == ["cat", "other"]
    assert line.tell(line_up("dan"))[0][1] == Queued(7, "q1", 1, 1, 0, MOST)


def test_who_wants_nobody_any_more_gets_nobody() -> None:
    line = Line()
    line.tell(line_up("ann"))
    line.tell(StepOut("ann", "support"))
    line.tell(take_first("agent"))
    assert line.tell(TakeNobody("agent", "support")) == []
    assert [type(each) for _, each in line.tell(line_up("bob"))] == [Queued]


def test_nobody_can_be_taken_out_of_a_queue_that_is_not_there() -> None:
    line = Line()
    [(call, refused)] = line.tell(take_first("agent"))
    assert isinstance(refused, Refused)
    assert (call, refused.code, line.queue) == ("agent", NOT_FOUND, None)
    assert apply(None, "q1", StepOut("ann", "support"), 1) == Change(None)
    assert apply(None, "q1", TakeNobody("ann", "support"), 1) == Change(None)


def test_a_full_queue_takes_nobody_and_its_size_can_be_changed() -> None:
    line = Line()
    line.tell(line_up("ann", most=1))
    [(_, refused)] = line.tell(line_up("bob"))
    assert isinstance(refused, Refused)
    assert refused.ticket == 7
    assert line.tell(line_up("bob", most=2)) == [("bob", Queued(7, "q1", 2, 2, 0, 2))]


def test_it_takes_a_thousand_if_nobody_says_otherwise() -> None:
    line = Line()
    told = [line.tell(line_up(f"c{number}"))[0][1] for number in range(MOST)]
    assert told[-1] == Queued(7, "q1", 1_000, 1_000, 0, 1_000)
    assert isinstance(line.tell(line_up("one more"))[0][1], Refused)


def test_who_was_taken_meanwhile_does_not_line_up_by_asking_for_his_place() -> None:
    line = Line()
    line.tell(line_up("ann"))
    line.tell(take_first("agent"))
    assert line.tell(line_up("ann", again=True)) == []
    assert line.queue is not None
    assert line.queue.waiters == ()


# -- whatever happens --

WAITERS: Final = st.sampled_from([f"w{n}" for n in range(6)])
AGENTS: Final = st.sampled_from([f"a{n}" for n in range(3)])


class QueueMachine(RuleBasedStateMachine):
    """A model of two lists, and the queue beside it."""

    @initialize()
    def empty(self) -> None:
        self.queue: Queue | None = None
        self.now = 0
        self.waiting: list[str] = []
        self.asking: list[str] = []
        self.pairs = 0

    def take(self, message: ToQueue) -> list[tuple[str, Message]]:
        self.now += 500
        change = apply(self.queue, "q", message, self.now)
        self.queue = change.queue
        return list(change.replies)

    def paired(self, replies: list[tuple[str, Message]], waiter: str, agent: str) -> None:
        [(called, first), (taker, second)] = replies
        assert isinstance(first, Called)
        assert isinstance(second, Taken)
        assert (called, taker, first.by, second.leg) == (waiter, agent, agent, waiter)
        self.pairs += 1

    @rule(call=WAITERS, most=st.sampled_from([None, None, 3]))
    def line_up(self, call: str, most: int | None) -> None:
        replies = self.take(line_up(call, most))
        if call in self.waiting:
            assert isinstance(replies[0][1], Queued)
        elif self.asking:
            self.paired(replies, call, self.asking.pop(0))
        elif isinstance(replies[0][1], Queued):
            self.waiting.append(call)
            assert (replies[0][1].place, replies[0][1].size) == (len(self.waiting), len(self.waiting))
        else:
            assert self.queue is not None
            assert len(self.waiting) >= self.queue.most

    @rule(call=AGENTS)
    def take_first(self, call: str) -> None:
        replies = self.take(take_first(call))
        if self.queue is None:
            assert isinstance(replies[0][1], Refused)
        elif self.waiting:
            self.paired(replies, self.waiting.pop(0), call)
        else:
            assert replies == []
            self.asking = [each for each in self.asking if each != call] + [call]

    @rule(call=WAITERS)
    def step_out(self, call: str) -> None:
        assert self.take(StepOut(call, "q")) == []
        self.waiting = [each for each in self.waiting if each != call]

    @rule(call=AGENTS)
    def take_nobody(self, call: str) -> None:
        assert self.take(TakeNobody(call, "q")) == []
        self.asking = [each for each in self.asking if each != call]

    @invariant()
    def both_ends_are_in_order_and_never_both_wait(self) -> None:
        queue = self.queue or Queue()
        assert [each.call for each in queue.waiters] == self.waiting
        assert [each.call for each in queue.askers] == self.asking
        assert not (self.waiting and self.asking)
        assert queue.taken == self.pairs


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(max_examples=150, stateful_step_count=15, deadline=None)
