"""The only module that makes up whole documents of real verbs, in both languages: strategies for hypothesis.

It goes by the catalogue, so a new verb is tried as soon as its file is there: its fields get values that fit
(found by asking each field which of a pool of values it takes), and now and then any value at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from telefonie.flow.catalogue import Table, spellings
from telefonie.flow.kinds import BadValue, Kind
from telefonie.flow.spelling import Field, Language, Spelling

TABLE: Final = Table(spellings())
MOST_VERBS: Final = 5
LONG: Final = "Please listen to this. " * 60
NUMBERS: Final = ("+31201110001", "+31201110002", "+31201110003")
PLACES: Final = ("/a", "b", "https://app.test/c", "/", "b?x=1#y")
NOWHERE: Final = ("/missing", "", "file:///etc/passwd", "javascript:alert(1)", "http://[", "//:0/", "?")
SAYINGS: Final = (
    "Hello",
    "Press one or two. Then wait.",
    "<break time='2s'/>One <emphasis>two</emphasis>",
    LONG,
    "",
    "1",
)
_AMOUNTS: Final = ("0", "1", "2", "3", "5", "10", "30", "0.5", "600", "1000", "86400", "86401", "-1", "1e9")
_WORDS: Final = (
    *(
        "true",
        "false",
        "POST",
        "GET",
        "PUT",
        "dtmf",
        "speech",
        "dtmf speech",
        "auto",
        "#",
        "*",
        "1w2W3",
        "12",
    ),
    *("en-US", "nl-NL", "alice", "nan", "x" * 5_000, "room", "line", "client:bob", "sip:bob@example.com"),
)
_RAW: Final = (*_AMOUNTS, *_WORDS, *PLACES, *NOWHERE, *NUMBERS)
_ENDPOINTS: Final[tuple[Any, ...]] = (
    {"type": "phone", "number": "31201110001"},
    {"type": "phone", "number": "31201110002", "dtmfAnswer": "1p2", "onAnswer": {"url": PLACES[2]}},
    {"type": "sip", "uri": "sip:bob@example.com"},
    {"type": "app", "user": "bob"},
    {"type": "websocket", "uri": "wss://app.test/socket", "content-type": "audio/l16;rate=16000"},
    {"type": "vbc", "extension": "12"},
    {"type": "nothing"},
)
_PLAIN: Final[tuple[Any, ...]] = (
    *(True, False, None, 0, 1, 2, 3, 5, 10, 60, -1, 0.4, 86_401, 10**30, [], {}, [[]], {"a": {"b": []}}),
    *([each] for each in (*PLACES, *NOWHERE, "dtmf", "speech", "started", "completed")),
    *(["dtmf", "speech"], ["started", "completed"], ["/a", "/b"], ["https://app.test/s.mp3"]),
    *([each] for each in _ENDPOINTS),
)

# -- values --


def _named(kind: Kind) -> tuple[str, ...]:
    """Words that a field's own description names."""
    return tuple(re.findall(r"`([^`]{1,40})`", kind.says))


def _fits(kind: Kind, pool: Iterable[Any]) -> list[Any]:
    fitting = []
    for each in pool:
        try:
            kind.read(each)
        except BadValue:
            continue
        fitting.append(each)
    return fitting


