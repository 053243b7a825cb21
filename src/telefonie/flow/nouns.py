"""The only module that reads whom an XML Dial calls: Number, Client and Sip, and what they may carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from telefonie.core.addresses import canonical
from telefonie.core.phones import Detection
from telefonie.flow.kinds import METHOD, TEXT, URL, keys, one_of, text, whole, words
from telefonie.flow.markup import SCHEMA_WARNING, Element, Remarks
from telefonie.flow.spelling import Field, Part, reach
from telefonie.flow.targets import WORDS, Target, dialled

BAD_METHOD: Final = 13221
BAD_KEYS: Final = 13222
BAD_NUMBER: Final = 13223
LONGEST_ID: Final = 256
LONGEST_URI: Final = 255
LONGEST_HEADERS: Final = 1_024
MOST_PARAMETERS: Final = 20
_DETECTIONS: Final = {"Enable": Detection.FIRST_VERDICT, "DetectMessageEnd": Detection.GREETING_END}
_UNUSED: Final = "Read and checked; it has no effect here."

_WHISPER: Final = (
    Field("url", URL, None, "A document that whoever answers hears before the two are connected."),
    Field("method", METHOD, "POST", "How that document is asked for.", BAD_METHOD),
)
_REPORTS: Final = (
    Field("statusCallback", URL, None, "Who is told about this leg."),
    Field("statusCallbackMethod", METHOD, "POST", "Read and checked; the call's API decides how it tells."),
    Field("statusCallbackEvent", words(*WORDS), ("completed",), "What is told of it."),
)
_DETECTION: Final = (
    Field("machineDetection", one_of(*_DETECTIONS), None, "Listen whether a person or a machine answers."),
    Field("machineDetectionTimeout", whole(3, 60), 30, _UNUSED),
    Field("machineDetectionSpeechThreshold", whole(1_000, 6_000), 2_400, _UNUSED),
    Field("machineDetectionSpeechEndThreshold", whole(500, 5_000), 1_200, _UNUSED),
    Field("machineDetectionSilenceTimeout", whole(2_000, 10_000), 5_000, _UNUSED),
    Field("amdStatusCallback", URL, None, "Who is told the verdict; the call does not wait for it."),
    Field(
        "amdStatusCallbackMethod", METHOD, "POST", "Read and checked; the call's API decides how it tells."
    ),
)
NUMBER: Final = (
    Field(
        "sendDigits",
        keys("0123456789ABCD*#wW", 32),
        "",
        "Keys that are pressed when it is answered; w waits half a second, W a whole one.",
        BAD_KEYS,
    ),
    *_WHISPER,
    *_REPORTS,
    *_DETECTION,
    Field("byoc", TEXT, "", _UNUSED),
)
CLIENT: Final = (*_WHISPER, *_REPORTS, Field("clientNotificationUrl", URL, None, _UNUSED))
SIP: Final = (
    Field("username", TEXT, "", _UNUSED),
    Field("password", TEXT, "", _UNUSED),
    *_WHISPER,
    *_REPORTS,
    *_DETECTION,
)
PARAMETER: Final = (
    Field("name", text(40), "", "Its name.", required=True),
    Field("value", text(500), "", "Its value.", required=True),
)
PARTS: Final = (
    Part("<Number>", "A telephone number.", NUMBER),
    Part("<Client>", "An app's own client: its name, here or in an `<Identity>`.", CLIENT),
    Part("<Parameter>", f"Stands in a Client, up to {MOST_PARAMETERS} times: shown as metadata.", PARAMETER),
    Part("<Sip>", "A SIP address, with parameters and headers if wanted.", SIP),
)
_NONE: Final[tuple[Field, ...]] = ()


def target(element: Element, remarks: Remarks) -> Target:
    """Whom this noun means. One who cannot be dialled is warned of, and counts as failed."""
    return _NOUNS[element.name](element, remarks)


def plain(number: str, element: Element, remarks: Remarks) -> Target:
    """A number that stands in the Dial itself."""
    callee, code = dialled(number)
    if code:
        remarks.warn(code, f"the number in <{element.name}> cannot be dialled", element.spot)
    return Target(callee)


def _number(element: Element, remarks: Remarks) -> Target:
    values = reach(NUMBER, element, remarks) or {}
    _no_children(element, remarks, ())
    found = plain(element.text, element, remarks)
    return replace(_leg(found.callee, values), keys=values["sendDigits"])


def _client(element: Element, remarks: Remarks) -> Target:
    values = reach(CLIENT, element, remarks) or {}
    _no_children(element, remarks, ("Identity", "Parameter"))
    inner = next((each for each in element.elements if each.name == "Identity"), None)
    if inner is not None:
        reach(_NONE, inner, remarks)
    identity = element.text if inner is None else inner.text
    callee = f"client:{identity.removeprefix('client:')}"
    if len(identity) > LONGEST_ID or any(each.isspace() for each in callee) or callee == "client:":
        message = f"<Client> needs a name of at most {LONGEST_ID} characters, without spaces"
        remarks.warn(SCHEMA_WARNING, message, element.spot)
        callee = ""
    return replace(_leg(callee, values), metadata=_parameters(element, remarks) or None)


def _parameters(element: Element, remarks: Remarks) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in element.elements:
        if each.name == "Parameter" and (values := reach(PARAMETER, each, remarks)) is not None:
            if len(found) == MOST_PARAMETERS:
                message = f"<Client> may have at most {MOST_PARAMETERS} parameters"
                remarks.warn(SCHEMA_WARNING, message, each.spot)
                break
            found[values["name"]] = values["value"]
    return found


def _sip(element: Element, remarks: Remarks) -> Target:
    values = reach(SIP, element, remarks) or {}
    _no_children(element, remarks, ())
    uri = element.text
    return _leg(sip_uri(uri) or _refused(element, remarks), values)


def sip_uri(text: str) -> str:
    """A SIP address with its parameters and headers as they were written; "" if there can be no such."""
    address, _, headers = text.partition("?")
    fits = len(address) < LONGEST_URI and len(headers) < LONGEST_HEADERS and not any(map(str.isspace, text))
    return text if fits and address[:4].lower() in {"sip:", "sips"} and canonical(address) else ""


def _refused(element: Element, remarks: Remarks) -> str:
    message = f"<Sip> needs an address like sip:name@example.com of less than {LONGEST_URI} characters"
    remarks.warn(SCHEMA_WARNING, message, element.spot)
    return ""


def _no_children(element: Element, remarks: Remarks, but: tuple[str, ...]) -> None:
    for each in element.elements:
        if each.name not in but:
            message = f"<{each.name}> may not stand in <{element.name}>, so it is passed over"
            remarks.warn(SCHEMA_WARNING, message, each.spot)


def _leg(callee: str, values: Mapping[str, Any]) -> Target:
    """What all nouns have in common."""
    return Target(
        callee,
        document_url=values["url"],
        document_method=values["method"],
        report_url=values["statusCallback"],
        report_on=tuple(WORDS[each] for each in values["statusCallbackEvent"]),
        detection=_DETECTIONS.get(values.get("machineDetection") or ""),
        detection_url=values.get("amdStatusCallback"),
    )


_NOUNS: Final[Mapping[str, Callable[[Element, Remarks], Target]]] = {
    "Number": _number,
    "Client": _client,
    "Sip": _sip,
}
CALLED: Final = tuple(_NOUNS)
