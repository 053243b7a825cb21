"""The only module that says what a transcript holds."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from telefonie.core.transcripts import Speaker
from telefonie.simulator.clock_schemas import Time
from telefonie.web.fields import Absent


class Format(StrEnum):
    """How a transcript is told."""

    JSON = "json"
    TEXT = "text"
    VTT = "vtt"


class TranscriptQuery(BaseModel):
    """How to tell it."""

    format: Format = Field(
        Format.JSON,
        description="As JSON, as lines of text, or as WebVTT, whose times count from the creation.",
    )


class Line(BaseModel):
    """Something that was said."""

    speaker: Speaker = Field(description="`other`: somebody on a call that this one is connected with.")
    call_id: str | Absent = Field(None, description="other: on which call.")
    text: str = Field(description="The words that were really spoken.")
    language: str
    start_ms: int = Field(description="Since the call was created.")
    end_ms: int
    at: Time
    confidence: float | Absent = Field(None, description="far_end: how sure a recogniser is of it.")
    cut: bool = Field(description="Whether it was cut short, by barge-in or the end of the call.")


class Transcript(BaseModel):
    """Who said what, from when to when."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "call_id": "7a1f2f30-6f0c-4f6e-8d6e-2f8f0a4c9a11",
                    "created_at": "2030-01-01T09:00:00.000Z",
                    "entries": [
                        {
                            "speaker": "far_end",
                            "text": "Hello?",
                            "language": "en-US",
                            "start_ms": 3000,
                            "end_ms": 3650,
                            "at": "2030-01-01T09:00:03.000Z",
                            "confidence": 0.9,
                            "cut": False,
                        }
                    ],
                    "total": 1,
                }
            ]
        }
    )

    call_id: str
    created_at: Time
    entries: list[Line]
    total: int
