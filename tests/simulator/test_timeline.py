"""Everything that happened to a call, in order: what tests and people read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import pytest

from telefonie.core.events import Actor, Event, Kind
from telefonie.simulator.timeline_wording import entry
from tests.simulator.calling import entries, place
from tests.simulator.serving import serving
from tests.support.documents import judged

PassTime = Callable[[float], Awaitable[None]]
THEIRS: Final = "+31612345678"
START: Final = 1_893_456_000_000

# What each kind of fact carries, as those write it who know it.
FACTS: Final[dict[Kind, list[dict[str, Any]]]] = {
    Kind.PLACED: [{}],
    Kind.RANG: [{}],
    Kind.ANSWERED: [{}],
    Kind.ENDED: [{"status": "unanswered", "cause": "ring_timeout", "ended_by": "platform"}],
    Kind.CLOSED: [{"status": "busy", "cause": "busy", "ended_by": "far_end"}],
    Kind.DETECTED: [{"heard": "machine"}],
    Kind.BEEPED: [{"beep": True}, {"beep": False}],
    Kind.KEYS_SENT: [{"digits": "1w2"}],
    Kind.REDIRECTED: [{"url": "https://example.com", "method": "GET"}, {"document": "[]"}],
    Kind.FIELDS_IGNORED: [{"fields": ["colour"]}],
    Kind.STEPPED: [{"verb": "Say", "line": 1, "column": 11}],
    Kind.FETCHED: [
        {"url": "https://example.com", "method": "POST", "ms": 12, "status": 200},
        {"url": "https://example.com", "method": "GET", "ms": 12, "code": 11200},
    ],
    Kind.WARNED: [
        {"code": 12200, "message": "no such verb", "line": 3, "column": 5},
        {"code": 11200, "message": "not found", "url": "https://example.com"},
    ],
    Kind.UNUSABLE: [
        {"code": 12100, "reason": "a comma is missing", "url": "https://example.com", "purpose": "action"}
    ],
    Kind.SAID: [
        {"text": "Hi", "ms": 200, "language": "en-US", "voice": "kim", "pieces": [[0, 200, "Hi", "en-US"]]},
        {"text": "Hi", "ms": 200, "language": "en-US", "confidence": 0.9},
    ],
    Kind.OVERHEARD: [{"text": "Hi", "ms": 200, "language": "en-US", "call_id": "c2"}],
    Kind.HUSHED: [{}],
    Kind.HEARD: [{"wanted": "(?i)hi", "text": "Hi"}],
    Kind.MISSED: [{"wanted": "hi"}],
    Kind.PLAYED: [
        {"what": "file", "ms": 900, "url": "https://example.com/a.wav"},
        {"what": "beep", "ms": 500},
        {"what": "music"},
    ],
    Kind.PRESSED: [{"digits": "1"}],
    Kind.GATHERED: [{"digits": "12"}, {"speech": "two", "confidence": 0.5, "timed_out": True}],
    Kind.RECORDED: [
        {"state": "started", "recording_id": "r1", "source": "record", "channels": 1, "track": "both"},
        {"state": "finished", "recording_id": "r1", "ms": 900, "lead_ms": 0, "why": "key"},
        {"state": "paused", "recording_id": "r1"},
    ],
    Kind.CONSENTED: [{"given": True, "how": "announced"}, {"given": False, "how": "key"}],
    Kind.DIALED: [{"to": THEIRS, "call_id": "c2"}],
    Kind.CONNECTED: [{"call_id": "c2"}],
    Kind.PARTED: [{"call_id": "c2"}],
    Kind.JOINED: [{"room": "m1", "name": "standup"}, {"queue": "m2", "name": "desk", "place": 1}],
    Kind.LEFT: [{"room": "m1", "name": "standup", "why": "hung_up"}],
    Kind.MUTED: [{}],
    Kind.UNMUTED: [{}],
    Kind.DEAFENED: [{}],
    Kind.UNDEAFENED: [{}],
    Kind.HELD: [{}],
    Kind.UNHELD: [{}],
    Kind.DISCONNECTED: [{"why": "1000 goodbye"}],
    Kind.STREAMED: [
        {"action": "started", "uri": "wss://x.test"},
        {"what": "stream", "state": "stopped", "id": "s1"},
    ],
    Kind.DID: [{"verb": "Refer", "what": "referred", "to": "sip:kim@example.com"}],
}
TYPES: Final = {
    Kind.PLACED: "status",
    Kind.RANG: "status",
    Kind.ANSWERED: "status",
    Kind.ENDED: "status",
    Kind.KEYS_SENT: "pressed",
    Kind.FIELDS_IGNORED: "ignored_fields",
}


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_of_fact_is_told_as_the_document_says(client: httpx.AsyncClient, kind: Kind) -> None:
    document = (await client.get("/v1/simulator/openapi.json")).json()
    told = [
        entry(Event(number, START + 1_500, kind, Actor.FAR_END, data), START)
        for number, data in enumerate(FACTS[kind])
    ]
    timeline = {"call_id": "c1", "created_at": "x", "entries": told, "total": len(told)}
    assert judged(document, "Timeline", timeline) == []
    for each in told:
        assert each["type"] == TYPES.get(kind, kind.value)
        assert (each["offset_ms"], each["actor"]) == (1_500, "far_end")
        assert "pieces" not in each


def test_where_a_played_file_is_kept_is_nobodys_business() -> None:
    data = {"url": "https://a.test/bell.wav", "what": "file", "ms": 700, "sound": "a1/sounds/5e"}
    told = entry(Event(0, 5, Kind.PLAYED, Actor.PLATFORM, data), 0)
    assert told.keys() >= {"url", "what", "ms"}
    assert "sound" not in told


def test_what_an_instruction_tells_of_itself_stands_beside_but_takes_no_names_place() -> None:
    data = {"verb": "Pay", "type": "card", "at": 0, "nothing": None}
    told = entry(Event(0, START, Kind.DID, Actor.PLATFORM, data), START)
    assert told == {
        "at": "2030-01-01T00:00:00.000Z",
        "offset_ms": 0,
        "actor": "platform",
        "type": "did",
        "verb": "Pay",
    }


def test_a_type_that_is_unknown_or_lacks_its_fields_does_not_fit(
    document_of_the_face: dict[str, Any],
) -> None:
    common = {"at": "x", "offset_ms": 0, "actor": "platform"}
    for wrong in (
        {"type": "sang"},
        {"type": "status"},
        {"type": "said", "text": "x"},
        {"type": "hushed", "x": 1},
    ):
        timeline = {"call_id": "c1", "created_at": "x", "entries": [{**common, **wrong}], "total": 1}
        assert judged(document_of_the_face, "Timeline", timeline), wrong


@pytest.fixture
async def document_of_the_face(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/v1/simulator/openapi.json")).json()
    return found


async def test_a_call_with_a_document_tells_every_step_fetch_warning_and_sentence(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    document = "<Response><Say>Press one</Say><Sing/><Pause length='2'/></Response>"
    script = [{"when_heard": "press one", "steps": [{"press": "1"}]}, {"say": "Bye"}]
    await client.put(f"/v1/simulator/phones/{THEIRS}", json={"greeting": "", "script": script})
    async with serving({"/voice": document}) as site:
        call = await place(client, THEIRS, url=f"{site.url}/voice")
        await pass_time(30)
    told = await entries(client, call)
    fetched = next(each for each in told if each["type"] == "fetched")
    assert fetched.pop("ms") >= 0
    assert fetched.items() >= {"url": f"{site.url}/voice", "method": "POST", "status": 200}.items()
    assert [(each["actor"], each["type"]) for each in told[3:]] == [
        ("platform", "fetched"),
        ("platform", "warned"),
        ("platform", "stepped"),
        ("platform", "said"),
        ("far_end", "heard"),
        ("far_end", "pressed"),
        ("platform", "stepped"),
        ("far_end", "said"),
        ("platform", "status"),
    ]
    warned, said = told[4], told[6]
    assert (warned["code"], warned["line"], warned["column"]) == (12200, 1, 31)
    assert said.items() >= {"text": "Press one", "language": "en-US"}.items()
    assert [each["offset_ms"] for each in told] == sorted(each["offset_ms"] for each in told)


DOCUMENTS: Final = {
    "gather": "<Response><Gather numDigits='1' timeout='2'><Say>Pick one</Say></Gather></Response>",
    "record": "<Response><Record maxLength='3'/></Response>",
    "dial": "<Response><Dial timeLimit='5'>+12125550100</Dial></Response>",
    "conference": "<Response><Dial timeLimit='5'><Conference>standup</Conference></Dial></Response>",
    "queue": "<Response><Enqueue waitUrl=''>desk</Enqueue></Response>",
    "stream": "<Response><Start><Stream url='wss://example.com/a'/></Start><Pause length='1'/></Response>",
    "refer": "<Response><Refer><Sip>sip:kim@example.com</Sip></Refer></Response>",
    "pay": "<Response><Pay/></Response>",
    "play": "<Response><Play>/nothing.wav</Play><Play digits='12'/></Response>",
    "input": '[{"action": "input", "type": ["dtmf"], "dtmf": {"timeOut": 2}, "eventUrl": ["https://x.invalid"]}]',
    "conversation": '[{"action": "conversation", "name": "standup"}]',
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_whatever_a_document_does_its_timeline_and_transcript_fit_what_is_documented(
    client: httpx.AsyncClient, pass_time: PassTime, document_of_the_face: dict[str, Any], name: str
) -> None:
    script = [
        {"wait": 0.5},
        {"press": "1"},
        {"say": "Hello there"},
        {"hold": 1},
        {"wait": 9},
        {"hangup": True},
    ]
    await client.put(f"/v1/simulator/phones/{THEIRS}", json={"script": script})
    async with serving({"/voice": DOCUMENTS[name]}) as site:
        call = await place(client, THEIRS, url=f"{site.url}/voice")
        await pass_time(40)
    calls = (await client.get("/v1/simulator/calls")).json()["calls"]
    assert {each["status"] for each in calls} == {"completed"}
    for each in calls:
        assert judged(document_of_the_face, "Call", each) == []
        for page, schema in (("timeline", "Timeline"), ("transcript", "Transcript")):
            told = (await client.get(f"/v1/simulator/calls/{each['id']}/{page}")).json()
            assert judged(document_of_the_face, schema, told) == [], told
    assert "stepped" in [each["type"] for each in await entries(client, call)]


async def test_the_legs_of_a_call_are_found_by_it(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    async with serving({"/voice": DOCUMENTS["dial"]}) as site:
        call = await place(client, url=f"{site.url}/voice")
        other = await place(client)
        await pass_time(30)
    found = (await client.get("/v1/simulator/calls", params={"parent_call_id": call})).json()
    [leg] = found["calls"]
    assert found["total"] == 1
    assert (leg["parent_call_id"], leg["to"]) == (call, "+12125550100")
    [dialed] = [each for each in await entries(client, call) if each["type"] == "dialed"]
    assert dialed["call_id"] == leg["id"]
    assert (await client.get(f"/v1/simulator/calls?parent_call_id={other}")).json()["total"] == 0
    heard = (await client.get(f"/v1/simulator/calls/{call}/transcript")).json()["entries"]
    assert ("other", leg["id"]) in [(each["speaker"], each.get("call_id")) for each in heard]
