"""The only module that says who may do what: keys in, callers out."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from starlette.requests import Request

from telefonie.core.accounts import Scope
from telefonie.core.limits import Kind
from telefonie.web.gate import REQUEST_ID
from telefonie.web.problems import Problem, ProblemKind
from telefonie.web.reading import header

if TYPE_CHECKING:
    from telefonie.core.accounts import Account
    from telefonie.engine.house import Engine
    from telefonie.engine.registry import Caller

_LONGEST_KEY: Final = 512
_READING: Final = frozenset({"GET", "HEAD"})


def engine_of(request: Request) -> Engine:
    """The engine behind the face that serves this request."""
    engine: Engine = request.app.state.engine
    return engine


async def caller(request: Request, scope: Scope, *, calls: bool = False) -> Caller:
    """Who asks, if its key may do this: keys with `scope` may, and for reading also those with `read`.

    Where it is about calls, the account's limits are kept, too. `calls`: a call is about to be made.
    """
    key = header(request, b"x-api-key")
    if not key:
        raise _unauthorized("missing_key", "Send your API key in the header X-API-Key.", "X-API-Key")
    found = await engine_of(request).registry.authenticate(key) if len(key) <= _LONGEST_KEY else None
    if found is None:
        raise _unauthorized("unknown_key", "The API key in X-API-Key is unknown or revoked.", "X-API-Key")
    remember(request, account=found.account.id)
    stay_in_region(engine_of(request).region, found.account)
    if scope in found.scopes or (request.method in _READING and Scope.READ in found.scopes):
        if scope is Scope.VOICE:
            kind = Kind.CREATION if calls else Kind.REQUEST
            await engine_of(request).limits.take(found.account, kind)
        return found
    message = f"This key lacks the scope `{scope}` that is needed here."
    raise Problem(ProblemKind.FORBIDDEN, "missing_scope", message)


def stay_in_region(here: str, account: Account) -> None:
    """Turn away whoever belongs to an account that is kept in another region."""
    pinned = account.settings.region
    if pinned is not None and pinned != here:
        message = (
            f"This account is kept in the region `{pinned}`, and this server is in `{here}`. Send the request to a "
            f"server in `{pinned}`, or have the operator change the account's `region`."
        )
        raise Problem(ProblemKind.FORBIDDEN, "wrong_region", message)


async def admin(request: Request) -> None:
    """Let only the operator pass: the app's state holds the SHA-256 of its key in hexadecimal."""
    key = header(request, b"x-admin-key")
    if not key:
        raise _unauthorized("missing_key", "Send the admin key in the header X-Admin-Key.", "X-Admin-Key")
    given = hashlib.sha256(key.encode()).hexdigest()
    if not hmac.compare_digest(given, request.app.state.admin_key_hash):
        raise _unauthorized("unknown_key", "The key in X-Admin-Key is not the admin key.", "X-Admin-Key")


def remember(request: Request, *, account: str | None = None, call: str | None = None) -> None:
    """Note whose request this is and which call it is about, for the logs."""
    state = request.scope.setdefault("state", {})
    if account is not None:
        state["account_id"] = account
    if call is not None:
        state["call_id"] = call


def request_id_of(request: Request) -> str:
    """The id under which this request stands in the logs."""
    found: str = request.scope.get("state", {}).get(REQUEST_ID, "")
    return found


def _unauthorized(slug: str, message: str, where: str) -> Problem:
    challenge = ("WWW-Authenticate", f'ApiKey realm="telefonie", header="{where}"')
    return Problem(ProblemKind.UNAUTHORIZED, slug, message, headers=[challenge])
