"""The only module by which the operator exports recordings into the compliance archive."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.admin import keeping_wording as wording
from telefonie.admin.accounts import PATH, account_id_of
from telefonie.admin.keeping_schemas import Archived, ArchivedList, NewArchived
from telefonie.admin.recordings import recording_id_of
from telefonie.engine.media import Unkept, Unrenderable
from telefonie.web.access import admin, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging
from telefonie.web.problems import Problem, ProblemKind
from telefonie.web.reading import body, query

AGAIN_SECONDS: Final = "5"

router = APIRouter(route_class=Direct, tags=["Archive"])


@router.post(
    "/accounts/{account_id}/archive",
    summary="Archive a recording",
    status_code=201,
    responses={
        200: {"model": Archived, "description": "It had been archived before; this is its entry."},
        201: {"model": Archived, "description": "The new entry."},
    },
    openapi_extra=operation(path=PATH, body=NewArchived, body_required=True, conflicts=True),
)
async def archive(request: Request) -> Response:
    """The recording, its transcript and what is known of it are written once, and chained to the entry before."""
    await admin(request)
    account_id = account_id_of(request)
    given = await body(request, NewArchived)
    recording_id = recording_id_of(given.value.recording_id)
    try:
        entry, fresh = await engine_of(request).archive.export(account_id, recording_id)
    except Unrenderable as error:
        message = f"The recording cannot be rendered: {error}"
        raise Problem(ProblemKind.CONFLICT, "recording_failed", message) from error
    except Unkept as error:
        message = "The place where media are kept cannot be reached at the moment; try again soon."
        again = [("Retry-After", AGAIN_SECONDS)]
        raise Problem(ProblemKind.OVERLOADED, "media_unavailable", message, headers=again) from error
    return ok(wording.archived(entry.link), 201 if fresh else 200, given.headers)


@router.get(
    "/accounts/{account_id}/archive",
    summary="List the archive",
    responses={200: {"model": ArchivedList, "description": "Entries, newest first."}},
    openapi_extra=operation(path=PATH, query=Paging),
)
async def list_archive(request: Request) -> Response:
    """What was archived. `telefonie archive verify` checks that nothing was changed since."""
    await admin(request)
    wanted = query(request, Paging)
    found, total = await engine_of(request).archive.page(
        account_id_of(request), wanted.page, wanted.page_size
    )
    shown = [wording.archived(each.link) for each in found]
    return ok({"entries": shown, "total": total, "page": wanted.page, "page_size": wanted.page_size})
