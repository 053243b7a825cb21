"""The only module that words what this face refuses: a call's state in the words that its users know."""

from __future__ import annotations

from telefonie.core.call import Status
from telefonie.core.errors import Illegal
from telefonie.simulator.words import STATUS
from telefonie.web.problems import Problem, ProblemKind, problem_of


def explain(error: Exception) -> Problem:
    """The problem that stands behind whatever was raised."""
    if not isinstance(error, Illegal) or error.what != "call":
        return problem_of(error)
    message = f"The call is {STATUS[Status(error.state)]}; it cannot {error.wish}."
    return Problem(ProblemKind.CONFLICT, "call_not_active", message)
