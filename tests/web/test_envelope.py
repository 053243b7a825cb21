"""Which number and name an error gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from telefonie.web.envelope import OURS, Codes, Error, envelope
from telefonie.web.problems import Detail, Problem, ProblemKind, Reason, invalid

CODES = Codes(
    kinds=OURS.kinds,
    slugs={"call_not_active": 21220},
    fields={
        ("to", Reason.MISSING): (21201, "to_missing"),
        ("from", Reason.NOT_ALLOWED): (21210, "not_owned"),
    },
)


def rendered(problem: Problem) -> dict[str, Any]:
    response = envelope(CODES)(problem, "r1")
    content: dict[str, Any] = json.loads(bytes(response.body))
    assert content["status"] == response.status_code == problem.status
    return content


def test_every_kind_of_problem_has_a_code() -> None:
    assert set(OURS.kinds) == set(ProblemKind)
    assert len(set(OURS.kinds.values())) == len(ProblemKind)


@pytest.mark.parametrize(
    ("problem", "code", "name"),
    [
        (Problem(ProblemKind.CONFLICT, "call_not_active", "m"), 21220, "call_not_active"),
        (Problem(ProblemKind.CONFLICT, "other", "m"), 20409, "other"),
        (invalid(Detail("to", "is required", Reason.MISSING)), 21201, "to_missing"),
        (invalid(Detail("to", "is odd"), Detail("to", "x", Reason.MISSING)), 20001, "invalid_request"),
        (invalid(Detail("from", "x", Reason.NOT_ALLOWED)), 21210, "not_owned"),
        (invalid(Detail("from.part", "x", Reason.NOT_ALLOWED)), 21210, "not_owned"),
    ],
)
def test_the_first_detail_then_the_name_then_the_kind_gives_the_code(
    problem: Problem, code: int, name: str
) -> None:
    content = rendered(problem)
    assert (content["code"], content["error"]) == (code, name)


def test_the_documented_model_is_what_is_sent() -> None:
    content = rendered(invalid(Detail("a", "b"), Detail("c", "d")))
    assert Error.model_validate(content).model_dump() == content
    assert "details" not in rendered(Problem(ProblemKind.NOT_FOUND, "gone", "m"))


def test_whatever_a_client_sent_can_be_told_back() -> None:
    odd = "\ud800\x00é\r\n"
    assert rendered(invalid(Detail(odd, odd)))["details"] == [{"field": odd, "issue": odd}]
