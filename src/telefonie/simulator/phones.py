"""The only module that serves simulated phones: how the far end at a number behaves."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core import phones as rules
from telefonie.core.accounts import Scope
from telefonie.core.addresses import canonical
from telefonie.core.errors import Unfit, Unknown
from telefonie.simulator import phone_wording
from telefonie.simulator.phone_schemas import Phone, PhoneCharacter, PhoneList
from telefonie.web.access import caller, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging
from telefonie.web.reading import body, query

router = APIRouter(route_class=Direct, tags=["Phones"])

_PATH = {
    "number": "A number in international form, its plus optional, or a `sip:`, `client:` or `app:` address."
}
_SPELLING = "must be a number in international form, like +31201234567, or a sip:, client: or app: address"


def _known(request: Request) -> str:
    """The phone that a path names; under an impossible name there is none."""
    written = request.path_params["number"]
    name = canonical(written)
    if name is None:
        raise Unknown("phone", written)
    return name


@router.get(
    "/phones",
    summary="List phones",
    responses={
        200: {"model": PhoneList, "description": "The phones that were given a character, by number."}
    },
    openapi_extra=operation(query=Paging),
)
async def list_phones(request: Request) -> Response:
    """Only what was set by `PUT`: reserved numbers behave as they do without being listed."""
    who = await caller(request, Scope.SIMULATOR)
    wanted = query(request, Paging)
    found = await engine_of(request).registry.phones(who.account.id)
    first = (wanted.page - 1) * wanted.page_size
    page = [
        phone_wording.phone(number, each, custom=True)
        for number, each in found[first : first + wanted.page_size]
    ]
    return ok({"phones": page, "total": len(found), "page": wanted.page, "page_size": wanted.page_size})


@router.get(
    "/phones/{number}",
    summary="Read a phone",
    responses={200: {"model": Phone, "description": "How the far end at this number behaves."}},
    openapi_extra=operation(path=_PATH),
)
async def read_phone(request: Request) -> Response:
    """A phone that was set up, or a reserved number. Every other number is an ordinary human, and a 404."""
    who = await caller(request, Scope.SIMULATOR)
    name = _known(request)
    custom = await engine_of(request).registry.phone(who.account.id, name)
    found = custom or rules.reserved(name)
    if found is None:
        raise Unknown("phone", phone_wording.spelled(name))
    return ok(phone_wording.phone(name, found, custom=custom is not None))


@router.put(
    "/phones/{number}",
    summary="Set up a phone",
    responses={
        200: {"model": Phone, "description": "It behaves like this from now on."},
        201: {"model": Phone, "description": "The same, for a number that was not set up before."},
    },
    openapi_extra=operation(path=_PATH, body=PhoneCharacter, conflicts=True),
)
async def set_phone(request: Request) -> Response:
    """The whole character: what is left out is as with an ordinary human. Calls under way keep theirs."""
    who = await caller(request, Scope.SIMULATOR)
    name = canonical(request.path_params["number"])
    if name is None:
        raise Unfit("number", _SPELLING)
    given = await body(request, PhoneCharacter)
    phone = given.value.behaviour()
    new = await engine_of(request).registry.put_phone(who.account.id, name, phone)
    return ok(phone_wording.phone(name, phone, custom=True), 201 if new else 200, given.headers)


@router.delete(
    "/phones/{number}",
    summary="Forget a phone",
    status_code=204,
    response_description="It behaves as if it had never been set up.",
    openapi_extra=operation(path=_PATH),
)
async def forget_phone(request: Request) -> Response:
    """Take its character away: a reserved number gets its own back, any other is an ordinary human again."""
    who = await caller(request, Scope.SIMULATOR)
    await engine_of(request).registry.remove_phone(who.account.id, _known(request))
    return Response(status_code=204)
