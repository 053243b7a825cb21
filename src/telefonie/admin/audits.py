"""The only module that serves the audit trail to the operator."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.admin.accounts import PATH, account_id_of
from telefonie.admin.audit_schemas import AuditList, AuditPaging, worded
from telefonie.store.audits import AuditQuery
from telefonie.web.access import admin, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.openapi import operation
from telefonie.web.reading import query

router = APIRouter(route_class=Direct, tags=["Audit"])


@router.get(
    "/accounts/{account_id}/audit",
    summary="Read the audit trail",
    responses={200: {"model": AuditList, "description": "What was done, newest first."}},
    openapi_extra=operation(path=PATH, query=AuditPaging),
)
async def list_audit(request: Request) -> Response:
    """Who read, downloaded, held, exported, erased and deleted what of the account's."""
    await admin(request)
    wanted = query(request, AuditPaging)
    found, total = await engine_of(request).audit.page(
        account_id_of(request),
        AuditQuery(
            wanted.action,
            wanted.kind,
            wanted.subject,
            wanted.date_from,
            wanted.date_to,
            wanted.page,
            wanted.page_size,
        ),
    )
    return ok(
        {
            "entries": [worded(each) for each in found],
            "total": total,
            "page": wanted.page,
            "page_size": wanted.page_size,
        }
    )
