"""The only module that serves the one operation of this API's second version: a call whose id only its events tell."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.call import Call
from telefonie.dialects.vonage import answer_schemas, schemas
from telefonie.dialects.vonage.calls import OFTEN, place
from telefonie.engine.ports import Reply
from telefonie.web.answers import answer
from telefonie.web.face import Direct
from telefonie.web.openapi import operation

router: Final = APIRouter(tags=["Calls"], route_class=Direct)


def _taken(_call: Call, headers: tuple[tuple[str, str], ...]) -> Reply:
    return Reply(202, "{}", headers)


@router.post(
    "/calls",
    status_code=202,
    operation_id="createCallV2",
    summary="Create an outbound call",
    description="Call somebody; events tell which call it is.",
    response_model=answer_schemas.Nothing,
    openapi_extra=operation(body=schemas.CallCreation, body_required=True, extension=True, also=OFTEN),
)
async def create_call(request: Request) -> Response:
    """Place a call."""
    return answer(await place(request, _taken))


router.add_api_route("/calls/", create_call, methods=["POST"], include_in_schema=False)
