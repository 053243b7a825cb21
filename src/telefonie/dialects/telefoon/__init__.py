"""The Telefoon Voice API, version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.dialects.telefoon import calls, conferences, recordings, trunks
from telefonie.dialects.telefoon.calls import FACE
from telefonie.dialects.telefoon.errors import CODES, explain
from telefonie.dialects.telefoon.letters import PREFIX, TelefoonFace
from telefonie.web.envelope import envelope
from telefonie.web.face import Face, new_face
from telefonie.web.links import Links
from telefonie.web.trail import Trail

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

__all__ = ["ALIAS", "FACE", "HOST", "PREFIX", "TelefoonFace", "build"]

HOST: Final = "api.telefoon.com"  # whoever calls the server by this name
ALIAS: Final = "/v1/voice"  # finds the face here, where its sister is by every other name
TITLE: Final = "Telefoon Voice API"
DESCRIPTION: Final = (
    "Phone calls in Europe, in many languages, recorded with consent. What is marked x-extension goes beyond "
    f"the contract. Called by the name {HOST}, the server has it at {ALIAS}."
)


def build(engine: Engine, links: Links) -> Face:
    """The face, served by this engine."""
    face = new_face(
        title=TITLE, description=DESCRIPTION, envelope=envelope(CODES), explain=explain, limited=True
    )
    for router in (trunks.router, recordings.sounds, recordings.router, conferences.router, calls.router):
        face.serve(router)
    face.state.engine = engine
    face.state.links = links
    face.state.trail = Trail()
    return face
