"""The only module by which the operator has a number erased, and reads the receipts."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.admin import keeping_wording as wording
from telefonie.admin.accounts import PATH, account_id_of
from telefonie.admin.keeping_schemas import Erasure, ErasureList, NewErasure
from telefonie.core.errors import Unknown
from telefonie.web.access import admin, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.ids import as_id, new_id
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging
from telefonie.web.reading import body, query

router = APIRouter(route_class=Direct, tags=["Erasures"])


@router.post(
    "/accounts/{account_id}/erasures",
    summary="Erase a number",
    status_code=201,
    responses={201: {"model": Erasure, "description": "The receipt. Nothing of the number is left."}},
    openapi_extra=operation(path=PATH, body=NewErasure, body_required=True, conflicts=True),
)
async def erase(request: Request) -> Response:
    """All calls with the number go, with everything about them, and so does whatever else names it."""
    await admin(request)
    account_id = account_id_of(request)
    given = await body(request, NewErasure)
    engine = engine_of(request)
    await engine.registry.account(account_id)
    receipt = await engine.erasure.erase(account_id, given.value.number, new_id())
    return ok(wording.erasure(receipt), 201, given.headers)


@router.get(
    "/accounts/{account_id}/erasures",
    summary="List erasures",
    responses={200: {"model": ErasureList, "description": "Receipts, newest first."}},
    openapi_extra=operation(path=PATH, query=Paging),
)
async def list_erasures(request: Request) -> Response:
    """The receipts of all erasures."""
    await admin(request)
    wanted = query(request, Paging)
    found, total = await engine_of(request).erasure.page(
        account_id_of(request), wanted.page, wanted.page_size
    )
    shown = [wording.erasure(each) for each in found]
    return ok({"erasures": shown, "total": total, "page": wanted.page, "page_size": wanted.page_size})


@router.get(
    "/accounts/{account_id}/erasures/{erasure_id}",
    summary="Read an erasure",
    responses={200: {"model": Erasure, "description": "The receipt."}},
    openapi_extra=operation(path={**PATH, "erasure_id": "The id of an erasure."}),
)
async def read_erasure(request: Request) -> Response:
    """The receipt of one erasure."""
    await admin(request)
    account_id, written = account_id_of(request), request.path_params["erasure_id"]
    erasure_id = as_id(written)
    if erasure_id is None:
        raise Unknown("erasure", written)
    return ok(wording.erasure(await engine_of(request).erasure.one(account_id, erasure_id)))
