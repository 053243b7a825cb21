"""The documents for people work without the internet, and nothing foreign can run in them."""

from __future__ import annotations

import base64
import hashlib
import re

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from telefonie.web.docs import Entry, list_of_faces
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import new_face


async def page(path: str) -> httpx.Response:
    face = new_face(title="A face", description="What it does.", envelope=envelope(OURS))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(face), base_url="http://127.0.0.1") as client:
        return await client.get(path)


async def test_a_face_draws_its_own_document() -> None:
    answer = await page("/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert len(answer.content) < 15_000
    assert 'fetch("openapi.json")' in answer.text
    assert (await page("/openapi.json")).json()["info"]["title"] == "A face"
    assert "/docs" not in (await page("/openapi.json")).json()["paths"]


async def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = (await page("/docs")).text
    assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.", text)
    assert not re.search(r"<(?:link|img|iframe)\b", text)
    assert "innerHTML" not in text
    assert not re.search(r"\son[a-z]+=", text)


def hashes(kind: str, text: str) -> list[str]:
    found = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
    assert found
    return [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in found]


async def test_only_the_script_that_we_wrote_may_run() -> None:
    answer = await page("/docs")
    policy = dict(each.split(" ", 1) for each in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert [policy["script-src"]] == [f"'sha256-{each}'" for each in hashes("script", answer.text)]
    assert [policy["style-src"]] == [f"'sha256-{each}'" for each in hashes("style", answer.text)]


async def test_the_list_leads_to_each_face_and_runs_no_script() -> None:
    async def listed(_request: Request) -> Response:
        return list_of_faces([Entry("/v1/voice", "Voice <1>", "Calls.\n\nAnd more.")], "1.2.3")

    app = Starlette(routes=[Route("/", listed)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        answer = await client.get("/")
    assert 'href="/v1/voice/docs"' in answer.text
    assert 'href="/v1/voice/openapi.json"' in answer.text
    assert "Voice &lt;1&gt;" in answer.text
    assert "<p>And more.</p>" in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert f"'sha256-{hashes('style', answer.text)[0]}'" in answer.headers["content-security-policy"]
