"""The only module that knows how this API writes down who is called or calls, and how the engine does."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from telefonie.core.addresses import LONGEST
from telefonie.core.sockets import Socket
from telefonie.dialects.vonage.loose import Keys, digits
from telefonie.web.answers import as_json
from telefonie.web.fields import EXTENSION, LONGEST_URL, Absent, Text

MOST_HEADER_BYTES: Final = 512  # of all that a socket is told
LONGEST_STANDARD: Final = 256  # of User-to-User
UNKNOWN: Final = "unknown"  # who calls without showing a number

_NUMBER: Final = re.compile(r"\+?([0-9]{7,15})")
_SIP: Final = re.compile(
    r"(sips?):((?:[A-Za-z0-9_.!~*'()&=+$,/%:\-|]{1,128}@)?[A-Za-z0-9.\-\[\]:]{1,128}(?:[;?][!-~]*)?)",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"[A-Za-z0-9_.!~*'()&=+$,/%\-|]{1,128}@[A-Za-z0-9.\-]{1,128}"
)  # as its first document has it
_SOCKET: Final = re.compile(r"wss?://[^\s/?#@]+(?:[/?][\x21-\x7e]*)?", re.IGNORECASE)


def _number(value: object) -> str:
    """A telephone number: 7 to 15 digits, which some write with a plus or as a number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    found = _NUMBER.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise PydanticCustomError(
            "number", "must be 7 to 15 digits, in international form, like 447700900000"
        )
    return f"+{found[1]}"


def _sip(value: object) -> str:
    text = value if isinstance(value, str) else ""
    found = _SIP.fullmatch(f"sip:{text}" if _BARE.fullmatch(text) else text)
    if found is None or len(found[0]) > LONGEST:
        raise PydanticCustomError("sip", "must be a SIP address, like sip:kim@sip.example.com")
    return f"{found[1].lower()}:{found[2]}"


def _caller(value: object) -> str:
    """A number or a SIP address, by itself or in an object."""
    if isinstance(value, dict):
        if value.get("type", "phone") not in ("phone", "sip"):
            raise PydanticCustomError("caller", "must be of the type phone")
        value = value.get("number", value.get("uri"))
    if isinstance(value, str) and value[:4].lower() in ("sip:", "sips"):
        return _sip(value)
    return _number(value)


def _socket(value: str) -> str:
    if not _SOCKET.fullmatch(value):
        raise PydanticCustomError("socket", "must be the address of a socket, like wss://example.com/socket")
    return value


def _short(value: dict[str, Any]) -> dict[str, Any]:
    if len(as_json(value).encode()) > MOST_HEADER_BYTES:
        raise PydanticCustomError("headers", f"may have at most {MOST_HEADER_BYTES} bytes as JSON")
    return value


Number: TypeAlias = Annotated[
    str, BeforeValidator(_number), WithJsonSchema({"type": "string", "pattern": r"^\+?[0-9]{7,15}$"})
]
SipUri: TypeAlias = Annotated[
    str,
    BeforeValidator(_sip),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": LONGEST,
            "pattern": r"^(sips?:)?[A-Za-z0-9_.-]{1,64}@[A-Za-z0-9.-]{1,128}$",
        }
    ),
]
Extension: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$"), BeforeValidator(digits)]
Caller: TypeAlias = Annotated[
    str,
    BeforeValidator(_caller),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "object",
                    "required": ["number"],
                    "properties": {
                        "type": {"type": "string", "enum": ["phone"]},
                        "number": {"type": "string", "pattern": r"^\+?[0-9]{7,15}$"},
                    },
                },
                {"type": "string", "pattern": r"^\+?[0-9]{7,15}$", "x-extension": True},
            ]
        }
    ),
]


class Phone(BaseModel):
    """A telephone."""

    type: Literal["phone"]
    number: Number = Field(description="7 to 15 digits in international form.")
    dtmf_answer: Keys | Absent = Field(
        None, alias="dtmfAnswer", description="Keys pressed when it is answered; p waits half a second."
    )
    shaken: dict[str, Any] | str | Absent = Field(
        None, description="Read and without effect here.", json_schema_extra=EXTENSION
    )


