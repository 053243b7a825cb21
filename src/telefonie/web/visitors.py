"""The only module that says who may hear a recording: whoever has a key of its account, or an address signed by us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from telefonie.core.accounts import Scope
from telefonie.core.errors import Unknown
from telefonie.web import access, ids
from telefonie.web.links import EXPIRES, SIGNATURE, Links, Verdict
from telefonie.web.problems import Problem, ProblemKind

BY_ADDRESS: Final = "signature"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who wants to hear what; `actor` as the audit trail names him."""

    account_id: str
    recording_id: str
    actor: str


async def visitor(request: Request, face: str, ending: str) -> Visitor:
    """Whoever may come in. A signature that is sent has to be right, whatever key is sent with it."""
    given = request.path_params["recording_id"]
    query = request.query_params
    if EXPIRES in query or SIGNATURE in query:
        return await _by_address(request, face, ending)
    caller = await access.caller(request, Scope.VOICE)
    return Visitor(caller.account.id, _known(given), caller.key_id)


async def _by_address(request: Request, face: str, ending: str) -> Visitor:
    given, query = request.path_params["recording_id"], request.query_params
    links: Links = request.app.state.links
    expires, signature = query.get(EXPIRES, ""), query.get(SIGNATURE, "")
    if not links.genuine(given, ending, expires, signature):
        message = "This address was not signed here, or was changed since; read the recording for a new one."
        raise Problem(ProblemKind.FORBIDDEN, "signature_invalid", message)
    recording_id = _known(given)
    engine = access.engine_of(request)
    found = await engine.doorman.owner(recording_id)
    if found is None or found[0].face != face:
        raise Unknown("recording", given)
    account, now = found[0].account, found[1]
    access.remember(request, account=account.id)
    access.stay_in_region(engine.region, account)
    if links.check(given, ending, expires, signature, now) is not Verdict.GOOD:
        message = "This address has expired; read the recording for a new one."
        raise Problem(ProblemKind.FORBIDDEN, "signature_expired", message)
    return Visitor(account.id, recording_id, BY_ADDRESS)


def _known(given: str) -> str:
    recording_id = ids.as_id(given)
    if recording_id is None:
        raise Unknown("recording", given)
    return recording_id
