"""The only module that puts the face of the number inventory together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from telefonie.numbers import numbers
from telefonie.numbers.schemas import shapes
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import Face, new_face

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

BELOW: Final = "/numbers"  # where its documents are: it shares /v1 with others
_DESCRIPTION: Final = (
    "The numbers that an account has, and what a call to one of them runs. With the number policy `owned`,"
    " only these may stand as the caller of a call."
)


def build(engine: Engine, faces: Sequence[str]) -> Face:
    """The face, to be mounted at /v1 after all else. `faces`: what APIs there are, the default first."""
    face = new_face(
        title="Telefonie Numbers",
        description=_DESCRIPTION,
        envelope=envelope(OURS),
        docs_below=BELOW,
        limited=True,
    )
    face.state.engine = engine
    face.state.shapes = shapes(faces)
    numbers.add_routes(face, face.state.shapes)
    return face
