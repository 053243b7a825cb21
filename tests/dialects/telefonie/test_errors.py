"""What a state forbids is told in this API's own words and numbers."""

from __future__ import annotations

import pytest

from telefonie.core.call import Status
from telefonie.core.errors import Illegal, Unknown
from telefonie.core.room import Status as RoomStatus
from telefonie.dialects.telefonie.errors import CODES, explain
from telefonie.web.problems import ProblemKind


@pytest.mark.parametrize(
    ("status", "wish", "slug", "message"),
    [
        (Status.UNANSWERED, "be hung up", "call_not_active", "The call is no-answer; it cannot be hung up."),
        (Status.COMPLETED, "be redirected", "call_not_active", "completed; it cannot be redirected"),
        (Status.TALKING, "be canceled", "call_already_answered", "in-progress; it cannot be canceled"),
        (Status.RINGING, "be redirected", "call_not_answered", "ringing; it cannot be redirected"),
        (Status.QUEUED, "be redirected", "call_not_answered", "queued; it cannot be redirected"),
    ],
)
def test_a_conflict_names_the_status_as_this_api_does(
    status: Status, wish: str, slug: str, message: str
) -> None:
    problem = explain(Illegal("call", status, wish))
    assert (problem.kind, problem.slug) == (ProblemKind.CONFLICT, slug)
    assert message in problem.message
    assert CODES.slugs[problem.slug] == 21220


@pytest.mark.parametrize(
    ("status", "said"),
    [(RoomStatus.ENDED, "is completed; it cannot take anybody in."), (RoomStatus.WAITING, "is init; it")],
)
def test_a_conflict_names_the_status_of_a_conference_as_this_api_does(status: RoomStatus, said: str) -> None:
    problem = explain(Illegal("conference", status, "take anybody in"))
    assert (problem.kind, problem.slug) == (ProblemKind.CONFLICT, "conference_not_active")
    assert said in problem.message


def test_a_full_conference_and_a_label_in_use_have_numbers_of_their_own() -> None:
    assert (CODES.slugs["conference_full"], CODES.slugs["label_in_use"]) == (16020, 16025)


def test_everything_else_is_told_as_everywhere() -> None:
    assert explain(Unknown("call", "x")).slug == "call_not_found"
    assert explain(Illegal("clock", "realtime", "be advanced")).slug == "clock_not_active"
