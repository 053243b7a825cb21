"""The only module that serves this API's calls: translate, ask the engine, translate back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.call import Call
from telefonie.core.errors import Illegal, Unknown
from telefonie.dialects.vonage import answer_schemas, control_schemas, numbers, schemas, wording
from telefonie.dialects.vonage.entrance import known_of
from telefonie.dialects.vonage.errors import STATE
from telefonie.dialects.vonage.wishes import command_of, order_of
from telefonie.dialects.vonage.wording import FACE
from telefonie.engine.ports import Reply, Wording
from telefonie.flow.commands import Command
from telefonie.store import reads
from telefonie.web import access, ids, reading
from telefonie.web.answers import answer, as_json, ok
from telefonie.web.face import Direct
from telefonie.web.links import Links
from telefonie.web.openapi import operation
from telefonie.web.problems import Problem, ProblemKind

if TYPE_CHECKING:
    from telefonie.engine.applications import Known

DAY_MS: Final = 86_400_000
OFTEN: Final = (ProblemKind.TOO_MANY_REQUESTS,)
STEERED: Final = (*OFTEN, ProblemKind.INVALID)  # so this API tells that a call is not under way
ONE: Final = {"uuid": "Identifier of the call."}

router: Final = APIRouter(tags=["Calls"], route_class=Direct)


async def ping(_request: Request) -> Response:
    """Somebody is there."""
    return ok({})


for _method in ("GET", "HEAD"):
    router.add_api_route(
        "/calls/ping",
        ping,
        methods=[_method],
        operation_id=f"ping{_method.title()}",
        summary="Ping",
        description="Whether the service is there; no token is needed.",
        openapi_extra={"security": [], "x-extension": True},
    )


@router.post(
    "/calls",
    status_code=201,
    operation_id="createCall",
    summary="Create an outbound call",
    description="Call somebody.",
    response_model=answer_schemas.Placed,
    openapi_extra=operation(body=schemas.CallCreation, body_required=True, also=OFTEN),
)
async def create_call(request: Request) -> Response:
    """Place a call."""
    return answer(await place(request, _placed))


@router.get(
    "/calls",
    operation_id="getCalls",
    summary="Get details of your calls",
    description="The application's calls, a page at a time.",
    response_model=answer_schemas.CallPage,
    openapi_extra=operation(query=schemas.CallQuery, also=OFTEN),
)
async def get_calls(request: Request) -> Response:
    """A page of calls."""
    known = known_of(request)
    wish = reading.query(request, schemas.CallQuery)
    engine = access.engine_of(request)
    gone = await engine.doorman.now(known.account.id) - known.application.calls_days * DAY_MS
    found = await engine.switchboard.calls(known.account.id, _query(known, wish, gone))
    root = root_of(request)
    calls = [wording.call_json(call) for call in found.calls]
    return ok(
        {
            "count": found.total,
            "page_size": wish.page_size,
            "record_index": wish.record_index,
            "_links": _links(wish, found.total, f"{root}/calls", dict(request.query_params)),
            "_embedded": {"calls": calls},
        }
    )


@router.get(
    "/calls/{uuid}",
    operation_id="getCall",
    summary="Get detail of a specific call",
    description="One call as it stands.",
    response_model=answer_schemas.Call,
    openapi_extra=operation(path=ONE, also=OFTEN),
)
async def get_call(request: Request) -> Response:
    """Show a call."""
    return ok(wording.call_json(await one(request)))


@router.put(
    "/calls/{uuid}",
    status_code=204,
    operation_id="updateCall",
    summary="Modify an in progress call",
    description="Hang up, mute, deafen a call, or send it on.",
    openapi_extra=operation(path=ONE, body=control_schemas.Modification, body_required=True, also=OFTEN),
)
async def update_call(request: Request) -> Response:
    """Change what becomes of a call."""
    call = await one(request)
    body = await reading.body(request, control_schemas.Modification)
    return await tell(request, call, command_of(body.value), wording.gone_reply, body)


def _again(path: str) -> None:
    """Some clients write a slash behind the collection."""
    for method, handler in (("POST", create_call), ("GET", get_calls)):
        router.add_api_route(path, handler, methods=[method], include_in_schema=False)


_again("/calls/")


# -- what the other routes need, too --


def root_of(request: Request) -> str:
    """The address of this face, as whoever asks reaches it."""
    links: Links = request.app.state.links
    return f"{links.at(request).base}{request.scope.get('root_path', '')}"


async def one(request: Request) -> Call:
    """The call that a path names: one of the token's application, with its id as it is spelled here."""
    known = known_of(request)
    given = request.path_params["uuid"]
    call_id = wording.id_of(given)
    if call_id is None:
        raise Unknown("call", given)
    access.remember(request, call=call_id)
    call = await access.engine_of(request).switchboard.call(known.account.id, FACE, call_id)
    if wording.uuid_of(call) != given or call.order.application != known.application.id:
        raise Unknown("call", given)
    if call.ended_at is not None:
        now = await access.engine_of(request).doorman.now(known.account.id)
        if now >= call.ended_at + known.application.calls_days * DAY_MS:
            raise Unknown("call", given)
    return call


