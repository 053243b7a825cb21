"""The Nexmo / Vonage Voice API, version 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter

from telefonie.dialects.vonage import beta, calls, files, media
from telefonie.dialects.vonage.answer_schemas import Fault
from telefonie.dialects.vonage.entrance import DOCUMENTS, guard
from telefonie.dialects.vonage.errors import explain, render
from telefonie.dialects.vonage.letters import VonageFace
from telefonie.dialects.vonage.wording import FACE
from telefonie.web.face import Face, new_face
from telefonie.web.links import Links
from telefonie.web.openapi import BEARER
from telefonie.web.trail import Trail

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

__all__ = ["DOCUMENTS", "FACE", "PATHS", "VonageFace", "build", "build_v2", "build_v3"]

PATHS: Final = ("/calls", "/files", DOCUMENTS)  # what is this face's among what is served beside it
TITLE: Final = "Nexmo / Vonage Voice API"
DESCRIPTION: Final = (
    "Make, follow and control phone calls with the vendor's own clients. What is marked x-extension goes beyond the "
    "first published contract. Every path but ping needs a token, signed by the application's private key."
)


def build(engine: Engine, links: Links) -> Face:
    """The face, served by this engine."""
    return _face(engine, links, (calls.router, media.router, files.router), DOCUMENTS)


def build_v2(engine: Engine, links: Links) -> Face:
    """The second version, of which there is one operation."""
    return _face(engine, links, (beta.router,))


def build_v3(engine: Engine, links: Links) -> Face:
    """The third version, where some clients look for recordings."""
    return _face(engine, links, (files.router,))


def _face(engine: Engine, links: Links, routers: Sequence[APIRouter], docs_below: str = "") -> Face:
    face = new_face(
        title=TITLE,
        description=DESCRIPTION,
        envelope=render,
        explain=explain,
        security=BEARER,
        fault=Fault,
        docs_below=docs_below,
    )
    face.guard = guard
    for router in reversed(routers):  # each is put before those that are there
        face.serve(router)
    face.state.engine = engine
    face.state.links = links
    face.state.trail = Trail()
    return face
