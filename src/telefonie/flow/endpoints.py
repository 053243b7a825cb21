"""The only module that reads whom a JSON connect calls: the endpoint, one of five types."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from telefonie.core.addresses import canonical
from telefonie.core.sockets import RATES, Socket
from telefonie.flow.kinds import ANYTHING, TEXT, URL, BadValue, Kind, keys, one_of, text
from telefonie.flow.markup import SCHEMA_WARNING, Node, Remarks, shown
from telefonie.flow.nouns import sip_uri
from telefonie.flow.spelling import Field, Part, reach
from telefonie.flow.targets import Target, dialled

_UNUSED: Final = "Read and checked; it has no effect here."
_SOCKET: Final = re.compile(r"wss?://[^\s/?#]+\S*", re.IGNORECASE)


MOST_BYTES: Final = 512  # of what a socket is told first
_RATES: Final = {f"audio/l16;rate={rate}": rate for rate in RATES}


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadValue("must be an object")
    return value


OBJECT: Final = Kind("object", _object)


def _told(value: object) -> Mapping[str, Any]:
    found = _object(value)
    if len(json.dumps(found, separators=(",", ":"), ensure_ascii=False).encode()) > MOST_BYTES:
        raise BadValue(f"must take at most {MOST_BYTES} bytes")
    return found


_TOLD: Final = Kind(f"object of at most {MOST_BYTES} bytes", _told)


def _socket_url(value: object) -> str:
    found = str(URL.read(value))
    if not _SOCKET.fullmatch(found):
        raise BadValue("must be a URL like wss://example.com/socket")
    return found


_SOCKET_URL: Final = Kind("URL of a socket, ws or wss", _socket_url)
_TYPE: Final = Field("type", TEXT, "", "What is called.", required=True)
PHONE: Final = (
    _TYPE,
    Field("number", TEXT, "", "The telephone number, in its international form.", required=True),
    Field("dtmfAnswer", keys("0123456789*#p", 32), "", "Keys pressed when it is answered; p is a pause."),
    Field("url", URL, None, "A document that whoever answers hears first.", within="onAnswer"),
    Field("ringbackTone", URL, None, "What the caller hears meanwhile.", within="onAnswer"),
    Field("ringback", URL, None, "The older name of `onAnswer.ringbackTone`.", within="onAnswer"),
    Field("shaken", ANYTHING, None, _UNUSED),
)
SIP: Final = (
    _TYPE,
    Field("uri", TEXT, "", "The SIP address; or `user` and `domain`."),
    Field("user", text(64), "", "The user there, without `uri`."),
    Field("domain", text(128), "", "Where, without `uri`."),
    Field("headers", OBJECT, {}, "Headers that the call carries, each with `X-` before its name."),
    Field("standardHeaders", OBJECT, {}, "Headers that it carries as they are: `User-to-User`."),
)
WEBSOCKET: Final = (
    _TYPE,
    Field("uri", _SOCKET_URL, "", "Where the socket is.", required=True),
    Field(
        "content-type",
        one_of(*_RATES),
        "audio/l16;rate=16000",
        "How the audio is coded.",
    ),
    Field("headers", _TOLD, {}, "What the program is told first."),
    Field("authorization", OBJECT, None, "How the program knows that it is us.", shown_default="none"),
)
VBC: Final = (_TYPE, Field("extension", text(32), "", "The extension, digits.", required=True))
APP: Final = (
    _TYPE,
    Field("user", text(128), "", "The user's name; with `client:` before it, another's.", required=True),
)
PARTS: Final = (
    Part("phone", "The endpoint: a telephone number.", PHONE),
    Part("sip", "The endpoint: a SIP address.", SIP),
    Part("websocket", "The endpoint: a program's socket.", WEBSOCKET),
    Part("vbc", "The endpoint: an extension.", VBC),
    Part("app", "The endpoint: a user of an app.", APP),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is called, and what the caller hears meanwhile."""

    end: Target
    tone_url: str | None = None


def endpoint(node: Node, remarks: Remarks) -> Endpoint | None:
    """Whom the only endpoint of an array means; None: nobody, and that was warned of."""
    ends = node.items
    if len(ends) != 1:
        _warn(remarks, "endpoint of connect must be an array of exactly one object", node)
    return _one(ends[0], remarks) if ends else None


def _one(node: Node, remarks: Remarks) -> Endpoint | None:
    kind = node.members.get("type")
    word = kind.value if kind is not None else None
    if not isinstance(word, str) or word not in _TYPES:
        _warn(remarks, f"the type of an endpoint must be one of {', '.join(_TYPES)}", kind or node)
        return None
    fields, read = _TYPES[word]
    values = reach(fields, node, remarks, of=f"the endpoint {shown(word)}")
    return None if values is None else read(values, node, remarks)


def _warn(remarks: Remarks, message: str, node: Node, code: int = SCHEMA_WARNING) -> None:
    remarks.warn(code, message, node.spot)


def _nobody(remarks: Remarks, message: str, node: Node, code: int = SCHEMA_WARNING) -> None:
    """Nobody can be called there: where documents are read strictly, that spoils all of one."""
    remarks.spoil(code, message, node.spot)


def _phone(values: Mapping[str, Any], node: Node, remarks: Remarks) -> Endpoint:
    callee, code = dialled(values["number"])
    if code:
        _nobody(remarks, "the number of an endpoint cannot be dialled", node.members["number"], code)
    pressed = values["dtmfAnswer"].replace("p", "w")
    target = Target(callee, keys=pressed, document_url=values["onAnswer.url"], document_method="GET")
    return Endpoint(target, values["onAnswer.ringbackTone"] or values["onAnswer.ringback"])


def _sip(values: Mapping[str, Any], node: Node, remarks: Remarks) -> Endpoint:
    named = f"sip:{values['user']}@{values['domain']}" if values["user"] and values["domain"] else ""
    callee = sip_uri(values["uri"] or named)
    if not callee:
        message = "uri of an endpoint must be like sip:name@example.com, or there must be user and domain"
        _nobody(remarks, message, node.members.get("uri", node))
    own = {f"X-{name}": value for name, value in values["headers"].items()}
    carried = {name: _written(value) for name, value in {**own, **values["standardHeaders"]}.items()}
    return Endpoint(Target(callee, headers=carried or None))


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _socket(values: Mapping[str, Any], _: Node, __: Remarks) -> Endpoint:
    rate = _RATES[values["content-type"]]
    socket = Socket(values["uri"], rate, values["headers"], values["authorization"])
    return Endpoint(Target(socket.callee, socket=socket))


def _extension(values: Mapping[str, Any], node: Node, remarks: Remarks) -> Endpoint:
    found: str = values["extension"]
    callee = found if found.isdecimal() and found.isascii() else ""
    if not callee:
        _nobody(remarks, "extension of an endpoint must be digits", node.members["extension"])
    return Endpoint(Target(callee))


def _app(values: Mapping[str, Any], node: Node, remarks: Remarks) -> Endpoint:
    user: str = values["user"]
    callee = user if user.startswith(("client:", "app:")) else f"app:{user}"
    if canonical(callee) is None:
        _nobody(remarks, "user of an endpoint must be a name without spaces", node.members["user"])
        callee = ""
    return Endpoint(Target(callee))


_TYPES: Final[
    Mapping[str, tuple[tuple[Field, ...], Callable[[Mapping[str, Any], Node, Remarks], Endpoint]]]
] = {
    "phone": (PHONE, _phone),
    "sip": (SIP, _sip),
    "websocket": (WEBSOCKET, _socket),
    "vbc": (VBC, _extension),
    "app": (APP, _app),
}
