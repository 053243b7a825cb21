"""The only module that says which fields this API shows."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from telefonie.web.fields import Absent

StatusWord: TypeAlias = Literal[
    "started",
    "ringing",
    "answered",
    "machine",
    "completed",
    "busy",
    "cancelled",
    "failed",
    "rejected",
    "timeout",
    "unanswered",
]
DirectionWord: TypeAlias = Literal["outbound", "inbound"]
_LIVE: Final = "Only once the call is completed."


class Href(BaseModel):
    """A link."""

    href: str


class SelfLink(BaseModel):
    """Where it is found."""

    self: Href


class PageLinks(SelfLink):
    """Where the other pages are found."""

    first: Href
    last: Href
    next: Href | Absent = Field(None, description="Not on the last page.")
    prev: Href | Absent = Field(None, description="Not on the first page.")


class Party(BaseModel):
    """Who called, or was called."""

    model_config = ConfigDict(extra="allow")

    type: Literal["phone", "sip", "websocket", "vbc"]
    number: str | Absent = None
    uri: str | Absent = None
    extension: str | Absent = None


class Placed(BaseModel):
    """A call that was just made."""

    uuid: str = Field(description="Identifier of the call.")
    status: StatusWord
    direction: DirectionWord
    conversation_uuid: str = Field(description="Identifier of the conversation that it belongs to.")


class Call(BaseModel):
    """A call as it stands."""

    links: SelfLink = Field(alias="_links")
    uuid: str = Field(description="Identifier of the call.")
    conversation_uuid: str = Field(description="Identifier of the conversation that it belongs to.")
    to: Party = Field(description="Who was called.")
    from_: Party = Field(alias="from", description="Who called.")
    status: StatusWord
    direction: DirectionWord
    rate: str | Absent = Field(None, description=f"The price of a minute. {_LIVE}")
    price: str | Absent = Field(None, description=f"What it cost. {_LIVE}")
    duration: str | Absent = Field(None, description=f"Seconds of talk. {_LIVE}")
    start_time: str | Absent = Field(None, description="When it was answered, if it was.")
    end_time: str | Absent = Field(None, description=f"When it ended. {_LIVE}")
    network: str | Absent = Field(
        None, description="MCC and MNC of the far end's network, once it is answered."
    )


class Embedded(BaseModel):
    """What a page holds."""

    calls: list[Call]


class CallPage(BaseModel):
    """A page of calls."""

    count: int = Field(description="How many calls fit in all.")
    page_size: int
    record_index: int
    links: PageLinks = Field(alias="_links")
    embedded: Embedded = Field(alias="_embedded")


class Done(BaseModel):
    """What was done to a call."""

    message: Literal["Talk started", "Talk stopped", "Stream started", "Stream stopped", "DTMF sent"]
    uuid: str = Field(description="Identifier of the call.")


class Nothing(BaseModel):
    """An empty object."""


class Invalid(BaseModel):
    """A field that is not as it must be."""

    name: str
    reason: str


class Fault(BaseModel):
    """What every error answer looks like; of a bad field `type` is 400, `title` and `invalid_parameters` are there."""

    type: str | int
    error_title: str | Absent = None
    title: str | Absent = None
    invalid_parameters: list[Invalid] | Absent = None