async def tell(
    request: Request, call: Call, command: Command, word: Wording, body: reading.Body[Any] | None = None
) -> Response:
    """Tell a call something. One that is over is not found any more; what else its state forbids is a bad request."""
    known, ignored = known_of(request), () if body is None else body.ignored
    await _require_settled(request, call)
    switchboard = access.engine_of(request).switchboard
    try:
        reply = await switchboard.tell(known.account.id, FACE, call.id, command, word, ignored)
    except Illegal as error:
        if wording.is_over(error.state):
            raise Unknown("call", wording.uuid_of(call)) from error
        raise
    return answer(replace(reply, headers=(*reply.headers, *(body.headers if body else ()))))


async def _require_settled(request: Request, call: Call) -> None:
    """Where the account wants it so, a call that was just made cannot be changed yet."""
    settling = known_of(request).account.settings.settling_ms
    if not settling:
        return
    now = await access.engine_of(request).doorman.now(call.account_id)
    if now < call.created_at + settling:
        raise Problem(ProblemKind.INVALID, STATE, "The call was made just now; it cannot be changed yet.")


async def place(request: Request, word: Any) -> Reply:
    """Place the call that the body describes."""
    known = known_of(request)
    body = await reading.body(request, schemas.CallCreation)
    engine = access.engine_of(request)
    caller = body.value.from_ or await numbers.first_of(engine, known)
    call_id = ids.new_id()
    order = order_of(known, body.value, caller, body.ignored)
    access.remember(request, call=call_id)
    return await engine.switchboard.place(
        known.account, FACE, order, call_id, lambda call: word(call, body.headers), None
    )


def _placed(call: Call, headers: tuple[tuple[str, str], ...]) -> Reply:
    return Reply(201, as_json(wording.placed_json(call)), headers)


# -- lists --


def _query(known: Known, wish: schemas.CallQuery, gone: int) -> reads.CallQuery:
    return reads.CallQuery(
        face=FACE,
        application=known.application.id,
        conversation=wish.conversation_uuid,
        standings=None if wish.status is None else wording.STANDINGS[wish.status],
        answered_from=wish.date_start,
        answered_to=wish.date_end,
        page=wish.record_index + 1,
        size=wish.page_size,
        oldest_first=wish.order == "asc",
        ended_after=gone,
    )


def _links(wish: schemas.CallQuery, total: int, url: str, given: dict[str, str]) -> dict[str, Any]:
    """Pages by their numbers. The first has none, and all repeat what else was asked for."""
    here, last = wish.record_index, max(0, -(-total // wish.page_size) - 1)
    others = {name: value for name, value in given.items() if name != "record_index"}
    others = {"page_size": str(wish.page_size)} | others

    def page(number: int | None) -> dict[str, str]:
        query = others if number is None else others | {"record_index": str(number)}
        return {"href": f"{url}?{urlencode(query)}"}

    links = {"self": page(here), "first": page(None), "last": page(last)}
    if here < last:
        links["next"] = page(here + 1)
    if here > 0:
        links["prev"] = page(min(here - 1, last))
    return links
