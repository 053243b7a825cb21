"""The only module that serves the documents for people, drawn from openapi.json without the internet."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI

_HERE: Final = Path(__file__).parent
_STYLE: Final = "/*STYLE*/"
_SCRIPT: Final = "/*SCRIPT*/"


class Entry(NamedTuple):
    """A face on the list of faces."""

    path: str
    title: str
    about: str


def with_docs(face: FastAPI, below: str) -> None:
    """Give a face its page at /docs, beside its /openapi.json; both may lie `below` a path of its own."""
    page = Route(f"{below}/docs", _page_of_a_face, methods=["GET"], include_in_schema=False)
    face.router.routes.append(page)


def list_of_faces(entries: Sequence[Entry], version: str) -> Response:
    """The page that leads to all others."""
    rows = "".join(
        f"<h2>{escape(each.title)}</h2>{_paragraphs(each.about)}<p><code>{escape(each.path)}</code> &middot; "
        f'<a href="{escape(each.path)}/docs">documents</a> &middot; '
        f'<a href="{escape(each.path)}/openapi.json">openapi.json</a></p>'
        for each in entries
    )
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Telefonie</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<style>{_text('docs.css')}</style></head>"
        f"<body><h1>Telefonie {escape(version)}</h1>{rows}</body></html>"
    )
    return HTMLResponse(page, headers=_headers(script=None))


async def _page_of_a_face(_request: Request) -> Response:
    page = _text("docs.html").replace(_STYLE, _text("docs.css")).replace(_SCRIPT, _text("docs.js"))
    return HTMLResponse(page, headers=_headers(script="docs.js"))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part)


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


@cache
def _headers(script: str | None) -> dict[str, str]:
    """Nothing is loaded but our own openapi.json, and nothing runs but the script that the page carries."""
    policy = [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        f"style-src {_hash(_text('docs.css'))}",
    ]
    if script:
        policy += [f"script-src {_hash(_text(script))}", "connect-src 'self'"]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
