"""The only module that says what a transcript of a recording holds on this API."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

_ID: Final[dict[str, Any]] = {"format": "uuid"}
_EXAMPLE: Final[dict[str, Any]] = {
    "recording_id": "0190b1c2-0000-7000-8000-000000000001",
    "call_id": "0190b1c2-0000-7000-8000-000000000002",
    "entries": [
        {
            "speaker": "far_end",
            "call_id": "0190b1c2-0000-7000-8000-000000000002",
            "channel": 1,
            "text": "Goedemorgen",
            "language": "nl-NL",
            "start_ms": 120,
            "end_ms": 1020,
            "cut": False,
            "words": [{"text": "Goedemorgen", "start_ms": 120, "end_ms": 1020}],
        }
    ],
    "total": 1,
}


class TranscriptQuery(BaseModel):
    """How to tell it."""

    format: Literal["json", "text", "vtt"] = Field(
        "json",
        description="As JSON, as lines of text, or as WebVTT; times count from where the sound begins.",
    )


class Word(BaseModel):
    """One word."""

    text: str = Field(description="As it was written.")
    start_ms: int = Field(ge=0, description="When it begins, in the recording.")
    end_ms: int = Field(ge=0, description="When it ends.")


class Sentence(BaseModel):
    """Something that is heard."""

    speaker: Literal["platform", "far_end", "other"] = Field(
        description="Who says it: a document of yours, the far end, or somebody who is connected with it."
    )
    call_id: str = Field(description="On whose call it was said.", json_schema_extra=_ID)
    channel: int = Field(ge=1, le=2, description="On which channel it is heard.")
    text: str = Field(description="The words that are heard.")
    language: str = Field(description="In which language.")
    start_ms: int = Field(ge=0, description="When it begins, in the recording.")
    end_ms: int = Field(ge=0, description="When it ends.")
    cut: bool = Field(description="Whether more was to be said.")
    words: list[Word] = Field(description="Word by word.")


class Transcript(BaseModel):
    """Who says what in a recording, from when to when: nothing in it is guessed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    recording_id: str = Field(description="The recording.", json_schema_extra=_ID)
    call_id: str = Field(description="The call that was recorded.", json_schema_extra=_ID)
    entries: list[Sentence] = Field(description="In the order of their beginnings.")
    total: int = Field(ge=0, description="How many there are.")
