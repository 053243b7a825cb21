"""Who said what, from when to when, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx

from telefonie.core.speaking import speaking_ms
from tests.simulator.calling import place
from tests.simulator.serving import serving
from tests.support.documents import judged

PassTime = Callable[[float], Awaitable[None]]
THEIRS: Final = "+31612345678"
LONG: Final = "One two three four five six seven eight nine ten."


async def a_talk(client: httpx.AsyncClient, pass_time: PassTime, document: str, **more: object) -> str:
    """A call that ran a document against this far end."""
    await client.put(f"/v1/simulator/phones/{THEIRS}", json={"greeting": "", "script": [{"wait": 0}], **more})
    async with serving({"/voice": document}) as site:
        call = await place(client, THEIRS, url=f"{site.url}/voice")
        await pass_time(30)
    return call


async def transcript(client: httpx.AsyncClient, call: str, form: str = "json") -> httpx.Response:
    answer = await client.get(f"/v1/simulator/calls/{call}/transcript", params={"format": form})
    assert answer.status_code == 200
    return answer


async def test_both_sides_are_told_in_their_order(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    script = [{"when_heard": "name", "steps": [{"say": "Kim", "language": "nl-NL", "confidence": 0.5}]}]
    call = await a_talk(
        client, pass_time, "<Response><Say>Your name</Say><Pause length='3'/></Response>", script=script
    )
    told = (await transcript(client, call)).json()
    asked = speaking_ms("Your name")
    assert told == {
        "call_id": call,
        "created_at": "2030-01-01T00:00:00.000Z",
        "total": 2,
        "entries": [
            {
                "speaker": "platform",
                "text": "Your name",
                "language": "en-US",
                "start_ms": 3_000,
                "end_ms": 3_000 + asked,
                "at": "2030-01-01T00:00:03.000Z",
                "cut": False,
            },
            {
                "speaker": "far_end",
                "text": "Kim",
                "language": "nl-NL",
                "start_ms": 3_000 + asked,
                "end_ms": 3_000 + asked + speaking_ms("Kim", "nl-NL"),
                "at": f"2030-01-01T00:00:03.{asked:03}Z",
                "confidence": 0.5,
                "cut": False,
            },
        ],
    }
    document: dict[str, Any] = (await client.get("/v1/simulator/openapi.json")).json()
    assert judged(document, "Transcript", told) == []


async def test_who_hangs_up_cuts_what_is_being_said(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await a_talk(client, pass_time, f"<Response><Say>{LONG}</Say></Response>", hangs_up_after=1)
    [line] = (await transcript(client, call)).json()["entries"]
    assert (line["cut"], line["start_ms"], line["end_ms"]) == (True, 3_000, 4_000)
    assert LONG.startswith(f"{line['text']} ")
    assert line["text"].startswith("One two")


async def test_a_call_on_which_nobody_spoke_has_an_empty_transcript(client: httpx.AsyncClient) -> None:
    call = await place(client)
    assert (await transcript(client, call)).json()["entries"] == []
    assert (await transcript(client, call, "text")).text == ""
    assert (await transcript(client, call, "vtt")).text == "WEBVTT\n"


async def test_it_is_told_as_text_and_as_captions(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await a_talk(
        client, pass_time, "<Response><Say>Fish &amp; chips</Say></Response>", hangs_up_after=60
    )
    text = await transcript(client, call, "text")
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.text == "[00:00:03.000] platform: Fish & chips\n"
    vtt = await transcript(client, call, "vtt")
    assert vtt.headers["Content-Type"] == "text/vtt; charset=utf-8"
    end = 3_000 + speaking_ms("Fish & chips")
    assert vtt.text == (
        f"WEBVTT\n\n00:00:03.000 --> 00:00:0{end // 1000}.{end % 1000:03}\n<v platform>Fish &amp; chips\n"
    )


async def test_an_unknown_format_and_an_unknown_call_are_told(client: httpx.AsyncClient) -> None:
    call = await place(client)
    wrong = await client.get(f"/v1/simulator/calls/{call}/transcript?format=pdf")
    assert (wrong.status_code, wrong.json()["details"][0]["field"]) == (400, "format")
    nobody = await client.get("/v1/simulator/calls/00000000-0000-4000-8000-000000000000/transcript")
    assert nobody.status_code == 404
