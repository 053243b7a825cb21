"""A list shows what a naive program would show: newest first, exact totals, every filter with every other."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product
from typing import Final

import pytest
from sqlalchemy import Connection

from telefonie.core.call import Call, Cause, Direction, Status
from telefonie.core.calls import Change, apply, place
from telefonie.core.commands import Answer, Cancel, Refusal, Refuse, Wake
from telefonie.core.errors import Unknown
from telefonie.core.phones import Heard
from telefonie.store import codec, counters, reads
from telefonie.store.connect import Store
from telefonie.store.jobs import LETTER, Crew, State
from telefonie.store.reads import CallQuery, DeliveryQuery, Standing
from tests.store.shelf import ANN, BOB, NOW, ORDER, name, new_call, open_account, put, rows, save

FACES: Final = ["plain", "other"]
COUNT: Final = 90


def story(number: int) -> Change:
    """A call of some kind; the number decides which."""
    order = {
        "direction": list(Direction)[number % 7 == 0],
        "caller": f"+319701028{number % 3}",
        "callee": ("+3225551234", "sip:o'brien@example.test", "client:ü")[number % 4 % 3],
    }
    account_id = BOB if number % 10 == 9 else ANN
    placed = new_call(number, account_id, FACES[number % 5 == 0], **order)
    moment = NOW + 1_000 * (number // 4)  # several at one moment
    placed = place(placed.call.id, account_id, placed.call.face, placed.call.order, moment)
    steps = [(), (Wake(),), (Wake(), Answer()), (Cancel(),), (Wake(), Refuse(Refusal.BUSY))][number % 11 % 5]
    change = placed
    for step in steps:
        after = apply(change.call, step, moment + 1_000)
        change = Change(after.call, (*change.events, *after.events))
    return change


def model(calls: list[Call], account_id: str, query: CallQuery) -> list[Call]:
    """The naive program. `calls` are in the order of their creation."""
    wanted = (query.face, query.status, query.direction, query.caller, query.callee)
    return [
        each
        for each in reversed(calls)
        if each.account_id == account_id
        and all(
            want in (None, has)
            for want, has in zip(
                wanted,
                (each.face, each.status, each.order.direction, each.order.caller, each.order.callee),
                strict=True,
            )
        )
        and (query.created_from is None or each.created_at >= query.created_from)
        and (query.created_to is None or each.created_at <= query.created_to)
    ]


async def fill(store: Store) -> list[Call]:
    for account_id in (ANN, BOB):
        await open_account(store, account_id)
    changes = [story(number) for number in range(COUNT)]
    for start in range(0, COUNT, 30):
        await save(store, *changes[start : start + 30])
    return [each.call for each in changes]


QUERIES: Final = [
    CallQuery(face, status, direction, caller, callee, since, until)
    for face, status, direction, (caller, callee), (since, until) in product(
        [None, "plain", "other", "absent"],
        [None, Status.QUEUED, Status.TALKING, Status.FAILED],
        [None, *Direction],
        [(None, None), ("+3197010281", None), (None, "sip:o'brien@example.test")],
        [(None, None), (NOW + 3_000, None), (None, NOW + 9_000), (NOW + 3_000, NOW + 3_000)],
    )
]


async def test_every_filter_with_every_other_shows_what_a_naive_program_would(store: Store) -> None:
    calls = await fill(store)

    def check(conn: Connection) -> None:
        for number, query in enumerate(QUERIES):
            account_id = BOB if number % 13 == 0 else ANN
            expected = model(calls, account_id, query)
            found = reads.page(conn, account_id, query)
            assert (found.calls, found.total) == (expected[:50], len(expected)), query

    await store.read(check)


APPLICATIONS: Final = (name(9, 1), name(9, 2), None)
CONVERSATIONS: Final = (name(10, 1), name(10, 2), "")
DECLINED: Final = Standing(Status.UNANSWERED, frozenset({Cause.DECLINED}))
NOT_DECLINED: Final = Standing(Status.UNANSWERED, frozenset({Cause.RING_TIMEOUT, Cause.UNREACHABLE, None}))
MACHINE: Final = Standing(Status.TALKING, heard=frozenset({Heard.MACHINE, Heard.FAX}))
NO_MACHINE: Final = Standing(Status.TALKING, heard=frozenset({Heard.HUMAN, None}))


def ending(number: int) -> Call:
    """A call of an application: ringing, talking with somebody or with a machine, declined or given up."""
    application, conversation = APPLICATIONS[number % 3], CONVERSATIONS[number // 2 % 3]
    order = new_call(number, application=application, conversation=conversation).call.order
    moment = NOW + 1_000 * number
    ringing = apply(place(name(2, number), ANN, "plain", order, moment).call, Wake(), moment + 1_000).call
    talking = apply(ringing, Answer(), moment + 1_000).call
    return (
        ringing,
        talking,
        replace(talking, heard=Heard.MACHINE),
        apply(ringing, Refuse(Refusal.DECLINED), moment + 1_000).call,
        replace(ringing, status=Status.UNANSWERED, cause=Cause.RING_TIMEOUT),
    )[number % 5]


def stands(call: Call, standing: Standing) -> bool:
    return (
        call.status is standing.status
        and (standing.causes is None or call.cause in standing.causes)
        and (standing.heard is None or call.heard in standing.heard)
    )


def belongs(call: Call, query: CallQuery) -> bool:
    """The naive program, once more."""
    answered = call.answered_at
    return (
        query.application in (None, call.order.application)
        and query.conversation in (None, call.order.conversation)
        and (query.standings is None or any(stands(call, each) for each in query.standings))
        and (query.answered_from is None or (answered is not None and answered >= query.answered_from))
        and (query.answered_to is None or (answered is not None and answered <= query.answered_to))
    )


def endings() -> list[CallQuery]:
    """Every filter with every other."""
    standings = (None, (), (DECLINED,), (NOT_DECLINED,), (MACHINE,), (NO_MACHINE, DECLINED))
    return [
        CallQuery(
            "plain",
            application=application,
            conversation=conversation,
            standings=standing,
            answered_from=since,
            answered_to=until,
            oldest_first=oldest,
            page=2 if oldest else 1,
            size=3,
        )
        for application, conversation, standing, since, until, oldest in product(
            (None, APPLICATIONS[0]),
            (None, CONVERSATIONS[1]),
            standings,
            (None, NOW + 6_000),
            (None, NOW + 16_000),
            (False, True),
        )
    ]


async def test_calls_of_an_application_are_found_by_how_they_stand(store: Store) -> None:
    await open_account(store)
    calls = [ending(number) for number in range(30)]
    await save(store, *(Change(each) for each in calls))

    def check(conn: Connection) -> None:
        for query in endings():
            expected = [each for each in calls if belongs(each, query)]
            shown = expected[3:6] if query.oldest_first else expected[::-1][:3]
            found = reads.page(conn, ANN, query)
            assert (found.calls, found.total) == (shown, len(expected)), query

    await store.read(check)


async def test_how_a_call_stands_is_kept_with_every_change(store: Store) -> None:
    """The columns by which lists find a call follow what is written of it."""
    await open_account(store)
    call = new_call(1, application=APPLICATIONS[0]).call
    await save(store, Change(call))
    ended = apply(apply(call, Wake(), NOW + 1_000).call, Refuse(Refusal.DECLINED), NOW + 1_000)
    await save(store, ended)
    query = "SELECT application_id, conversation, cause, heard FROM calls"
    assert await rows(store, query) == [(APPLICATIONS[0], None, "declined", None)]


async def test_the_legs_of_a_call_are_found_by_it(store: Store) -> None:
    for account_id in (ANN, BOB):
        await open_account(store, account_id)
    parent = new_call(1).call.id
    legs = [new_call(number, parent_id=parent) for number in (2, 3)]
    await save(store, new_call(1), *legs, new_call(4, parent_id=name(2, 9)), new_call(5))

    def check(conn: Connection) -> None:
        found = reads.page(conn, ANN, CallQuery(parent_id=parent))
        assert ([each.id for each in found.calls], found.total) == ([legs[1].call.id, legs[0].call.id], 2)
        assert [each.order.parent_id for each in found.calls] == [parent, parent]
        second = reads.page(conn, ANN, CallQuery(parent_id=parent, page=2, size=1))
        assert ([each.id for each in second.calls], second.total) == ([legs[0].call.id], 2)
        assert reads.page(conn, ANN, CallQuery(parent_id=parent, status=Status.RINGING)).total == 0
        assert reads.page(conn, BOB, CallQuery(parent_id=parent)).total == 0

    await store.read(check)


@pytest.mark.parametrize("size", [3, 7, 100])
@pytest.mark.parametrize(
    "query",
    [CallQuery(), CallQuery(status=Status.RINGING), CallQuery(face="plain"), CallQuery(caller="+3197010280")],
)
async def test_turning_pages_meets_every_call_once_and_then_an_empty_page(
    store: Store, size: int, query: CallQuery
) -> None:
    calls = await fill(store)
    expected = model(calls, ANN, query)

    def turn(conn: Connection) -> None:
        seen: list[Call] = []
        for number in range(1, len(expected) // size + 3):
            page = reads.page(
                conn,
                ANN,
                CallQuery(query.face, query.status, query.direction, query.caller, page=number, size=size),
            )
            assert page.total == len(expected)
            assert page.calls == expected[(number - 1) * size : number * size]
            seen += page.calls
        assert seen == expected

    await store.read(turn)


async def test_a_call_is_found_by_its_own_account_and_face_only(store: Store) -> None:
    await open_account(store, ANN)
    placed = new_call(1, ANN, "plain")
    await save(store, placed)
    for face in (None, "plain"):
        assert (
            await store.read(partial(reads.call, account_id=ANN, face=face, call_id=placed.call.id))
            == placed.call
        )
    for account_id, face, call_id in [
        (BOB, None, placed.call.id),
        (ANN, "other", placed.call.id),
        (ANN, None, name(2, 9)),
        (ANN, None, ""),
    ]:
        with pytest.raises(Unknown):
            await store.read(partial(reads.call, account_id=account_id, face=face, call_id=call_id))


async def test_a_journal_is_the_story_of_one_call_in_order(store: Store) -> None:
    await open_account(store, ANN)
    placed = new_call(1, ANN, keys="1")
    woken = apply(placed.call, Wake(), NOW + 60_000)
    await save(store, placed, new_call(2, ANN))
    await save(store, woken)
    assert await store.read(lambda conn: reads.journal(conn, placed.call.id)) == [
        *placed.events,
        *woken.events,
    ]


# -- deliveries --

EVENTS: Final = ["call.answered", "Call.Answered", "call.a", "call%", "call_answered", 'call"/x', "ü"]


def row(number: int) -> dict[str, object]:
    """A letter, as the engine packs it."""
    return {
        "id": f"letter{number}",
        "account_id": BOB if number % 9 == 8 else ANN,
        "crew": Crew.POSTMEN.value,
        "state": number % 5 % 3,
        "subject": name(2, number % 4),
        "due_at": None,
        "awaited_at": None,
        "run_at": None,
        "gate": "gate",
        "attempts": 0,
        "body": codec.dump({"event": EVENTS[number % len(EVENTS)], "event_id": EVENTS[0]}),
    }


async def test_deliveries_are_found_by_call_event_and_state_exactly(store: Store) -> None:
    letters = [row(number) for number in range(60)]
    await open_account(store, ANN)
    await save(store, new_call(1, ANN))  # its alarm is a job, too, but no delivery
    await store.write(lambda conn: LETTER.run(conn, letters))

    def check(conn: Connection) -> None:
        for call_id, event, state in product(
            [None, name(2, 1), "nobody"], [None, *EVENTS, "call", "call.answered%", ""], [None, *State]
        ):
            expected = [
                each["id"]
                for each in reversed(letters)
                if each["account_id"] == ANN
                and call_id in (None, each["subject"])
                and (event is None or codec.load(str(each["body"]))["event"] == event)
                and (state is None or each["state"] == state.value)
            ]
            for number, size in ((1, 50), (2, 4)):
                found, total = reads.letters(conn, ANN, DeliveryQuery(call_id, event, state, number, size))
                assert total == len(expected), (call_id, event, state)
                assert [each.id for each in found] == expected[(number - 1) * size : number * size]

    await store.read(check)


async def test_a_letter_is_found_by_its_own_account_only(store: Store) -> None:
    await open_account(store, ANN)
    await save(store, new_call(1, ANN))
    await store.write(lambda conn: LETTER.run(conn, [row(0)]))
    assert (await store.read(lambda conn: reads.letter(conn, ANN, "letter0"))).id == "letter0"
    for account_id, letter_id in [(BOB, "letter0"), (ANN, "letter1"), (ANN, name(2, 1))]:
        with pytest.raises(Unknown):
            await store.read(partial(reads.letter, account_id=account_id, letter_id=letter_id))


@pytest.mark.parametrize("skip", [0, 90])
async def test_a_list_costs_its_page_and_not_the_table(store: Store, skip: int) -> None:
    """By status and direction the plan walks the listing index; it never sorts or counts the calls."""
    await fill(store)

    def plan(conn: Connection) -> str:
        cells = [cell for cell in counters.totals(conn, ANN) if cell.status == "ringing"]
        prefix = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
        if prefix == "EXPLAIN":
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        text = reads._newest(cells, skip, 10, 100).compile(conn, compile_kwargs={"literal_binds": True})
        return "\n".join(str(tuple(each)) for each in conn.exec_driver_sql(f"{prefix} {text}"))

    assert "ix_calls_listing" in await store.read(plan)


async def test_unchanged_calls_are_not_written_again(store: Store) -> None:
    await open_account(store, ANN)
    placed = new_call(1, ANN)
    await save(store, placed)
    before = await rows(store, "SELECT * FROM calls")
    await store.write(lambda conn: put(conn, [Change(reads.call(conn, ANN, None, placed.call.id))]))
    assert await rows(store, "SELECT * FROM calls") == before
    assert ORDER.caller in before[0]
