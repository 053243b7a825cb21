"""The only module that lets somebody call the account's numbers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Account, Scope
from telefonie.core.call import Direction, Order
from telefonie.core.trunks import Trunk
from telefonie.engine.ports import Reply
from telefonie.simulator import call_wording
from telefonie.simulator.call_schemas import Call
from telefonie.simulator.inbound_schemas import WITHHELD, InboundCall
from telefonie.simulator.scripts import plain
from telefonie.web.access import caller, engine_of, remember
from telefonie.web.answers import answer, as_json
from telefonie.web.face import Direct
from telefonie.web.ids import new_id
from telefonie.web.once import once
from telefonie.web.openapi import operation
from telefonie.web.reading import body

router = APIRouter(route_class=Direct, tags=["Calls"])


@router.post(
    "/inbound-calls",
    status_code=201,
    summary="Let somebody call",
    responses={201: {"model": Call, "description": "The call as it comes in."}},
    openapi_extra=operation(body=InboundCall, body_required=True, once=True),
)
async def call_in(request: Request) -> Response:
    """A call to one of the account's numbers, whose record decides the document, the API and the callback.

    The caller lets it ring for a minute. A number without `voice_url` rings until then, or until `act`
    answers. Metadata may carry the caller's script as a JSON text under the name `telefonie.script`;
    `script` goes before it.

    A SIP address as `to` is reached through the trunk of its domain, and the number is its user; `trunk` names
    another one. Through a trunk that is disabled, or from an address that it does not allow, nobody comes in.
    """
    who = await caller(request, Scope.SIMULATOR)
    given = await body(request, InboundCall)
    wish = given.value
    call_id = new_id()
    remember(request, call=call_id)
    trunk = await engine_of(request).trunks.admit(
        who.account.id, wish.trunk, wish.from_, wish.to, wish.source_address
    )
    withheld = wish.caller_id == "withheld"
    reply = await engine_of(request).switchboard.arrive(
        who.account,
        _order(who.account, wish, trunk, given.ignored),
        call_id,
        lambda call: Reply(201, as_json(call_wording.call(call)), given.headers),
        await once(request),
        script=None if wish.script is None else plain(wish.script),
        caller=wish.from_ if withheld else "",
    )
    return answer(reply)


def _order(account: Account, wish: InboundCall, trunk: Trunk | None, ignored: tuple[str, ...]) -> Order:
    """What is known before the number's record is."""
    return Order(
        Direction.INBOUND,
        WITHHELD if wish.caller_id == "withheld" else wish.from_,
        wish.to,
        rate="0",
        currency=account.settings.currency or "USD",
        language=wish.language,
        metadata=wish.metadata,
        trunk=None if trunk is None else trunk.id,
        headers=wish.headers,
        ignored=ignored,
    )
