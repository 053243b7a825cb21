"""The only module that says what is said to and of an application on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from telefonie.core.applications import Application as Rules
from telefonie.engine.keypairs import LONGEST_PEM
from telefonie.web.fields import Absent, Flag, Text, WebUrl, WholeNumber

LONGEST_OVERLAP: Final = 31_536_000
_DEFAULT: Final = Rules("", "", "")

_ANSWER: Final = "Asked for instructions when one of its numbers is called, or a call of its own is answered."
_FALLBACK: Final = "Asked instead when no usable instructions come from there."
_EVENT: Final = "Told what happens to its calls."
_METHOD: Final = "How it is asked."
_CONNECT: Final = "Milliseconds within which a connection must stand."
_SOCKET: Final = "Milliseconds within which the answer must be there."
_PUBLIC: Final = "RSA of at least 2048 bits in PEM; verifies the tokens that the application signs."
_SIGNED: Final = "Whether requests to its hooks carry a token of ours."
_SIGNING: Final = "What those tokens are signed with, by HS256."
_REGION: Final = "Which region's address requests to its hooks name."
_ROOMS: Final = "Hours for which a conference with a name is kept."
_CALLS: Final = "Days for which its calls are shown once they are over."

Name = Annotated[Text, Field(min_length=1, max_length=100)]
Pem = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PEM)]
Secret = Annotated[str, StringConstraints(strict=True, pattern=r"^[!-~]{16,255}$")]
Method = Literal["GET", "POST"]
ConnectMs = Annotated[WholeNumber, Field(ge=300, le=1_000)]
SocketMs = Annotated[WholeNumber, Field(ge=1_000, le=5_000)]
EventSocketMs = Annotated[WholeNumber, Field(ge=1_000, le=10_000)]
Hours = Annotated[WholeNumber, Field(ge=1, le=9_000)]
Days = Annotated[WholeNumber, Field(ge=1, le=31)]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Region(StrEnum):
    """Where an application may be at home."""

    NA_EAST = "na-east"
    NA_WEST = "na-west"
    EU_EAST = "eu-east"
    EU_WEST = "eu-west"
    APAC_SNG = "apac-sng"
    APAC_AUSTRALIA = "apac-australia"


_PEM: Final = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq...\n-----END PUBLIC KEY-----\n"
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "Front desk",
    "answer_url": "https://example.com/answer",
    "event_url": "https://example.com/events",
}
_SHOWN: Final[dict[str, Any]] = {
    "id": "3f2b8c52-6a57-4c0e-9f0b-0a6c3e1f7d21",
    **_EXAMPLE,
    "answer_method": "GET",
    "answer_connection_timeout": 1000,
    "answer_socket_timeout": 5000,
    "fallback_answer_method": "GET",
    "fallback_answer_connection_timeout": 1000,
    "fallback_answer_socket_timeout": 5000,
    "event_method": "POST",
    "event_connection_timeout": 1000,
    "event_socket_timeout": 10000,
    "signed_callbacks": True,
    "signature_secret_hint": "b7Qm...",
    "conversations_ttl": 48,
    "leg_persistence_time": 2,
    "created_at": "2030-01-01T09:00:00.000Z",
    "keys": {"public_key": _PEM},
}


class ApplicationSettings(BaseModel):
    """How an application is set."""

    answer_url: WebUrl | None = Field(None, description=_ANSWER)
    answer_method: Method | None = Field("GET", description=_METHOD)
    answer_connection_timeout: ConnectMs | None = Field(_DEFAULT.answer.connect_ms, description=_CONNECT)
    answer_socket_timeout: SocketMs | None = Field(_DEFAULT.answer.total_ms, description=_SOCKET)
    fallback_answer_url: WebUrl | None = Field(None, description=_FALLBACK)
    fallback_answer_method: Method | None = Field("GET", description=_METHOD)
    fallback_answer_connection_timeout: ConnectMs | None = Field(
        _DEFAULT.fallback.connect_ms, description=_CONNECT
    )
    fallback_answer_socket_timeout: SocketMs | None = Field(_DEFAULT.fallback.total_ms, description=_SOCKET)
    event_url: WebUrl | None = Field(None, description=_EVENT)
    event_method: Method | None = Field("POST", description=_METHOD)
    event_connection_timeout: ConnectMs | None = Field(_DEFAULT.event.connect_ms, description=_CONNECT)
    event_socket_timeout: EventSocketMs | None = Field(_DEFAULT.event.total_ms, description=_SOCKET)
    signed_callbacks: Flag | None = Field(_DEFAULT.signed, description=_SIGNED)
    signature_secret: Secret | None = Field(None, description=f"{_SIGNING} A fresh one unless given.")
    region: Region | None = Field(None, description=_REGION)
    conversations_ttl: Hours | None = Field(_DEFAULT.rooms_hours, description=_ROOMS)
    leg_persistence_time: Days | None = Field(_DEFAULT.calls_days, description=_CALLS)


class NewApplication(ApplicationSettings):
    """An application to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Name = Field(description="For people.")
    public_key: Pem | Absent = Field(None, description=f"{_PUBLIC} A fresh pair is made when left out.")


