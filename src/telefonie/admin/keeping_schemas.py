"""The only module that says how holds, erasures and the compliance archive look on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from telefonie.web.fields import Absent, ClockTime, Dialable, Flag, Text

Id = Annotated[Text, Field(min_length=1, max_length=100)]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

_ID: Final = "9d0c1b7e-1f8a-4b57-8f5e-5a7d2d3c4b1a"
_WHEN: Final = "2030-01-01T09:00:00.000Z"
_SUM: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_UNTIL: Final = "Until when it is kept, by the account's clock, in place of the account's rule."
_HELD: Final = "Whether it is on legal hold: then nothing removes it, nor its call with its journal."
_KEPT: Final[dict[str, Any]] = {
    "id": _ID,
    "call_id": _ID,
    "status": "completed",
    "began_at": _WHEN,
    "retain_until": _WHEN,
    "legal_hold": True,
}
_ERASURE: Final[dict[str, Any]] = {
    "id": _ID,
    "erased_at": _WHEN,
    "counts": {"calls": 2, "events": 31, "deliveries": 8, "recordings": 1},
    "retained": [{"recording_id": _ID, "reason": "legal_hold"}],
    "digest": f"scrypt$16384$8$1${_SUM}",
}
_ARCHIVED: Final[dict[str, Any]] = {
    "sequence": 1,
    "recording_id": _ID,
    "archived_at": _WHEN,
    "files": {"recording.wav": {"sha256": _SUM, "size": 96_044}},
    "previous": "0" * 64,
    "hash": _SUM,
}


class KeepingChange(BaseModel):
    """What shall be different; null for `retain_until`: as the account keeps them. What is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"legal_hold": True}]})

    retain_until: ClockTime | None = Field(None, description=_UNTIL)
    legal_hold: Flag | None = Field(None, description=f"{_HELD} Null: it is not.")


class KeptRecording(BaseModel):
    """How long a recording is kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [_KEPT]})

    id: str
    call_id: str
    status: str = Field(description="`running`, `paused`, `completed` or `failed`.")
    began_at: Time
    ended_at: Time | Absent = None
    retain_until: Time | Absent = Field(None, description=_UNTIL)
    legal_hold: bool = Field(description=_HELD)


class NewErasure(BaseModel):
    """Whose traces shall go."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": "+31612345678"}]})

    number: Annotated[Dialable, WithJsonSchema({"type": "string", "pattern": r"^\+[1-9]\d{7,14}$"})] = Field(
        description="The number, in E.164; at least eight digits."
    )


class Reason(StrEnum):
    """Why something was not erased."""

    LEGAL_HOLD = "legal_hold"
    ARCHIVE = "archive"


class Retained(BaseModel):
    """A recording that was not erased."""

    recording_id: str
    reason: Reason


class Erasure(BaseModel):
    """The receipt of an erasure. The number itself does not stand in it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ERASURE]})

    id: str
    erased_at: Time = Field(description="When, by the clock on the wall.")
    counts: dict[str, int] = Field(description="How much of each kind was erased.")
    retained: list[Retained] = Field(description="What had to stay, and why.")
    digest: str = Field(
        description="scrypt of the number in E.164, salted with this receipt's `id`: whoever knows the number can "
        "prove that it was this one."
    )


class ErasureList(BaseModel):
    """Receipts, newest first."""

    erasures: list[Erasure]
    total: int
    page: int
    page_size: int


class NewArchived(BaseModel):
    """What shall be exported."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"recording_id": _ID}]})

    recording_id: Id = Field(description="A recording that is completed.")


class ArchivedFile(BaseModel):
    """One file of an entry."""

    sha256: Hash
    size: int


class Archived(BaseModel):
    """An entry of the compliance archive."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ARCHIVED]})

    sequence: int = Field(description="From 1, without gaps.")
    recording_id: str
    archived_at: Time = Field(description="When, by the clock on the wall.")
    files: dict[str, ArchivedFile]
    previous: Hash = Field(description="The hash of the entry before; zeros for the first one.")
    hash: Hash = Field(description="The hash of this entry, which covers all of the above.")


class ArchivedList(BaseModel):
    """Entries, newest first."""

    entries: list[Archived]
    total: int
    page: int
    page_size: int
