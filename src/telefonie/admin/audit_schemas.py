"""The only module that says how the audit trail looks on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from telefonie.store.audits import Entry
from telefonie.web.fields import Absent, FromInstant, Text, ToInstant, iso
from telefonie.web.paging import Paging

Word = Annotated[Text, Field(min_length=1, max_length=64)]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]

_ENTRY: Final[dict[str, Any]] = {
    "at": "2030-01-01T09:00:00.000Z",
    "wall_at": "2026-03-02T10:11:12.131Z",
    "actor": "3f2b8c52-6a57-4c0e-9f0b-0a6c3e1f7d21",
    "action": "download",
    "kind": "recording",
    "subject": "9d0c1b7e-1f8a-4b57-8f5e-5a7d2d3c4b1a",
    "data": {"form": "wav"},
}


class AuditPaging(Paging):
    """Which entries of the trail."""

    action: Word | Absent = Field(None, description="What was done, such as `read`, `download`, `delete`.")
    kind: Word | Absent = Field(None, description="To what kind of thing, such as `recording`.")
    subject: Word | Absent = Field(None, description="To which one: its id.")
    date_from: FromInstant | Absent = Field(None, description="Not before this moment of the account's time.")
    date_to: ToInstant | Absent = Field(None, description="Not after this moment of the account's time.")


class AuditEntry(BaseModel):
    """Something that somebody did."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    at: Time = Field(description="When, by the account's clock.")
    wall_at: Time = Field(description="When, by the clock on the wall.")
    actor: str = Field(
        description="Who: the id of an API key, or `admin`, `signature` (whoever had a signed address), `retention`."
    )
    action: str = Field(description="What was done.")
    kind: str = Field(description="To what kind of thing.")
    subject: str = Field(description="To which one: its id.")
    data: dict[str, Any] = Field(description="Particulars.")


class AuditList(BaseModel):
    """The trail, newest first."""

    entries: list[AuditEntry]
    total: int
    page: int
    page_size: int


def worded(entry: Entry) -> dict[str, object]:
    """An entry on the wire."""
    note = entry.note
    return {
        "at": iso(entry.at),
        "wall_at": iso(entry.wall),
        "actor": note.actor,
        "action": note.action,
        "kind": note.kind,
        "subject": note.subject,
        "data": dict(note.data),
    }
