"""The only module that serves deliveries: what was sent, what was answered, and sending it again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.errors import Unknown
from telefonie.engine.mailroom import DeliveryQuery
from telefonie.simulator import delivery_wording
from telefonie.simulator.delivery_schemas import Delivery, DeliveryFilter, DeliveryList, DeliveryWithAttempts
from telefonie.web.access import caller, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.ids import as_id
from telefonie.web.openapi import operation
from telefonie.web.reading import query

router = APIRouter(route_class=Direct, tags=["Deliveries"])

_PATH = {"delivery_id": "The id of a delivery."}


def _delivery_id(request: Request) -> str:
    written = request.path_params["delivery_id"]
    delivery_id = as_id(written)
    if delivery_id is None:
        raise Unknown("delivery", written)
    return delivery_id


@router.get(
    "/deliveries",
    summary="List deliveries",
    responses={200: {"model": DeliveryList, "description": "Deliveries, newest first."}},
    openapi_extra=operation(query=DeliveryFilter),
)
async def list_deliveries(request: Request) -> Response:
    """Every letter to the account's customers, with how far it is."""
    who = await caller(request, Scope.SIMULATOR)
    wanted = query(request, DeliveryFilter)
    cut = (wanted.page, wanted.page_size)
    asked = DeliveryQuery(wanted.call_id, wanted.event, wanted.state, *cut, wanted.conference_id)
    found, total = await engine_of(request).mailroom.deliveries(who.account.id, asked)
    page = [delivery_wording.delivery(each) for each in found]
    return ok({"deliveries": page, "total": total, "page": wanted.page, "page_size": wanted.page_size})


@router.get(
    "/deliveries/{delivery_id}",
    summary="Read a delivery",
    responses={200: {"model": DeliveryWithAttempts, "description": "The letter and every attempt."}},
    openapi_extra=operation(path=_PATH),
)
async def read_delivery(request: Request) -> Response:
    """One letter with every attempt: what was sent, what was answered, how long it took."""
    who = await caller(request, Scope.SIMULATOR)
    found, attempts = await engine_of(request).mailroom.delivery(who.account.id, _delivery_id(request))
    return ok(delivery_wording.delivery_with_attempts(found, attempts))


@router.post(
    "/deliveries/{delivery_id}/replay",
    summary="Send a delivery again",
    status_code=201,
    responses={201: {"model": Delivery, "description": "A new delivery of the same event and body."}},
    openapi_extra=operation(path=_PATH),
)
async def replay(request: Request) -> Response:
    """The same letter once more, with the same event id, at once by the account's clock."""
    who = await caller(request, Scope.SIMULATOR)
    again = await engine_of(request).mailroom.replay(who.account.id, _delivery_id(request))
    return ok(delivery_wording.delivery(again), 201)
