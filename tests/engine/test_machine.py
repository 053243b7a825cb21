"""Whatever customers do, whatever mood their servers are in, and whenever the process is started anew:
calls, events, letters, alarms and totals agree."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from telefonie.core.accounts import Account
from telefonie.core.call import Call
from telefonie.core.calls import ENDED, alarm
from telefonie.core.commands import Answer as PickUp
from telefonie.core.commands import Cancel, Command, HangUp, Leave, Refusal, Refuse
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Detection
from telefonie.store import counters, reads
from telefonie.store.connect import Connection
from telefonie.store.reads import CallQuery
from tests.support.customer import BROKEN, FINE, GONE, Answer, Mood
from tests.support.world import World, a_world, phone

T = TypeVar("T")
COMMANDS: Final[list[Command]] = [
    PickUp(),
    Cancel(),
    Leave(),
    HangUp(Actor.CUSTOMER),
    Refuse(Refusal.BUSY),
    Refuse(Refusal.DECLINED),
]
ANSWERS: Final = [FINE, FINE, BROKEN, GONE, Answer(404), Answer(429, headers=(("Retry-After", "7"),))]
NUMBERS: Final = st.integers(0, 10**6)


def mood(answers: list[Answer]) -> Mood:
    """A server that answers in turn like this."""
    turns = iter(range(10**9))
    return lambda _: answers[next(turns) % len(answers)]


class EngineMachine(RuleBasedStateMachine):
    """One process on SQLite, two accounts on manual clocks."""

    def __init__(self, migrated: Path) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.runner = asyncio.Runner()
        shutil.copytree(migrated, self.folder.name, dirs_exist_ok=True)
        self.context: AbstractAsyncContextManager[World] = a_world(Path(self.folder.name))
        self.world = self.run(self.context.__aenter__())
        self.accounts = [self.world.account, self.run(self.world.another())]
        self.calls: list[tuple[Account, str]] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(asyncio.wait_for(work, 20))

    def pick(self, number: int) -> tuple[Account, str]:
        return self.calls[number % len(self.calls)]

    @rule(
        digit=st.integers(0, 9),
        told=st.lists(st.sampled_from(Kind), unique=True),
        number=NUMBERS,
        limit=st.integers(1, 30_000),
        detection=st.none() | st.sampled_from(Detection),
        several=st.integers(1, 3),
    )
    def place(
        self, digit: int, told: list[Kind], number: int, limit: int, detection: Detection | None, several: int
    ) -> None:
        account = self.accounts[number % 2]
        order = {
            "report_on": tuple(told),
            "limit_ms": limit,
            "detection": detection,
            "keys": "1" * (number % 3),
        }
        placed = self.run(self.world.calls(several, phone(digit), account, **order))
        self.calls += [(account, call) for call in placed]

    @precondition(lambda self: self.calls)
    @rule(number=NUMBERS, commands=st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=4))
    def tell(self, number: int, commands: list[Command]) -> None:
        account, call = self.pick(number)

        async def at_once() -> list[Any]:
            asked = (self.world.tell(call, each, account) for each in commands)
            return await asyncio.gather(*asked, return_exceptions=True)

        answers = self.run(at_once())
        assert all(isinstance(each, Illegal) or not isinstance(each, Exception) for each in answers)

    @rule(number=NUMBERS, seconds=st.sampled_from([0, 0.5, 1, 2, 3, 10, 31, 700]))
    def pass_time(self, number: int, seconds: float) -> None:
        progress = self.run(self.world.pass_time(seconds, self.accounts[number % 2]))
        assert progress.done
        assert progress.advanced_ms == seconds * 1000

    @rule(number=NUMBERS)
    def until_idle(self, number: int) -> None:
        progress = self.run(self.world.until_idle(self.accounts[number % 2]))
        assert (progress.done, progress.pending, progress.next_due) == (True, 0, None)

    @rule(answers=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=4))
    def change_mood(self, answers: list[Answer]) -> None:
        self.world.customer.mood = mood(answers)

    @precondition(lambda self: self.calls)
    @rule(number=NUMBERS)
    def replay(self, number: int) -> None:
        account, call = self.pick(number)
        letters = self.run(self.world.deliveries(call, account))
        if letters:
            self.run(self.world.engine.mailroom.replay(account.id, letters[number % len(letters)].id))

    @rule(number=st.integers(0, 8))
    def reset(self, number: int) -> None:
        if number == 0:
            self.run(self.world.engine.switchboard.reset(self.accounts[0].id))
            self.calls = [each for each in self.calls if each[0] is not self.accounts[0]]

    @rule(gently=st.booleans())
    def start_anew(self, gently: bool) -> None:  # noqa: FBT001 - drawn
        self.run(self.world.stop() if gently else self.world.die())
        self.run(self.world.start())

    @invariant()
    def everything_agrees(self) -> None:
        self.run(self.world.wire.read(self.check))

    def check(self, conn: Connection) -> None:
        live = []
        for account, call_id in self.calls:
            call = reads.call(conn, account.id, None, call_id)
            self.check_letters(conn, call)
            if call.status not in ENDED:
                live.append((call.id, *alarm(call)))
        jobs = conn.exec_driver_sql("SELECT id, due_at, awaited_at FROM jobs WHERE crew = 0")
        assert sorted(map(tuple, jobs)) == sorted(live)
        self.check_totals(conn)

    def check_letters(self, conn: Connection, call: Call) -> None:
        """Each told event has its letter, and of the open ones only the first has its turn."""
        told = [each.kind for each in reads.journal(conn, call.id) if each.kind in call.order.report_on]
        found = reads.letters(conn, call.account_id, reads.DeliveryQuery(call_id=call.id, size=500))[0]
        about = [(json.loads(row.body.partition("\n")[0]), row) for row in found[::-1]]
        lane = [(each, row) for each, row in about if each["sequence"] is not None]
        assert [each["event"] for each, _ in lane] == told
        assert [each["sequence"] for each, _ in lane] == list(range(len(told)))
        states = [row.state != 0 for _, row in lane]
        assert states == sorted(states, reverse=True)
        turns = [row.due_at is not None for _, row in lane if row.state == 0]
        assert turns == [True, *[False] * (len(turns) - 1)][: len(turns)]
        assert all((row.due_at is None, row.held_until) == (True, None) for _, row in about if row.state != 0)

    def check_totals(self, conn: Connection) -> None:
        counted = conn.exec_driver_sql(
            "SELECT account_id, face, direction, status, count(*) FROM calls GROUP BY 1, 2, 3, 4"
        )
        assert {tuple(row[:4]): row[4] for row in counted} == counters.totals(conn)
        for account in self.accounts:
            mine = [call for owner, call in self.calls if owner is account]
            assert reads.page(conn, account.id, CallQuery()).total == len(mine)
        moving = "SELECT count(*) FROM jobs WHERE run_at IS NOT NULL OR held_until IS NOT NULL"
        assert conn.exec_driver_sql(moving).scalar_one() == 0  # both clocks stand, and nothing is in hand

    @invariant()
    def pending_is_what_the_tables_say(self) -> None:
        for account in self.accounts:
            [(count, soonest)] = self.run(
                self.world.sql(
                    "SELECT count(*), min(awaited_at) FROM jobs WHERE account_id = :id AND state = 0"
                    " AND (awaited_at IS NOT NULL OR crew = 1)",
                    id=account.id,
                )
            )
            view = self.run(self.world.engine.timekeeper.clock(account.id))
            assert (view.pending, view.next_due) == (count, soonest)

    def teardown(self) -> None:
        try:
            self.world.customer.mood = lambda _: FINE
            for account in self.accounts:
                self.run(self.world.pass_time(3_600, account))
                assert "pending" not in self.run(self.world.states(account=account))
            for account, call in self.calls:
                assert self.run(self.world.look(call, account)).status in ENDED
        finally:
            self.run(self.context.__aexit__(None, None, None))
            self.runner.close()
            self.folder.cleanup()


def test_calls_events_letters_alarms_and_totals_always_agree(migrated_folder: Path) -> None:
    class Here(EngineMachine):
        def __init__(self) -> None:
            super().__init__(migrated_folder)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
