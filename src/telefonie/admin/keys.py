"""The only module that serves an account's keys and secrets to the operator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.admin import wording
from telefonie.admin.accounts import PATH, account_id_of
from telefonie.admin.schemas import (
    KeyList,
    MadeKey,
    MadeSecret,
    NewKey,
    Rotation,
    SecretList,
)
from telefonie.core.accounts import Scope
from telefonie.core.errors import Unknown
from telefonie.web.access import admin, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.ids import as_id, new_key, new_secret
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging
from telefonie.web.reading import body, query

router = APIRouter(route_class=Direct)

T = TypeVar("T")


@router.post(
    "/accounts/{account_id}/keys",
    tags=["Keys"],
    summary="Make a key",
    status_code=201,
    responses={201: {"model": MadeKey, "description": "The key, shown here and never again."}},
    openapi_extra=operation(path=PATH, body=NewKey),
)
async def make_key(request: Request) -> Response:
    """Another key for the account."""
    await admin(request)
    account_id = account_id_of(request)
    given = await body(request, NewKey)
    key = new_key()
    made = await engine_of(request).registry.add_key(
        account_id, given.value.name, frozenset(given.value.scopes or Scope), key
    )
    return ok({**wording.key(made), "key": key}, 201, given.headers)


@router.get(
    "/accounts/{account_id}/keys",
    tags=["Keys"],
    summary="List keys",
    responses={200: {"model": KeyList, "description": "The account's keys, newest first."}},
    openapi_extra=operation(path=PATH, query=Paging),
)
async def list_keys(request: Request) -> Response:
    """All keys of the account, revoked ones too; none of them can be read again."""
    await admin(request)
    wanted = query(request, Paging)
    found = await engine_of(request).registry.keys(account_id_of(request))
    newest_first = found[::-1]
    return ok({"keys": [wording.key(each) for each in _cut(newest_first, wanted)], **_told(found, wanted)})


@router.delete(
    "/accounts/{account_id}/keys/{key_id}",
    tags=["Keys"],
    summary="Revoke a key",
    status_code=204,
    response_description="The key does not work any more.",
    openapi_extra=operation(path={**PATH, "key_id": "The id of a key."}),
)
async def revoke_key(request: Request) -> Response:
    """Within seconds no server knows the key any more."""
    await admin(request)
    account_id = account_id_of(request)
    written = request.path_params["key_id"]
    key_id = as_id(written)
    if key_id is None:
        raise Unknown("key", written)
    await engine_of(request).registry.revoke_key(account_id, key_id)
    return Response(status_code=204)


@router.get(
    "/accounts/{account_id}/secrets",
    tags=["Secrets"],
    summary="List secrets",
    responses={200: {"model": SecretList, "description": "The account's secrets, newest first."}},
    openapi_extra=operation(path=PATH, query=Paging),
)
async def list_secrets(request: Request) -> Response:
    """All signing secrets of the account, masked, retired ones too."""
    await admin(request)
    wanted = query(request, Paging)
    found = await engine_of(request).registry.secrets(account_id_of(request))
    return ok({"secrets": [wording.secret(each) for each in _cut(found, wanted)], **_told(found, wanted)})


@router.post(
    "/accounts/{account_id}/secrets/rotate",
    tags=["Secrets"],
    summary="Rotate the secret",
    status_code=201,
    responses={201: {"model": MadeSecret, "description": "The new secret, shown here and never again."}},
    openapi_extra=operation(path=PATH, body=Rotation),
)
async def rotate_secret(request: Request) -> Response:
    """A new signing secret; for the overlap every event carries signatures by both."""
    await admin(request)
    account_id = account_id_of(request)
    given = await body(request, Rotation)
    secret = new_secret()
    made = await engine_of(request).registry.rotate_secret(account_id, secret, given.value.overlap_seconds)
    return ok({**wording.secret(made), "secret": secret}, 201, given.headers)


def _cut(found: Sequence[T], wanted: Paging) -> Sequence[T]:
    first = (wanted.page - 1) * wanted.page_size
    return found[first : first + wanted.page_size]


def _told(found: Sequence[object], wanted: Paging) -> dict[str, object]:
    return {"total": len(found), "page": wanted.page, "page_size": wanted.page_size}
