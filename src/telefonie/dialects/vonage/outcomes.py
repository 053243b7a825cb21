"""The only module that words what an action of a document came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from telefonie.core.call import Cause, Status
from telefonie.core.phones import Heard
from telefonie.dialects.vonage import endpoints, events, wording
from telefonie.dialects.vonage.events import Content, Worded
from telefonie.dialects.vonage.sounds import FileUrl
from telefonie.flow.effects import Ask
from telefonie.web.fields import iso

NO_SPEECH: Final = {"error": "Speech was not enabled"}
_Word: TypeAlias = Callable[[Ask, FileUrl], Worded]


def came_to(question: Ask, file_url: FileUrl) -> Worded:
    """What is told of it."""
    return _VERBS.get(question.verb or "", _other)(question, file_url)


def verdict(question: Ask) -> Worded:
    """What detection has found, where that is asked about."""
    outcome = question.outcome
    heard = Heard(outcome.get("answered_by") or Heard.UNKNOWN)
    beep = events.SUB_STATES[outcome["beep"]] if "beep" in outcome else None
    return events.judged(question.call, question.at, heard, beep)


def _common(question: Ask) -> Content:
    return {**events.parties(question.call), **events.whose(question.call), "timestamp": iso(question.at)}


def _input(question: Ask, file_url: FileUrl) -> Worded:
    """Keys and words; what was not listened for is said, too."""
    outcome = question.outcome
    keys = {"digits": outcome.get("digits"), "timed_out": outcome.get("timed_out", False)}
    return "input", {"dtmf": keys, "speech": _speech(outcome, file_url), **_common(question)}


def _speech(outcome: Mapping[str, Any], file_url: FileUrl) -> Content:
    results = outcome.get("results")
    if results is None:
        return dict(NO_SPEECH)
    said = [{"text": each["text"], "confidence": f"{each['confidence']:g}"} for each in results]
    reason = outcome.get("timeout_reason")
    speech: Content = {"results": said} | ({"timeout_reason": reason} if reason else {})
    kept = outcome.get("recording_id")
    return speech | ({"recording_url": file_url(str(kept))} if kept else {})


def _notify(question: Ask, _: FileUrl) -> Worded:
    content = {
        "payload": question.outcome.get("payload"),
        "conversation_uuid": wording.conversation_of(question.call),
        "timestamp": iso(question.at),
    }
    return "notify", content


def _pay(question: Ask, _: FileUrl) -> Worded:
    """No payment is taken here, so each has failed."""
    content = {
        **events.parties(question.call),
        "status": "failure",
        "timestamp": iso(question.at),
        "type": "payment",
        "uuid": wording.uuid_of(question.call),
    }
    return "payment", content


def _transcription(question: Ask, file_url: FileUrl) -> Worded:
    """The words of a recording, where they can be fetched."""
    recording_id = str(question.outcome["recording_id"])
    content = {
        "conversation_uuid": wording.conversation_of(question.call),
        "type": "record",
        "recording_uuid": recording_id,
        "status": "transcribed" if question.outcome.get("transcription_text") is not None else "failed",
        "transcription_url": file_url(recording_id, words=True),
    }
    return "transcription", content


def _connect(question: Ask, _: FileUrl) -> Worded:
    """How a leg ended that nobody answered, or that was a socket: told for the leg, by the call that wanted it."""
    outcome, call = question.outcome, question.call
    word, why = _end(outcome)
    leg = str(outcome.get("dial_call_id") or call.id).replace("-", "")
    content = {
        "headers": dict(outcome.get("dial_call_headers", {})),
        "from": endpoints.plain(str(outcome.get("dial_call_from") or call.order.callee)),
        "to": endpoints.plain(str(outcome.get("dial_call_to") or "")),
        "uuid": leg,
        "conversation_uuid": wording.conversation_of(call),
        "direction": "outbound",
        "timestamp": iso(question.at),
        "status": word,
        **why,
    }
    if word == "disconnected":
        del content["direction"]  # this one event has none
    return word, content


def _end(outcome: Mapping[str, Any]) -> tuple[str, Content]:
    status = Status(outcome["dial_call_status"])
    if outcome.get("dial_call_cause") == Cause.DISCONNECTED.value:
        return "disconnected", {}
    cause = Cause(outcome["dial_call_cause"]) if outcome.get("dial_call_cause") else None
    word: str = wording.STATUS[status]
    if status is Status.UNANSWERED and cause is not None:
        word = wording.WHY_UNANSWERED.get(cause, word)
    if status is Status.COMPLETED or cause is None:
        return word, {}
    detail, code = events.DETAIL[cause]
    return word, {"detail": detail, "sip_code": code}


def _other(question: Ask, _: FileUrl) -> Worded:
    """An action of which this API says nothing in particular."""
    return "event", {**_common(question), **dict(question.outcome)}


_VERBS: Final[Mapping[str, _Word]] = {
    "input": _input,
    "notify": _notify,
    "pay": _pay,
    "connect": _connect,
    "transcription": _transcription,
}