class Sip(BaseModel):
    """Somebody who is called over the internet: by the address, or by user and domain."""

    type: Literal["sip"]
    uri: SipUri | Absent = Field(None, description="The address.")
    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.!~*'()&=+$,\-]{1,64}$")] | Absent = Field(
        None, description="With `domain`, instead of `uri`.", json_schema_extra=EXTENSION
    )
    domain: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\-]{1,128}$")] | Absent = Field(
        None, description="With `user`, instead of `uri`.", json_schema_extra=EXTENSION
    )
    headers: Annotated[dict[str, Any], AfterValidator(_short)] | Absent = Field(
        None, description="Each is sent with X- before its name.", json_schema_extra=EXTENSION
    )
    standard_headers: dict[str, Annotated[Text, StringConstraints(max_length=LONGEST_STANDARD)]] | Absent = (
        Field(None, description="Sent as they are: User-to-User.", json_schema_extra=EXTENSION)
    )

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Sip:
        if self.uri is None and not (self.user and self.domain):
            raise PydanticCustomError("sip", "needs `uri`, or `user` and `domain`")
        return self

    @property
    def sent(self) -> dict[str, str]:
        """The headers that the call carries."""
        own = {
            f"X-{name}": value if isinstance(value, str) else as_json(value)
            for name, value in (self.headers or {}).items()
        }
        return own | (self.standard_headers or {})


class Authorization(BaseModel):
    """What a socket's handshake shows."""

    type: Literal["vonage", "custom"]
    value: Annotated[str, StringConstraints(max_length=8191, pattern=r"^[\x20-\x7e]*$")] | Absent = None


class Websocket(BaseModel):
    """A program at a socket."""

    type: Literal["websocket"]
    uri: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LONGEST_URL),
        AfterValidator(_socket),
        WithJsonSchema(
            {"type": "string", "maxLength": LONGEST_URL, "pattern": "^wss?://[a-z0-9.-]{1,64}/[a-z0-9/]*$"}
        ),
    ] = Field(description="Where the socket is.")
    content_type: Literal["audio/l16;rate=8000", "audio/l16;rate=16000", "audio/l16;rate=24000"] = Field(
        alias="content-type", description="How the sound is coded."
    )
    headers: Annotated[dict[str, Any], AfterValidator(_short)] = Field(
        default_factory=dict, description="What the program is told first."
    )
    authorization: Authorization | Absent = Field(
        None, description="What the handshake shows.", json_schema_extra=EXTENSION
    )

    @property
    def socket(self) -> Socket:
        """As the engine knows it."""
        rate = int(self.content_type.rpartition("=")[2])
        shown = None if self.authorization is None else self.authorization.model_dump(exclude_none=True)
        return Socket(self.uri, rate, self.headers, shown)


class Vbc(BaseModel):
    """An extension of the customer's exchange."""

    type: Literal["vbc"]
    extension: Extension


class App(BaseModel):
    """A user of the customer's own program."""

    type: Literal["app"]
    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@+\-]{1,128}$")]


Endpoint: TypeAlias = Annotated[Phone | Sip | Websocket | Vbc | App, Field(discriminator="type")]


def address_of(end: Endpoint) -> str:
    """As the engine calls it."""
    match end:
        case Phone():
            return end.number
        case Sip():
            return end.uri or f"sip:{end.user}@{end.domain}"
        case Websocket():
            return end.socket.callee
        case Vbc():
            return end.extension
        case App():
            return f"app:{end.user}"


def plain(address: str) -> str:
    """An address as one text: numbers without their plus, users without what says that they are users."""
    kind, _, name = address.partition(":")
    if kind in _USERS:
        return name
    return address.removeprefix("+") or UNKNOWN


def shown(address: str, socket: Socket | None = None) -> dict[str, Any]:
    """An address as an object.

    A user is shown as if he were a phone: the service's own clients refuse a list with an endpoint that is none
    of phone, sip, websocket and vbc.
    """
    if socket is not None:
        kind = f"audio/l16;rate={socket.rate}"
        return {"type": "websocket", "uri": socket.uri, "content-type": kind, "headers": dict(socket.headers)}
    kind, _, name = address.partition(":")
    if kind.lower() in ("sip", "sips"):
        return {"type": "sip", "uri": address}
    if kind in _USERS:
        return {"type": "phone", "number": name, "user": name}
    if address.isdecimal():
        return {"type": "vbc", "extension": address}
    return {"type": "phone", "number": plain(address)}


_USERS: Final = ("client", "app")
