"""The only module that says how far a letter is after an attempt, by whichever rules it has."""

from __future__ import annotations

from telefonie.engine.decisions import Settle
from telefonie.engine.questions import judge_answer
from telefonie.engine.retry import Delivered, GiveUp, Retry, judge, judge_carried
from telefonie.store.jobs import State


def how_far(asked: Settle, tries: int, now: int) -> tuple[State, int | None]:
    """How far a letter is after an attempt, and when the next one is due."""
    if asked.carriage is not None:
        verdict = judge_carried(asked.carriage, tries, asked.receipt)
    elif asked.question is None:
        verdict = judge(asked.schedule, tries, asked.receipt)
    else:
        verdict = judge_answer(tries, asked.receipt)
    match verdict:
        case Delivered():
            return State.DELIVERED, None
        case GiveUp():
            return State.FAILED, None
        case Retry(after):
            return State.OPEN, now + round(after * 1000)
