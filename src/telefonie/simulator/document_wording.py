"""The only module that words what was found in a document that somebody had looked over."""

from __future__ import annotations

from telefonie.flow.commands import Lost
from telefonie.flow.content import Form, decode
from telefonie.flow.markup import Remark, Unreadable
from telefonie.flow.read import read

Json = dict[str, object]


def content_type(document: str, given: str | None) -> str:
    """What a document that came as text is to be taken for. Its encoding is settled: it came in JSON."""
    if given is not None:
        return f"{given.partition(';')[0]}; charset=utf-8"
    begins = document.lstrip()[:1]
    kinds = {"<": "text/xml", "[": "application/json", "{": "application/json"}
    return f"{kinds.get(begins, 'text/plain')}; charset=utf-8"


def findings(kind: str, raw: bytes, url: str = "") -> Json:
    """What a call would make of these bytes."""
    form: Form | None = None
    try:
        document = decode(kind, raw)
        form = document.kind
        program = read(document, url)
    except Unreadable as bad:
        return _unreadable(bad, form)
    return {
        "readable": True,
        "kind": form.value,
        "verbs": [each.name for each in program.verbs],
        "warnings": [_remark(each) for each in program.remarks],
    }


def lost(it: Lost) -> Json:
    """A document that could not be had."""
    told = _unreadable(Unreadable(it.code, it.message), None)
    return told if it.status is None else {**told, "status": it.status}


def _unreadable(bad: Unreadable, form: Form | None) -> Json:
    error: Json = {"code": bad.code, "message": bad.message}
    if bad.spot is not None:
        error |= {"line": bad.spot.line, "column": bad.spot.column}
    told: Json = {"readable": False, "verbs": [], "warnings": [], "error": error}
    return told if form is None else {**told, "kind": form.value}


def _remark(each: Remark) -> Json:
    return {
        "code": each.code,
        "message": each.message,
        "line": each.spot.line,
        "column": each.spot.column,
    }
