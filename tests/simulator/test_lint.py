"""A document is looked over without a call."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.simulator.serving import serving

LINT = "/v1/simulator/documents/lint"


async def lint(client: httpx.AsyncClient, **given: object) -> dict[str, Any]:
    answer = await client.post(LINT, json=given)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_good_document_has_its_verbs_in_order_and_no_warning(client: httpx.AsyncClient) -> None:
    document = "<Response><Say>Hello</Say><Pause length='2'/><Hangup/></Response>"
    assert await lint(client, document=document) == {
        "readable": True,
        "kind": "xml",
        "verbs": ["Say", "Pause", "Hangup"],
        "warnings": [],
    }


async def test_what_is_odd_is_told_with_its_place(client: httpx.AsyncClient) -> None:
    told = await lint(client, document="<Response>\n  <Say voise='x'>Hello</Say>\n  <Sing/>\n</Response>")
    assert told["readable"] is True
    assert told["verbs"] == ["Say"]
    assert [(each["code"], each["line"], each["column"]) for each in told["warnings"]] == [
        (12200, 2, 3),
        (12200, 3, 3),
    ]
    assert "Sing" in told["warnings"][1]["message"]


async def test_a_document_that_cannot_be_read_says_why_and_where(client: httpx.AsyncClient) -> None:
    told = await lint(client, document="<Response><Say>Hello</Response>")
    assert (told["readable"], told["kind"], told["verbs"], told["warnings"]) == (False, "xml", [], [])
    assert told["error"]["code"] == 12100
    assert told["error"]["line"] == 1
    assert told["error"]["column"] > 1


@pytest.mark.parametrize(
    ("document", "content_type", "kind", "verbs"),
    [
        ('[{"action": "talk", "text": "Hello"}]', None, "json", ["talk"]),
        ('[{"action": "talk", "text": "Hello"}]', "application/json", "json", ["talk"]),
        ("Hello there", None, "text", ["Say"]),
        ("<Response><Say>x</Say></Response>", "text/plain", "xml", ["Say"]),
        (
            '<?xml version="1.0" encoding="ISO-8859-1"?><Response><Say>é</Say></Response>',
            None,
            "xml",
            ["Say"],
        ),
        ("<Response><Say>é</Say></Response>", "text/xml; charset=iso-8859-1", "xml", ["Say"]),
    ],
)
async def test_what_it_is_taken_for(
    client: httpx.AsyncClient, document: str, content_type: str | None, kind: str, verbs: list[str]
) -> None:
    given = {"document": document} | ({} if content_type is None else {"content_type": content_type})
    told = await lint(client, **given)
    assert (told["readable"], told["kind"], told["verbs"]) == (True, kind, verbs)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"document": "<Response><Say>Hello</Say></Response>", "content_type": "image/png"}, 12300),
        ({"document": "<Foo/>"}, 12100),
        ({"document": '{"action": "talk"}'}, 12100),
        ({"document": ""}, None),
        ({"document": "<Response>" + "x" * 65_536 + "</Response>"}, 11750),
        ({"document": "<!DOCTYPE a [<!ENTITY b 'c'>]><Response><Say>&b;</Say></Response>"}, 12100),
    ],
)
async def test_what_is_no_document_is_an_answer_and_no_error(
    client: httpx.AsyncClient, given: dict[str, object], code: int | None
) -> None:
    told = await lint(client, **given)
    assert told["readable"] is (code is None)
    assert told.get("error", {}).get("code") == code


async def test_a_document_is_asked_for_where_it_is(client: httpx.AsyncClient) -> None:
    async with serving({"/voice": "<Response><Sing/></Response>"}) as site:
        told = await lint(client, url=f"{site.url}/voice")
        again = await lint(client, url=f"{site.url}/voice", method="GET")
        assert site.asked == ["POST /voice", "GET /voice"]
        assert '"event":"document.lint"' in site.bodies[0]
    assert again == told
    assert (told["readable"], told["url"], told["status"]) == (True, f"{site.url}/voice", 200)
    assert [each["code"] for each in told["warnings"]] == [12200]
    assert (await client.get("/v1/simulator/deliveries")).json()["total"] == 0


async def test_a_document_that_cannot_be_had_says_why(client: httpx.AsyncClient) -> None:
    async with serving({}) as site:
        told = await lint(client, url=f"{site.url}/voice")
    assert (told["readable"], told["status"], told["error"]["code"]) == (False, 404, 11200)
    gone = await lint(client, url=f"{site.url}/voice")
    assert (gone["readable"], gone["error"]["code"]) == (False, 11205)
    inside = await lint(client, url="http://169.254.169.254/latest/meta-data")
    assert (inside["readable"], inside["error"]["code"]) == (False, 11205)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "body"),
        ({"document": "x", "url": "https://example.com"}, "body"),
        ({"url": "https://example.com", "content_type": "text/xml"}, "body"),
        ({"document": "x", "method": "GET"}, "body"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "https://example.com", "method": "PUT"}, "method"),
        ({"document": 5}, "document"),
        ({"document": None}, "document"),
    ],
)
async def test_what_is_wrong_is_told_field_by_field(
    client: httpx.AsyncClient, given: dict[str, object], field: str
) -> None:
    answer = await client.post(LINT, json=given)
    assert answer.status_code == 400
    assert field in [each["field"] for each in answer.json()["details"]]
