"""The only module that keeps letters in their lanes: of one call's letters only the first open one is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from telefonie.store import jobs

RunAt = Callable[[str, int], int | None]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter to be sent after every earlier one of its call."""

    id: str
    previous: str | None  # the letter before it in the lane
    account_id: str
    call_id: str
    gate: str
    body: str
    due_at: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What an attempt at a letter came to. `due_at` None: it is finished, and the `next` one's turn."""

    id: str
    next: str | None
    account_id: str
    attempts: int
    state: jobs.State
    due_at: int | None
    at: int
    receipt: str
    awaited: bool = True  # whether anybody waits for the next attempt


def write(conn: Connection, run_at: RunAt, letters: Sequence[Outgoing], settled: Sequence[Settled]) -> None:
    """New letters, outcomes of attempts, and whose turn it is then. The calls' locks guard their lanes."""
    finished = {each.id for each in settled if each.due_at is None}
    created = {each.id for each in letters}
    before = [each.previous for each in letters if each.previous and each.previous not in created]
    blocking = created | (jobs.still_open(conn, before) - finished if before else set())
    jobs.LETTER.run(conn, [_letter_row(each, run_at, blocked=each.previous in blocking) for each in letters])
    jobs.SETTLE.run(conn, [_settled_row(each, run_at) for each in settled])
    turns = [each for each in settled if each.due_at is None and each.next and each.next not in created]
    jobs.PROMOTE.run(
        conn,
        [
            {"b_id": each.next, "b_due_at": each.at, "b_run_at": run_at(each.account_id, each.at)}
            for each in turns
        ],
    )
    jobs.ATTEMPT.run(
        conn,
        [
            {"job_id": each.id, "ordinal": each.attempts, "at": each.at, "receipt": each.receipt}
            for each in settled
        ],
    )


def _letter_row(letter: Outgoing, run_at: RunAt, *, blocked: bool) -> dict[str, Any]:
    due = None if blocked else letter.due_at
    return {
        "id": letter.id,
        "account_id": letter.account_id,
        "crew": jobs.Crew.POSTMEN.value,
        "state": jobs.State.OPEN.value,
        "subject": letter.call_id,
        "due_at": due,
        "awaited_at": due,
        "run_at": None if due is None else run_at(letter.account_id, due),
        "gate": letter.gate,
        "attempts": 0,
        "body": letter.body,
    }


def _settled_row(settled: Settled, run_at: RunAt) -> dict[str, Any]:
    due = settled.due_at
    return {
        "b_id": settled.id,
        "b_state": settled.state.value,
        "b_due_at": due,
        "b_awaited_at": due if settled.awaited else None,
        "b_run_at": None if due is None else run_at(settled.account_id, due),
        "b_attempts": settled.attempts,
    }