def _candidates(field: Field, pool: tuple[Any, ...]) -> list[tuple[str, Any]]:
    """So many values for each field: mostly what fits, now and then anything."""
    whole = (*pool, *_named(field.kind))
    fitting = _fits(field.kind, PLACES if field.kind.says.startswith("URL") else whole) or whole
    chosen = [fitting[each % len(fitting)] for each in range(max(len(fitting), 15))][:30]
    strange = [whole[(len(field.name) * 7 + each * 11) % len(whole)] for each in range(len(chosen) // 8)]
    return [(field.key, each) for each in (*chosen, *strange)]


def _some(fields: tuple[Field, ...], pool: tuple[Any, ...]) -> SearchStrategy[dict[str, Any]]:
    """Values for some of the fields, by their keys; nearly always for those that must be there."""
    pairs = [pair for each in fields for pair in _candidates(each, pool)]
    if not pairs:
        return st.just({})
    required = [st.sampled_from(_candidates(each, pool)) for each in fields if each.required]
    optional = st.lists(st.sampled_from(pairs), max_size=4)
    return st.tuples(optional, *required).map(lambda found: dict([*found[0], *found[1:]]))


# -- XML --

_CONTENT: Final = {
    "Redirect": st.sampled_from((*PLACES, *PLACES, *NOWHERE)),
    "Play": st.sampled_from((*PLACES, *PLACES, *NOWHERE)),
    "Number": st.sampled_from(NUMBERS),
    "Dial": st.sampled_from((*NUMBERS, "", "nobody")),
    "Client": st.just("bob"),
    "Sip": st.sampled_from(("sip:bob@example.com", "bob")),
    "Conference": st.sampled_from(("room", "other")),
    "Queue": st.sampled_from(("line", "other")),
    "Enqueue": st.sampled_from(("line", "other", "")),
}
_SAID: Final = st.sampled_from(SAYINGS)
_BARE: Final = frozenset({"Pause", "Gather", "Hangup", "Leave", "Reject", "Echo", "Record"})
# What stands inside a verb and is none.
_LEG: Final = (
    *(("url", each) for each in (*PLACES, "/missing")),
    *(("sendDigits", each) for each in ("1w2", "12")),
    ("statusCallback", "/a"),
    ("statusCallbackEvent", "initiated ringing answered completed"),
    *(("machineDetection", each) for each in ("Enable", "DetectMessageEnd")),
)
_ROOM: Final = (
    *(
        (name, each)
        for name in ("muted", "startConferenceOnEnter", "endConferenceOnExit")
        for each in ("true", "false")
    ),
    *(("waitUrl", each) for each in (*PLACES, "")),
    *(("maxParticipants", each) for each in ("1", "2", "250", "251")),
    ("statusCallback", "/a"),
    ("statusCallbackEvent", "start end join leave"),
)
_NOUNS: Final = {"Number": _LEG, "Client": _LEG, "Sip": _LEG, "Conference": _ROOM, "Queue": _LEG[:5]}
_OTHER: Final = (("name", "n"), ("value", "v"), ("url", "wss://app.test/s"))


def _element(name: str, attributes: dict[str, str], inside: str) -> str:
    shown = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{shown}>{inside}</{name}>"


@cache
def _verb(name: str, depth: int) -> SearchStrategy[str]:
    spelling = TABLE.find(Language.XML, name)
    if spelling is None or (depth and name in _NOUNS):
        noun = st.lists(st.sampled_from(_NOUNS.get(name, _OTHER)), max_size=2).map(dict)
        return st.builds(_element, st.just(name), noun, _inside(name, spelling, depth))
    return st.builds(_element, st.just(name), _some(spelling.fields, _RAW), _inside(name, spelling, depth))


def _inside(name: str, spelling: Spelling | None, depth: int) -> SearchStrategy[str]:
    text = st.just("") if name in _BARE else _CONTENT.get(name, _SAID).map(escape)
    nested = [each for each in (() if spelling is None else spelling.nested) if each != "*"]
    if not nested or depth > 1:
        return text
    inner = st.one_of([_verb(each, depth + 1) for each in nested])
    children = st.lists(inner, min_size=1, max_size=3).map("".join)
    return children if name in _BARE else text | children


def _of_language(language: Language) -> tuple[str, ...]:
    return tuple(sorted(TABLE.names(language)))


_VERBS: Final = st.one_of(
    [_verb(name, 0) for name in (*_of_language(Language.XML), *("Dial", "Gather", "Enqueue") * 3)]
)
XML: Final = st.lists(_VERBS, min_size=1, max_size=MOST_VERBS).map(
    lambda verbs: f"<Response>{''.join(verbs)}</Response>"
)

# Those that bring calls together, and what may follow.
_JOINING: Final = st.one_of([_verb(name, 0) for name in ("Dial", "Dial", "Dial", "Enqueue")])
JOINING: Final = st.builds(
    lambda first, then: f"<Response>{first}{then}</Response>", _JOINING, st.just("") | _VERBS | _JOINING
)

# -- JSON --


def _action(spelling: Spelling) -> SearchStrategy[dict[str, Any]]:
    def build(values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"action": spelling.name}
        for key, value in values.items():
            within, _, name = key.rpartition(".")
            inner = found.setdefault(within, {}) if within else found
            if isinstance(inner, dict):
                inner[name] = value
        return found

    return _some(spelling.fields, (*_RAW, *_PLAIN)).map(build)


def _spelled(name: str) -> Spelling:
    spelling = TABLE.find(Language.JSON, name)
    assert spelling is not None
    return spelling


_ACTIONS: Final = st.one_of(
    [
        _action(_spelled(name))
        for name in (*_of_language(Language.JSON), *("connect", "input", "conversation") * 2)
    ]
)
JSON: Final = st.lists(_ACTIONS, min_size=1, max_size=MOST_VERBS).map(json.dumps)
DOCUMENTS: Final = XML | JSON
