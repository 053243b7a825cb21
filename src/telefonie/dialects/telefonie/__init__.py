"""The Telefonie Voice API and the Telefonie Call Recording API, version 1.

They are two faces of one thing: what was recorded of the first one's calls is found on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter

from telefonie.dialects.telefonie import calls, conferences, media, participants, recordings, transcripts
from telefonie.dialects.telefonie.calls import FACE
from telefonie.dialects.telefonie.errors import CODES, explain
from telefonie.dialects.telefonie.letters import TelefonieFace
from telefonie.web.envelope import envelope
from telefonie.web.face import Face, new_face
from telefonie.web.links import Links
from telefonie.web.trail import Trail

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

__all__ = ["FACE", "TelefonieFace", "build", "build_recordings"]

TITLE: Final = "Telefonie Voice API"
DESCRIPTION: Final = (
    "Make, follow and control phone calls. What is marked x-extension goes beyond the contract."
)
RECORDINGS_TITLE: Final = "Telefonie Call Recording API"
RECORDINGS_DESCRIPTION: Final = (
    "Find, hear, read and remove what was recorded of the calls and conferences of the Telefonie Voice API, which "
    "has all of this at its own paths, too. What is marked x-extension goes beyond the contract."
)
_RECORDINGS: Final = (recordings.router, transcripts.router, media.router)
_ROUTERS: Final = (calls.router, conferences.router, participants.router, *_RECORDINGS)


def build(engine: Engine, links: Links) -> Face:
    """The face, served by this engine."""
    return _face(engine, links, TITLE, DESCRIPTION, _ROUTERS)


def build_recordings(engine: Engine, links: Links) -> Face:
    """Recordings alone, at the place where the vendor has them."""
    return _face(engine, links, RECORDINGS_TITLE, RECORDINGS_DESCRIPTION, _RECORDINGS)


def _face(engine: Engine, links: Links, title: str, description: str, routers: Sequence[APIRouter]) -> Face:
    face = new_face(
        title=title, description=description, envelope=envelope(CODES), explain=explain, limited=True
    )
    for router in reversed(routers):  # each is put before those that are there
        face.serve(router)
    face.state.engine = engine
    face.state.links = links
    face.state.trail = Trail()
    return face
