"""The Telefonie Voice API, version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.dialects.telefonie import calls, conferences, participants
from telefonie.dialects.telefonie.calls import FACE
from telefonie.dialects.telefonie.errors import CODES, explain
from telefonie.dialects.telefonie.letters import TelefonieFace
from telefonie.web.envelope import envelope
from telefonie.web.face import Face, new_face

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

__all__ = ["FACE", "TelefonieFace", "build"]

TITLE: Final = "Telefonie Voice API"
DESCRIPTION: Final = (
    "Make, follow and control phone calls. What is marked x-extension goes beyond the contract."
)


def build(engine: Engine) -> Face:
    """The face, served by this engine."""
    face = new_face(title=TITLE, description=DESCRIPTION, envelope=envelope(CODES), explain=explain)
    for router in (participants.router, conferences.router, calls.router):
        face.serve(router)  # before those that are served already
    face.state.engine = engine
    return face