class ApplicationChange(ApplicationSettings):
    """What shall be different; null sets a field back to its default, what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer_url": "https://example.com/other"}]})

    name: Name = Field("Application", description="For people.")
    signature_secret: Secret | None = Field(None, description=f"{_SIGNING} Null makes a fresh one.")


class KeyRotation(BaseModel):
    """How to change over to another key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_seconds": 3600}]})

    public_key: Pem | Absent = Field(None, description=f"{_PUBLIC} A fresh pair is made when left out.")
    overlap_seconds: Annotated[WholeNumber, Field(ge=0, le=LONGEST_OVERLAP)] = Field(
        0, description="How long tokens of the present key are good still."
    )
    signature_secret: Flag = Field(
        default=False, description="Whether the signature secret is made anew, too; that one changes at once."
    )


class Keys(BaseModel):
    """The keys of an application."""

    public_key: str | Absent = Field(None, description=_PUBLIC)
    private_key: str | Absent = Field(
        None, description="Signs its tokens. Shown when it is made and never again: it is not kept."
    )
    previous_key_retires_at: Time | Absent = Field(
        None, description="Until when tokens of the key before are good, or were."
    )


class Application(BaseModel):
    """An application; what is not set is left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHOWN]})

    id: str
    name: str
    answer_url: str | Absent = Field(None, description=_ANSWER)
    answer_method: Method = Field(description=_METHOD)
    answer_connection_timeout: int = Field(description=_CONNECT)
    answer_socket_timeout: int = Field(description=_SOCKET)
    fallback_answer_url: str | Absent = Field(None, description=_FALLBACK)
    fallback_answer_method: Method = Field(description=_METHOD)
    fallback_answer_connection_timeout: int = Field(description=_CONNECT)
    fallback_answer_socket_timeout: int = Field(description=_SOCKET)
    event_url: str | Absent = Field(None, description=_EVENT)
    event_method: Method = Field(description=_METHOD)
    event_connection_timeout: int = Field(description=_CONNECT)
    event_socket_timeout: int = Field(description=_SOCKET)
    signed_callbacks: bool = Field(description=_SIGNED)
    signature_secret: str | Absent = Field(
        None, description=f"{_SIGNING} Shown when it is new and never again."
    )
    signature_secret_hint: str = Field(description="How that secret begins, to tell secrets apart.")
    region: Region | Absent = Field(None, description=_REGION)
    conversations_ttl: int = Field(description=_ROOMS)
    leg_persistence_time: int = Field(description=_CALLS)
    created_at: Time
    keys: Keys


class ApplicationList(BaseModel):
    """Applications, newest first."""

    applications: list[Application]
    total: int
    page: int
    page_size: int
