"""The only module that words what customers of this API are told, and what they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from telefonie.core.accounts import Consent
from telefonie.core.call import Call, Status
from telefonie.core.effects import Notify, NotifyRecording, NotifyRoom
from telefonie.core.events import Kind
from telefonie.core.phones import Heard
from telefonie.dialects.telefonie import conference_letters, conference_wording, recording_wording
from telefonie.dialects.telefonie.wishes import USUAL
from telefonie.dialects.telefonie.wording import ANSWERED_BY, CURRENCY, EVENT, STATUS, with_recording
from telefonie.engine.ports import Draft
from telefonie.flow.effects import Ask, Purpose
from telefonie.web.answers import as_json
from telefonie.web.fields import iso
from telefonie.web.flat import flat, with_query
from telefonie.web.links import Link, Links

API_VERSION: Final = "v1"
PREFIX: Final = "/v1/voice"  # where this API is served


class TelefonieFace:
    """How customers of this API hear what happened, and are asked what to do."""

    strict = False
    currency = CURRENCY
    consent = Consent.NEVER
    told: tuple[Kind, ...] = USUAL

    def __init__(self, links: Links) -> None:
        self.link: Link = partial(links.media, PREFIX)

    def report(self, notice: Notify, event_id: str) -> Draft:
        """The callback about one event of a call."""
        call = notice.call
        word = EVENT[notice.event.kind] or notice.event.kind.value
        at = notice.event.at
        content = _envelope(word, event_id, at, call.account_id, sequence_number=notice.sequence)
        content |= self._about(call, at)
        if notice.event.kind is Kind.CONSENTED:
            content["consent"] = dict(notice.event.data)
        return Draft(word, "POST", call.order.report_url or "", as_json(content))

    def report_recording(self, notice: NotifyRecording, event_id: str) -> Draft:
        """How a recording gets on."""
        it = notice.recording
        word = recording_wording.EVENT[notice.news]
        content = _envelope(word, event_id, notice.at, it.account_id, sequence_number=notice.sequence)
        content["call_id"] = it.call_id
        if it.room_id is not None:
            content["conference_id"] = it.room_id
        content["recording"] = recording_wording.recording_json(it, self.link, notice.at)
        return _draft(word, it.method, it.url or "", content)

    def report_room(self, notice: NotifyRoom, event_id: str) -> Draft:
        """What happened in a room."""
        word, at = conference_wording.EVENT[notice.fact.did], notice.fact.at
        content = _envelope(word, event_id, at, notice.room.account_id, sequence_number=notice.sequence)
        content |= conference_letters.content(notice)
        return _draft(word, notice.method, notice.url, content)

    def ask(self, question: Ask, event_id: str) -> Draft:
        """A request for a document, or about what a verb came to."""
        call = question.call
        word = ASKED[question.purpose]
        content = _envelope(word, event_id, question.at, call.account_id) | self._about(call, question.at)
        if call.order.headers:
            content["sip_headers"] = dict(call.order.headers)
        if question.verb is not None:
            content["verb"] = question.verb.lower()
        content |= {
            name: _value(name, value) for name, value in question.outcome.items() if value is not None
        }
        recording_id = question.outcome.get("recording_id")
        if isinstance(recording_id, str):
            content["recording_url"] = self.link(recording_id, question.at)
        if question.error_code is not None:
            content |= {"error_code": question.error_code, "error_url": question.error_url}
        return _draft(word, question.method, question.url, content)

    def _about(self, call: Call, at: int) -> dict[str, Any]:
        return {"call_id": call.id, "call": with_recording(call, self.link, at)}


def _envelope(word: str, event_id: str, at: int, account_id: str, **more: Any) -> dict[str, Any]:
    return {
        "event": word,
        "event_id": event_id,
        "timestamp": iso(at),
        **more,
        "account_id": account_id,
        "api_version": API_VERSION,
    }


def _draft(word: str, method: str, url: str, content: Mapping[str, Any]) -> Draft:
    if method == "GET":
        return Draft(word, "GET", with_query(url, flat(content)), "")
    return Draft(word, "POST", url, as_json(content))


ASKED: Final[Mapping[Purpose, str]] = {
    Purpose.INSTRUCTIONS: "call.instructions",
    Purpose.REDIRECT: "call.instructions",
    Purpose.BESIDE: "call.instructions",
    Purpose.ACTION: "call.action",
    Purpose.TELL: "call.action",
    Purpose.VERDICT: "call.amd",
    Purpose.EVENT: "call.amd",
    Purpose.FALLBACK: "call.fallback",
    Purpose.SOUND: "call.media",
}


# What verbs say of recordings: moments, and states in the words of the recordings' own contract.
MOMENTS: Final = frozenset({"recording_start_time", "recording_end_time"})
RECORDING: Final = {"in_progress": "in-progress", "completed": "completed", "absent": "failed"}


def _value(name: str, value: object) -> object:
    """What a verb came to, in this API's words where it has its own."""
    match value:
        case int() if name in MOMENTS:
            return iso(value)
        case str() if name == "recording_status":
            return RECORDING.get(value, value)
        case Status():
            return STATUS[value]
        case Heard():
            return ANSWERED_BY[value]
        case _:
            return value
