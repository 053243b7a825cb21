"""The only module that words what customers of this API are told and asked, and says how that is carried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core.accounts import Consent
from telefonie.core.applications import Application, Hook
from telefonie.core.call import Call
from telefonie.core.effects import Notify, NotifyRecording, NotifyRoom
from telefonie.core.events import Kind
from telefonie.dialects.vonage import events, outcomes, requests, sounds
from telefonie.dialects.vonage.events import TOLD, Content, Worded
from telefonie.dialects.vonage.signing import authorization, bearer
from telefonie.dialects.vonage.socket import ProgramCodec
from telefonie.dialects.vonage.wording import CURRENCY, FACE
from telefonie.engine.ports import Carriage, Draft, Manner, Role
from telefonie.flow.effects import Ask, Purpose
from telefonie.web.answers import as_json
from telefonie.web.flat import with_query
from telefonie.web.links import Links

# What a purpose is called in a fallback's `original_request`, and whose time-outs count.
_ROLES: Final[Mapping[Purpose, Role]] = {
    Purpose.INSTRUCTIONS: Role.ANSWER,
    Purpose.REDIRECT: Role.ANSWER,
    Purpose.BESIDE: Role.ANSWER,
    Purpose.FALLBACK: Role.FALLBACK,
    Purpose.ACTION: Role.EVENT,
    Purpose.TELL: Role.EVENT,
    Purpose.VERDICT: Role.EVENT,
    Purpose.EVENT: Role.EVENT,
}
_AGAIN: Final = frozenset({429, 503, 504})
_EVENT_AGAIN: Final = _AGAIN | {502}
_ANSWERS: Final = range(200, 206)
_ANY: Final = range(200, 300)
_NO_APPLICATION: Final = Application("", "", "", signed=False)


class VonageFace:
    """How customers of this API hear what happened, and are asked what to do."""

    strict = True
    currency = CURRENCY
    consent = Consent.NEVER
    told: tuple[Kind, ...] = TOLD

    def __init__(self, links: Links) -> None:
        self._links = links

    def report(self, notice: Notify, event_id: str) -> Draft | None:  # noqa: ARG002 - events have no ids here
        """The event about one fact of a call."""
        order = notice.call.order
        worded = events.told(notice)
        manner = Manner(FACE, order.application, Role.EVENT)
        return None if worded is None else _draft(worded, order.report_method, order.report_url or "", manner)

    def report_recording(self, notice: NotifyRecording, event_id: str) -> Draft | None:  # noqa: ARG002
        """That a recording is there."""
        it = notice.recording
        worded = sounds.told(notice, self.file_url)
        manner = Manner(FACE, it.application, Role.EVENT)
        return None if worded is None else _draft(worded, it.method, it.url or "", manner)

    def report_room(self, notice: NotifyRoom, event_id: str) -> Draft | None:  # noqa: ARG002
        """Of rooms this API tells nothing but their recordings."""
        return None

    def ask(self, question: Ask, event_id: str) -> Draft:  # noqa: ARG002
        """A request for instructions, or about what an action came to."""
        role = _ROLES[question.purpose]
        manner = Manner(FACE, question.call.order.application, role)
        if question.purpose is Purpose.BESIDE:  # a file to be played, whatever it may turn out to be
            return Draft("media", "GET", question.url, "", manner)
        return _draft(self._worded(question, question.purpose), question.method, question.url, manner)

    def _worded(self, question: Ask, purpose: Purpose) -> Worded:
        match purpose:
            case Purpose.FALLBACK:
                failed = Purpose(question.error_purpose or Purpose.INSTRUCTIONS)
                _, original = self._worded(question, failed)
                return "fallback", requests.fallback(original, question, _ROLES[failed])
            case Purpose.VERDICT | Purpose.EVENT if question.verb is None:
                return outcomes.verdict(question)
            case Purpose.ACTION | Purpose.TELL | Purpose.EVENT | Purpose.VERDICT:
                return outcomes.came_to(question, self.file_url)
            case Purpose.INSTRUCTIONS | Purpose.REDIRECT | Purpose.BESIDE | Purpose.SOUND:
                return "answer", requests.answer(question.call)

    def file_url(self, recording_id: str, *, words: bool = False) -> str:
        """Where a file about a recording is fetched, with a token of its application."""
        return f"{self._links.base}/v1/files/{sounds.file_id(recording_id, words=words)}"

    def carriage(
        self, role: Role, application: Application | None, method: str, body: str, wall_s: int, jti: str
    ) -> Carriage:
        """Signed for this attempt, within the time of its hook, and at most once more."""
        known = application or _NO_APPLICATION
        hook = _hook(known, role)
        signed = authorization(known, "" if method == "GET" else body, wall_s, jti)
        event = role is Role.EVENT
        return Carriage(
            signed,
            hook.connect_ms / 1000,
            hook.total_ms / 1000,
            _EVENT_AGAIN if event else _AGAIN,
            _ANY if event else _ANSWERS,
        )

    def codec(self, call: Call, application: Application | None, wall_s: int, jti: str) -> ProgramCodec:
        """How one talks with the program at the socket of a call."""
        socket = call.order.socket
        if socket is None:
            raise TypeError(f"call {call.id} has no socket")
        known = application or _NO_APPLICATION

        def token() -> str:
            return bearer(known, "", wall_s, jti)

        return ProgramCodec(socket.uri, socket.rate, socket.headers, socket.authorization, token)


def _hook(application: Application, role: Role) -> Hook:
    match role:
        case Role.ANSWER:
            return application.answer
        case Role.FALLBACK:
            return application.fallback
        case Role.EVENT:
            return application.event


def _draft(worded: Worded, method: str, url: str, manner: Manner) -> Draft:
    word, content = worded
    if method == "GET":
        return Draft(word, "GET", with_query(url, in_query(content)), "", manner)
    return Draft(word, "POST", url, as_json(content), manner)


def in_query(content: Content) -> list[tuple[str, str]]:
    """All fields as parameters: what is no text as JSON inside one, what is null not at all."""
    return [(name, _text(value)) for name, value in content.items() if value is not None]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
