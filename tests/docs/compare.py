"""The only module that says whether an output is what a page shows: all that is shown must be there.

Of an object the fields shown must be there; it may have more. An array has exactly the elements shown. Ids,
keys, secrets, signatures and moments of the wall clock differ from run to run, so any will do; moments of the
year 2030 are virtual time, which is the same in every run.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

_CHANGING: Final = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b[0-9a-f]{12}-\d+\b"), "<request>"),
    (re.compile(r"\b(?!2030)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"), "<moment>"),
    (re.compile(r"\bwhsec_(?:[A-Za-z0-9+/=]+|\.\.\.)"), "<secret>"),
    (re.compile(r"\btk_(?:[A-Za-z0-9_-]+|\.\.\.)"), "<key>"),
    (re.compile(r"\bv1,[A-Za-z0-9+/]+="), "<signature>"),
)


def settled(text: str) -> str:
    """A text without what differs from run to run."""
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    return text


def same_text(shown: str, actual: str) -> str:
    """What is wrong, or nothing."""
    wanted, got = (_lines(text) for text in (shown, actual))
    return "" if wanted == got else f"shown:\n{shown}\nactual:\n{actual}"


def ends_with(shown: str, actual: str) -> bool:
    """Whether these are the last lines so far."""
    wanted = _lines(shown)
    return _lines(actual)[-len(wanted) :] == wanted


def same_json(shown: str, actual: str) -> str:
    """What is wrong with one or more JSON texts, or nothing."""
    wanted, got = _documents(shown), _documents(actual)
    if len(wanted) != len(got):
        return f"{len(wanted)} JSON texts are shown, {len(got)} came:\n{actual}"
    problems = [_differs(one, other, "answer") for one, other in zip(wanted, got, strict=True)]
    return "\n".join(problem for problem in problems if problem)


def same_http(shown: str, actual: str) -> str:
    """What is wrong with a status line, the headers shown and a JSON body, or nothing."""
    (start, headers, body), (got_start, got_headers, got_body) = (_parted(text) for text in (shown, actual))
    if start != got_start:
        return f"{start} is shown, {got_start} came"
    for name, value in headers.items():
        if settled(got_headers.get(name, "")) != settled(value):
            return f"the header {name}: {value} is shown, {got_headers.get(name)} came"
    return same_json(body, got_body) if body else ""


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in settled(text).strip().splitlines()]


def _documents(text: str) -> list[Any]:
    decoder = json.JSONDecoder()
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        document, end = decoder.raw_decode(text, at)
        found.append(document)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return found


def _parted(text: str) -> tuple[str, dict[str, str], str]:
    head, _, body = text.replace("\r\n", "\n").strip().partition("\n\n")
    start, *lines = head.splitlines()
    pairs = (line.partition(":") for line in lines)
    return start.strip(), {name.strip().lower(): value.strip() for name, _, value in pairs}, body


def _differs(shown: Any, actual: Any, where: str) -> str:
    """The first difference, with its place."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        missing = shown.keys() - actual.keys()
        if missing:
            return f"{where} lacks {', '.join(sorted(missing))}: {actual}"
        return _first(_differs(value, actual[name], f"{where}.{name}") for name, value in shown.items())
    if isinstance(shown, list) and isinstance(actual, list):
        if len(shown) != len(actual):
            return f"{where} has {len(actual)} elements, {len(shown)} are shown: {actual}"
        pairs = enumerate(zip(shown, actual, strict=True))
        return _first(_differs(one, other, f"{where}[{at}]") for at, (one, other) in pairs)
    if isinstance(shown, str) and isinstance(actual, str):
        shown, actual = settled(shown), settled(actual)
    same = shown == actual and isinstance(shown, bool) == isinstance(actual, bool)
    return "" if same else f"{where} is {actual!r}, {shown!r} is shown"


def _first(problems: Any) -> str:
    return next((problem for problem in problems if problem), "")
