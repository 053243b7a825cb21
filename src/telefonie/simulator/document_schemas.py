"""The only module that says how a document is handed in to be looked over, and what is told of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from telefonie.flow.content import Form
from telefonie.web.fields import Absent, Text, WebUrl


class Lint(BaseModel):
    """A document as it is, or where it is found: exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"document": "<Response><Say>Hello</Say></Response>"},
                {"url": "https://example.com/voice"},
            ],
            "oneOf": [{"required": ["document"]}, {"required": ["url"]}],
            "dependentRequired": {"content_type": ["document"], "method": ["url"]},
        }
    )

    document: str | Absent = Field(None, description="Its text; more than 64 KiB of it are not readable.")
    content_type: Annotated[Text, Field(min_length=1, max_length=255)] | Absent = Field(
        None, description="As its server would send it. When left out the text itself tells."
    )
    url: WebUrl | Absent = Field(None, description="Asked as a call would ask, but with no call in the body.")
    method: Literal["GET", "POST"] | Absent = Field(
        None, description="How `url` is asked; POST when left out."
    )

    @model_validator(mode="after")
    def _one(self) -> Lint:
        if (self.document is None) == (self.url is None):
            raise PydanticCustomError("one_of", "must say exactly one of document, url")
        if self.document is None and self.content_type is not None:
            raise PydanticCustomError("beside", "may have content_type only beside document")
        if self.url is None and self.method is not None:
            raise PydanticCustomError("beside", "may have method only beside url")
        return self


class Flaw(BaseModel):
    """Something that is not as it should be, and where; places count from 1."""

    code: int
    message: str
    line: int | Absent = None
    column: int | Absent = None


class Findings(BaseModel):
    """What a call would make of the document."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "readable": True,
                    "kind": "xml",
                    "verbs": ["Say", "Hangup"],
                    "warnings": [
                        {"code": 12200, "message": "<Say> has no voise", "line": 1, "column": 11},
                    ],
                }
            ]
        }
    )

    readable: bool = Field(description="Whether it can be run at all; the warnings do not keep it from that.")
    kind: Form | Absent = Field(None, description="What it is taken for; left out when nobody can tell.")
    verbs: list[str] = Field(description="The names of its instructions, in order; not those inside others.")
    warnings: list[Flaw]
    error: Flaw | Absent = Field(None, description="Why it cannot be run.")
    url: str | Absent = Field(None, description="Where it was found, after redirects.")
    status: int | Absent = Field(None, description="The HTTP status with which it came.")
