"""The only module that looks documents over without a call."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.flow.commands import Lost
from telefonie.simulator import document_wording
from telefonie.simulator.document_schemas import Findings, Lint
from telefonie.web.access import caller, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.ids import new_id
from telefonie.web.openapi import operation
from telefonie.web.reading import body

router = APIRouter(route_class=Direct, tags=["Documents"])


@router.post(
    "/documents/lint",
    summary="Look a document over",
    responses={200: {"model": Findings, "description": "What a call would make of it."}},
    openapi_extra=operation(body=Lint, body_required=True),
)
async def lint(request: Request) -> Response:
    """Read a document as a call would, and tell every warning with its line and column; nothing is run."""
    who = await caller(request, Scope.SIMULATOR)
    given = await body(request, Lint)
    wish = given.value
    if wish.document is not None:
        kind = document_wording.content_type(wish.document, wish.content_type)
        raw = wish.document.encode()
        return ok(await asyncio.to_thread(document_wording.findings, kind, raw), headers=given.headers)
    enquiries = engine_of(request).enquiries
    found = await enquiries.document(who.account.id, wish.url or "", wish.method or "POST", new_id())
    if isinstance(found, Lost):
        return ok(document_wording.lost(found), headers=given.headers)
    told = await asyncio.to_thread(document_wording.findings, found.content_type, found.raw, found.url)
    return ok({**told, "url": found.url, "status": found.status}, headers=given.headers)
