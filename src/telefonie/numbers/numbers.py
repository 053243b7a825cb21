"""The only module that serves the number inventory."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Number, Scope
from telefonie.core.addresses import canonical
from telefonie.core.errors import Unknown
from telefonie.numbers import wording
from telefonie.numbers.schemas import Number as NumberShown
from telefonie.numbers.schemas import NumberList, Shapes
from telefonie.web.access import caller, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Face
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging
from telefonie.web.reading import body, query

_PATH = {"number": "A number in international form, with or without its plus."}


def _shapes(request: Request) -> Shapes:
    found: Shapes = request.app.state.shapes
    return found


def _number(request: Request) -> str:
    """The number that a path names, as it stands in the inventory."""
    written = request.path_params["number"]
    digits = canonical(written)
    if digits is None or not digits.isdigit():
        raise Unknown("number", written)
    return f"+{digits}"


async def list_numbers(request: Request) -> Response:
    """The account's numbers."""
    who = await caller(request, Scope.VOICE)
    wanted = query(request, Paging)
    registry = engine_of(request).registry
    found, total = await registry.numbers(who.account.id, wanted.page, wanted.page_size)
    page = [wording.worded(each) for each in found]
    return ok({"numbers": page, "total": total, "page": wanted.page, "page_size": wanted.page_size})


async def add_number(request: Request) -> Response:
    """A number for the inventory: any that could exist, for nobody is rung at it."""
    who = await caller(request, Scope.VOICE)
    shapes = _shapes(request)
    given = await body(request, shapes.new)
    blank = Number(who.account.id, given.value.number, face=shapes.dialects[0])
    made = await engine_of(request).registry.add_number(wording.over(blank, given.value, blank))
    return ok(wording.worded(made), 201, given.headers)


async def read_number(request: Request) -> Response:
    """One number, and what a call to it runs."""
    who = await caller(request, Scope.VOICE)
    found = await engine_of(request).registry.number(who.account.id, _number(request))
    return ok(wording.worded(found))


async def change_number(request: Request) -> Response:
    """What is given takes the place of what is; null sets a field back to its default."""
    who = await caller(request, Scope.VOICE)
    shapes = _shapes(request)
    name = _number(request)
    given = await body(request, shapes.change, nulls=True)
    registry = engine_of(request).registry
    present = await registry.number(who.account.id, name)
    blank = Number(who.account.id, name, face=shapes.dialects[0])
    changed = await registry.change_number(wording.over(present, given.value, blank))
    return ok(wording.worded(changed), headers=given.headers)


async def remove_number(request: Request) -> Response:
    """Give a number back. Calls under way go on."""
    who = await caller(request, Scope.VOICE)
    await engine_of(request).registry.remove_number(who.account.id, _number(request))
    return Response(status_code=204)


def add_routes(face: Face, shapes: Shapes) -> None:
    """Put the inventory's routes on a face."""
    shown = {"model": NumberShown, "description": "The number."}
    face.add_api_route(
        "/numbers",
        list_numbers,
        methods=["GET"],
        summary="List numbers",
        responses={200: {"model": NumberList, "description": "The account's numbers, newest first."}},
        openapi_extra=operation(query=Paging),
    )
    face.add_api_route(
        "/numbers",
        add_number,
        methods=["POST"],
        summary="Add a number",
        status_code=201,
        responses={201: shown},
        openapi_extra=operation(body=shapes.new, body_required=True, conflicts=True),
    )
    face.add_api_route(
        "/numbers/{number}",
        read_number,
        methods=["GET"],
        summary="Read a number",
        responses={200: shown},
        openapi_extra=operation(path=_PATH),
    )
    face.add_api_route(
        "/numbers/{number}",
        change_number,
        methods=["PATCH"],
        summary="Change a number",
        responses={200: shown},
        openapi_extra=operation(path=_PATH, body=shapes.change, nulls=True),
    )
    face.add_api_route(
        "/numbers/{number}",
        remove_number,
        methods=["DELETE"],
        summary="Remove a number",
        status_code=204,
        response_description="The number is not in the inventory any more.",
        openapi_extra=operation(path=_PATH),
    )
