"""The only module that serves SIP trunks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.errors import Unknown
from telefonie.core.trunks import Trunk, secret
from telefonie.dialects.telefoon import trunk_schemas as schemas
from telefonie.web import access, ids, reading
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.fields import iso
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging

if TYPE_CHECKING:
    from telefonie.engine.registry import Caller

router: Final = APIRouter(tags=["Trunks"], route_class=Direct)
_ONE: Final = {"trunk_id": "Identifier of the trunk."}


def trunk_json(trunk: Trunk) -> dict[str, Any]:
    """A trunk as this API shows it, never with its password."""
    shown: dict[str, Any] = {
        "id": trunk.id,
        "domain": trunk.domain,
        "friendly_name": trunk.friendly_name,
        "allowed_addresses": list(trunk.allowed),
        "status": "active" if trunk.active else "disabled",
        "created_at": iso(trunk.created_at),
    }
    return shown | ({"credentials": {"username": trunk.username}} if trunk.username else {})


def over(trunk: Trunk, given: schemas.TrunkCreation | schemas.TrunkChange) -> Trunk:
    """A trunk with what was given in the place of what is; null stands for the default."""
    named = given.model_fields_set
    if "friendly_name" in named:
        trunk = replace(trunk, friendly_name=given.friendly_name or "")
    if "allowed_addresses" in named:
        trunk = replace(trunk, allowed=tuple(dict.fromkeys(given.allowed_addresses or ())))
    if "status" in named:
        trunk = replace(trunk, active=given.status != "disabled")
    if "credentials" not in named:
        return trunk
    if given.credentials is None:
        return replace(trunk, username="", secret="")
    name, password = given.credentials.username, given.credentials.password
    return replace(trunk, username=name, secret=secret(trunk.domain, name, password))


@router.get(
    "/trunks",
    operation_id="listTrunks",
    summary="List Trunks",
    description="The account's SIP trunks, newest first.",
    response_model=schemas.TrunkList,
    openapi_extra=operation(query=Paging, extension=True),
)
async def list_trunks(request: Request) -> Response:
    """A page of trunks."""
    caller = await access.caller(request, Scope.VOICE)
    wish = reading.query(request, Paging)
    found, total = await access.engine_of(request).trunks.page(caller.account.id, wish.page, wish.page_size)
    shown = [trunk_json(each) for each in found]
    return ok({"trunks": shown, "total": total, "page": wish.page, "page_size": wish.page_size})


@router.post(
    "/trunks",
    status_code=201,
    operation_id="createTrunk",
    summary="Create Trunk",
    description="Set up a SIP trunk to a domain.",
    response_model=schemas.Trunk,
    openapi_extra=operation(body=schemas.TrunkCreation, body_required=True, conflicts=True, extension=True),
)
async def create_trunk(request: Request) -> Response:
    """Set a trunk up."""
    caller = await access.caller(request, Scope.VOICE)
    body = await reading.body(request, schemas.TrunkCreation)
    blank = Trunk(ids.new_id(), caller.account.id, body.value.domain)
    made = await access.engine_of(request).trunks.add(over(blank, body.value))
    return ok(trunk_json(made), 201, body.headers)


@router.get(
    "/trunks/{trunk_id}",
    operation_id="getTrunk",
    summary="Get Trunk",
    description="One SIP trunk.",
    response_model=schemas.Trunk,
    openapi_extra=operation(path=_ONE, extension=True),
)
async def get_trunk(request: Request) -> Response:
    """Show a trunk."""
    caller, trunk_id = await _of_one(request)
    return ok(trunk_json(await access.engine_of(request).trunks.trunk(caller.account.id, trunk_id)))


@router.patch(
    "/trunks/{trunk_id}",
    operation_id="changeTrunk",
    summary="Change Trunk",
    description="Other particulars of a trunk; its domain stays. Calls under way go on.",
    response_model=schemas.Trunk,
    openapi_extra=operation(path=_ONE, body=schemas.TrunkChange, nulls=True, extension=True),
)
async def change_trunk(request: Request) -> Response:
    """Change a trunk."""
    caller, trunk_id = await _of_one(request)
    body = await reading.body(request, schemas.TrunkChange, nulls=True)
    doors = access.engine_of(request).trunks
    changed = await doors.change(caller.account.id, trunk_id, lambda present: over(present, body.value))
    return ok(trunk_json(changed), headers=body.headers)


@router.delete(
    "/trunks/{trunk_id}",
    status_code=204,
    operation_id="deleteTrunk",
    summary="Delete Trunk",
    description="Give a trunk up; its domain is free again. Calls under way go on.",
    openapi_extra=operation(path=_ONE, extension=True),
)
async def delete_trunk(request: Request) -> Response:
    """Give a trunk up."""
    caller, trunk_id = await _of_one(request)
    await access.engine_of(request).trunks.remove(caller.account.id, trunk_id)
    return Response(status_code=204)


async def _of_one(request: Request) -> tuple[Caller, str]:
    """Who asks, and for which trunk."""
    caller = await access.caller(request, Scope.VOICE)
    given = request.path_params["trunk_id"]
    trunk_id = ids.as_id(given)
    if trunk_id is None:
        raise Unknown("trunk", given)
    return caller, trunk_id
