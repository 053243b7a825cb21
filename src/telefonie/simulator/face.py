"""The only module that puts the simulator's face together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.simulator import (
    applications,
    calls,
    clock,
    deliveries,
    documents,
    inbound,
    phones,
    reset,
)
from telefonie.simulator.errors import explain
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import Face, new_face

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

_DESCRIPTION: Final = (
    "Everything about an account that no real cloud would tell or allow: its clock, how the far ends of its"
    " calls behave, all its calls with their timelines, and every delivery of an event. It acts on the"
    " account of the API key; the key needs the scope `simulator`, or `read` for reading."
)


def build(engine: Engine) -> Face:
    """The face, to be mounted at /v1/simulator."""
    face = new_face(
        title="Telefonie Simulator", description=_DESCRIPTION, envelope=envelope(OURS), explain=explain
    )
    face.state.engine = engine
    for part in (clock, phones, inbound, calls, documents, deliveries, applications, reset):
        face.serve(part.router)
    return face
