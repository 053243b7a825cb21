"""The only module that serves starting over."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.web.access import caller, engine_of
from telefonie.web.face import Direct
from telefonie.web.openapi import operation

router = APIRouter(route_class=Direct, tags=["Reset"])


@router.post(
    "/reset",
    summary="Start over",
    status_code=204,
    response_description="The account is as if it were new.",
    openapi_extra=operation(),
)
async def reset(request: Request) -> Response:
    """Forget the account's calls, phones and deliveries, and set its clock as it was first."""
    who = await caller(request, Scope.SIMULATOR)
    await engine_of(request).switchboard.reset(who.account.id)
    return Response(status_code=204)
