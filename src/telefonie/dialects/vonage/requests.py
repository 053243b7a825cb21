"""The only module that words how an application is asked for its instructions, and for others where those fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core.call import Call, Direction
from telefonie.core.script_text import KEY
from telefonie.dialects.vonage import endpoints, events, wording
from telefonie.dialects.vonage.events import Content
from telefonie.flow.effects import Ask

# Where calls are steered, by the region of their application.
HOSTS: Final[Mapping[str, str]] = {
    "na-east": "api-us-3",
    "na-west": "api-us-4",
    "eu-east": "api-eu-4",
    "eu-west": "api-eu-3",
    "apac-sng": "api-ap-3",
    "apac-australia": "api-ap-4",
}
USUAL: Final = "na-east"
SIP_HEADER: Final = "SipHeader_"
_DROPPED: Final = "x-nexmo"
_USER_TO_USER: Final = "user-to-user"
# By the scheme of an address; digits alone are an extension, and everything else is a telephone number.
_KINDS: Final[Mapping[str, str]] = {
    "sip": "sip",
    "sips": "sip",
    "ws": "websocket",
    "wss": "websocket",
    "app": "app",
    "client": "app",
}


def answer(call: Call) -> Content:
    """What a request for instructions says."""
    order = call.order
    return {
        **_caller(call),
        "to": endpoints.plain(order.callee),
        **events.whose(call),
        "endpoint_type": kind_of(wording.far_end_of(call)),
        "region_url": f"https://{HOSTS.get(order.region, HOSTS[USUAL])}.vonage.com",
        **_sip_headers(call),
    }


def fallback(original: Content, question: Ask, original_type: str) -> Content:
    """The same once more, somewhere else: and what was wrong with the answer, or with its absence."""
    failed = {"url": question.error_url, "type": original_type}
    return {**original, "reason": question.error_reason, "original_request": failed}


def kind_of(address: str) -> str:
    """What kind of endpoint has this address."""
    scheme, colon, _ = address.partition(":")
    if colon:
        return _KINDS.get(scheme.lower(), "phone")
    return "vbc" if address.isdecimal() else "phone"


def _caller(call: Call) -> Content:
    """Who calls; a user of the customer's own program comes with what that program says of the call."""
    order = call.order
    inbound = order.direction is Direction.INBOUND
    if not (inbound and kind_of(order.caller) == "app"):
        return {"from": endpoints.plain(order.caller)}
    said = {name: value for name, value in (order.metadata or {}).items() if name != KEY}
    user: dict[str, Any] = {"from_user": endpoints.plain(order.caller)}
    return user | ({"custom_data": said} if said else {})


def _sip_headers(call: Call) -> Content:
    """What came along with a call over SIP: headers of the customer's own, and one that has a meaning."""
    if call.order.direction is not Direction.INBOUND:
        return {}
    found = {}
    for name, value in (call.order.headers or {}).items():
        known = name.lower()
        if known == _USER_TO_USER or (known.startswith("x-") and not known.startswith(_DROPPED)):
            found[f"{SIP_HEADER}{name}"] = value
    return found
