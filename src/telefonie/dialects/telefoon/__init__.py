"""The Telefoon Voice API, version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.dialects.telefoon import calls
from telefonie.dialects.telefoon.calls import FACE
from telefonie.dialects.telefoon.errors import CODES, explain
from telefonie.dialects.telefoon.letters import TelefoonFace
from telefonie.web.envelope import envelope
from telefonie.web.face import Face, new_face

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

__all__ = ["FACE", "HOST", "PREFIX", "TelefoonFace", "build"]

HOST: Final = "api.telefoon.com"  # by this name the face is called
PREFIX: Final = "/v1/voice"  # at this path, where its sister is by every other name
TITLE: Final = "Telefoon Voice API"
DESCRIPTION: Final = (
    "Phone calls in Europe, in many languages, recorded with consent. What is marked x-extension goes beyond "
    f"the contract. Called by the name {HOST}, the server has it at {PREFIX}."
)


def build(engine: Engine) -> Face:
    """The face, served by this engine."""
    face = new_face(title=TITLE, description=DESCRIPTION, envelope=envelope(CODES), explain=explain)
    face.serve(calls.router)
    face.state.engine = engine
    return face
