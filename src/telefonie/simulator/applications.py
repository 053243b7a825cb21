"""The only module that serves applications: their hooks, their keys and their secrets."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.core.applications import Application as Rules
from telefonie.core.errors import Unknown
from telefonie.engine import keypairs
from telefonie.engine.keypairs import Pair
from telefonie.engine.once import REPLAYED
from telefonie.engine.ports import Reply
from telefonie.simulator import application_wording as wording
from telefonie.simulator.application_schemas import (
    Application,
    ApplicationChange,
    ApplicationList,
    KeyRotation,
    NewApplication,
)
from telefonie.web.access import caller, engine_of
from telefonie.web.answers import answer, as_json, ok
from telefonie.web.face import Direct
from telefonie.web.ids import as_id, new_id, new_signature_secret
from telefonie.web.once import once
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging
from telefonie.web.reading import body, query

router = APIRouter(route_class=Direct, tags=["Applications"])

_PATH = {"application_id": "The id of an application."}


@router.get(
    "/applications",
    summary="List applications",
    responses={200: {"model": ApplicationList, "description": "The account's applications, newest first."}},
    openapi_extra=operation(query=Paging),
)
async def list_applications(request: Request) -> Response:
    """The account's applications; a reset leaves them."""
    who = await caller(request, Scope.SIMULATOR)
    wanted = query(request, Paging)
    found, total = await engine_of(request).applications.page(who.account.id, wanted.page, wanted.page_size)
    page = [wording.application(each) for each in found]
    return ok({"applications": page, "total": total, "page": wanted.page, "page_size": wanted.page_size})


@router.post(
    "/applications",
    summary="Make an application",
    status_code=201,
    responses={201: {"model": Application, "description": "The application, with what is shown only here."}},
    openapi_extra=operation(body=NewApplication, body_required=True, once=True),
)
async def make_application(request: Request) -> Response:
    """A new application. Its private key, unless a public one was given, is shown here and never again.

    Whoever asks again under the same Idempotency-Key gets the same answer, but for the private key: it is not kept.
    """
    who = await caller(request, Scope.SIMULATOR)
    given = await body(request, NewApplication)
    pair = await _pair(given.value.public_key)
    blank = Rules(new_id(), who.account.id, given.value.name, pair.public)
    reply = await engine_of(request).applications.add(
        wording.over(blank, given.value),
        lambda made: Reply(201, as_json(wording.application(made, fresh=True)), given.headers),
        await once(request),
    )
    if REPLAYED in reply.headers:
        return answer(reply)
    return ok(_with_key(json.loads(reply.body), pair), 201, reply.headers)


@router.get(
    "/applications/{application_id}",
    summary="Read an application",
    responses={200: {"model": Application, "description": "The application, its secret masked."}},
    openapi_extra=operation(path=_PATH),
)
async def read_application(request: Request) -> Response:
    """An application and how it is set."""
    who = await caller(request, Scope.SIMULATOR)
    found = await engine_of(request).applications.one(who.account.id, _named(request))
    return ok(wording.application(found))


@router.patch(
    "/applications/{application_id}",
    summary="Change an application",
    responses={200: {"model": Application, "description": "The application as it is now."}},
    openapi_extra=operation(path=_PATH, body=ApplicationChange, nulls=True),
)
async def change_application(request: Request) -> Response:
    """What is given takes the place of what is; null sets a field back to its default. Calls under way keep theirs."""
    who = await caller(request, Scope.SIMULATOR)
    application_id = _named(request)
    given = await body(request, ApplicationChange, nulls=True)
    changed = await engine_of(request).applications.change(
        who.account.id, application_id, lambda present: wording.over(present, given.value)
    )
    fresh = "signature_secret" in given.value.model_fields_set
    return ok(wording.application(changed, fresh=fresh), headers=given.headers)


@router.post(
    "/applications/{application_id}/rotate",
    summary="Rotate the key",
    responses={200: {"model": Application, "description": "The application, with what is shown only here."}},
    openapi_extra=operation(path=_PATH, body=KeyRotation),
)
async def rotate_key(request: Request) -> Response:
    """Another key: a fresh pair, or the public key given. Tokens of the old one stop at once, or after the overlap."""
    who = await caller(request, Scope.SIMULATOR)
    application_id = _named(request)
    doors = engine_of(request).applications
    given = await body(request, KeyRotation)
    wish = given.value
    await doors.one(who.account.id, application_id)  # before the work of making a pair
    pair = await _pair(wish.public_key)
    secret = new_signature_secret() if wish.signature_secret else None
    turned = await doors.rotate(who.account.id, application_id, pair.public, wish.overlap_seconds, secret)
    return ok(
        _with_key(wording.application(turned, fresh=wish.signature_secret), pair), headers=given.headers
    )


@router.delete(
    "/applications/{application_id}",
    summary="Delete an application",
    status_code=204,
    response_description="Its tokens open nothing any more.",
    openapi_extra=operation(path=_PATH, conflicts=True),
)
async def delete_application(request: Request) -> Response:
    """Give an application up, once no number belongs to it. Calls under way go on."""
    who = await caller(request, Scope.SIMULATOR)
    await engine_of(request).applications.remove(who.account.id, _named(request))
    return Response(status_code=204)


def _named(request: Request) -> str:
    written = request.path_params["application_id"]
    found = as_id(written)
    if found is None:
        raise Unknown("application", written)
    return found


async def _pair(given: str | None) -> Pair:
    """The public key that was given, in its one spelling, or a fresh pair."""
    if given is not None:
        return Pair("", keypairs.spelled(keypairs.public_key(given)))
    return await asyncio.to_thread(keypairs.pair)


def _with_key(shown: dict[str, Any], pair: Pair) -> dict[str, Any]:
    made = {"private_key": pair.private} if pair.private else {}
    return shown | {"keys": shown["keys"] | made}
