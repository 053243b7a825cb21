"""The only module that says who may come in: whoever has a token of an application, before anything else is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request

from telefonie.core.limits import Kind
from telefonie.web import access, bearer
from telefonie.web.problems import Problem, ProblemKind

if TYPE_CHECKING:
    from telefonie.engine.applications import Known

CLAIM: Final = "application_id"  # by which a token says for whom it speaks
_KNOWN: Final = "known"
DOCUMENTS: Final = "/vonage"  # below it are the face's own
_OPEN: Final = frozenset(
    {"/calls/ping", *(f"{below}/{page}" for below in ("", DOCUMENTS) for page in ("openapi.json", "docs"))}
)


_TAKING: Final = frozenset({"PUT", "POST", "DELETE"})  # whoever does that needs a token even there
_MAKING: Final = frozenset({"/calls", "/calls/"})


async def guard(request: Request) -> None:
    """Turn away whoever has no token, whatever he asks for, but for what everybody may see."""
    root = request.scope.get("root_path", "")
    path = request.scope["path"].removeprefix(root)
    if path in _OPEN and request.method not in _TAKING:
        return
    known = await bearer.application_of(request, CLAIM)
    request.scope["state"][_KNOWN] = known
    making = request.method == "POST" and path in _MAKING
    await access.engine_of(request).limits.take(known.account, Kind.CREATION if making else Kind.REQUEST)
    if request.method == "PATCH":
        raise Problem(ProblemKind.FORBIDDEN, "no_patches", "The gateway lets no PATCH through.")


def known_of(request: Request) -> Known:
    """Whose token this is."""
    found: Known = request.scope["state"][_KNOWN]
    return found
