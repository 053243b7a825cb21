"""The only module that serves accounts to the operator."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from telefonie.admin import wording
from telefonie.admin.schemas import DEFAULT_NAME, AccountChange, AccountList, MadeAccount, NewAccount
from telefonie.admin.schemas import Account as AccountShown
from telefonie.admin.settings_schemas import SettingsGiven
from telefonie.core.accounts import Scope, Settings
from telefonie.core.errors import Unfit, Unknown
from telefonie.engine.registry import ClockWish
from telefonie.web.access import admin, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.ids import as_id, new_key, new_secret
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging
from telefonie.web.reading import MOST_IGNORED, Body, body, query

router = APIRouter(route_class=Direct, tags=["Accounts"])

M = TypeVar("M", bound=BaseModel)

PATH = {"account_id": "The id of an account."}


def account_id_of(request: Request) -> str:
    """The account that a path names."""
    written = request.path_params["account_id"]
    account_id = as_id(written)
    if account_id is None:
        raise Unknown("account", written)
    return account_id


@router.post(
    "/accounts",
    summary="Make an account",
    status_code=201,
    responses={201: {"model": MadeAccount, "description": "The account, its first key and its secret."}},
    openapi_extra=operation(body=NewAccount, nulls=True, conflicts=True),
)
async def make_account(request: Request) -> Response:
    """A new tenant with a first key and a signing secret; both are shown here and never again."""
    await admin(request)
    given = await body(request, NewAccount, nulls=True)
    asked = given.value
    key, secret = new_key(), new_secret()
    hours = asked.clock
    clock = None if hours is None else ClockWish(hours.mode, hours.speed, hours.now)
    made = await engine_of(request).registry.create_account(
        asked.name, _settings(asked), clock, key, secret, frozenset(asked.scopes or Scope)
    )
    shown = {**wording.account(made), "api_key": key, "webhook_secret": secret}
    return ok(shown, 201, _headers(given, clock=asked.clock, **_parts(asked.settings)))


def _headers(given: Body[M], **parts: BaseModel | None) -> tuple[tuple[str, str], ...]:
    """What the answer says about unknown fields, those inside other fields named after them."""
    inner = [
        quote(f"{name}.{field}"[:64], safe="$@[]()", errors="replace")
        for name, part in parts.items()
        for field in (part and part.model_extra) or ()
    ]
    return Body(given.value, (*given.ignored, *inner)[:MOST_IGNORED]).headers


def _parts(settings: SettingsGiven | None) -> dict[str, BaseModel | None]:
    return {"settings": settings, "settings.retention": settings and settings.retention}


def _settings(asked: NewAccount) -> Settings:
    settings = Settings() if asked.settings is None else asked.settings.over(Settings())
    if asked.seed is None:
        return settings
    if settings.seed is not None:
        raise Unfit("seed", "must be given once: here or in settings")
    return replace(settings, seed=asked.seed)


@router.get(
    "/accounts",
    summary="List accounts",
    responses={200: {"model": AccountList, "description": "Accounts, newest first."}},
    openapi_extra=operation(query=Paging),
)
async def list_accounts(request: Request) -> Response:
    """All accounts of this server."""
    await admin(request)
    wanted = query(request, Paging)
    found, total = await engine_of(request).registry.accounts(wanted.page, wanted.page_size)
    page = [wording.account(each) for each in found]
    return ok({"accounts": page, "total": total, "page": wanted.page, "page_size": wanted.page_size})


@router.get(
    "/accounts/{account_id}",
    summary="Read an account",
    responses={200: {"model": AccountShown, "description": "The account."}},
    openapi_extra=operation(path=PATH),
)
async def read_account(request: Request) -> Response:
    """An account and how it is set."""
    await admin(request)
    return ok(wording.account(await engine_of(request).registry.account(account_id_of(request))))


@router.patch(
    "/accounts/{account_id}",
    summary="Change an account",
    responses={200: {"model": AccountShown, "description": "The account as it is now."}},
    openapi_extra=operation(path=PATH, body=AccountChange, nulls=True, conflicts=True),
)
async def change_account(request: Request) -> Response:
    """What is given takes the place of what is; null sets a field back to its default."""
    await admin(request)
    account_id = account_id_of(request)
    given = await body(request, AccountChange, nulls=True)
    asked = given.value
    registry = engine_of(request).registry
    present = await registry.account(account_id)
    name = (asked.name or DEFAULT_NAME) if "name" in asked.model_fields_set else None
    settings = present.settings
    if "settings" in asked.model_fields_set:
        settings = Settings() if asked.settings is None else asked.settings.over(present.settings)
    changed = await registry.change_account(account_id, name, settings)
    return ok(wording.account(changed), headers=_headers(given, **_parts(asked.settings)))


@router.delete(
    "/accounts/{account_id}",
    summary="Delete an account",
    status_code=204,
    response_description="The account and all that belonged to it are gone.",
    openapi_extra=operation(path=PATH),
)
async def delete_account(request: Request) -> Response:
    """The account with its keys, secrets, numbers, calls and deliveries. There is no way back."""
    await admin(request)
    await engine_of(request).registry.delete_account(account_id_of(request))
    return Response(status_code=204)
