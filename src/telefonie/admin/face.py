"""The only module that puts the operator's face together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.admin import accounts, keys
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import Face, new_face

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

_DESCRIPTION: Final = (
    "Accounts with their keys, secrets and settings, for whoever runs this server. A test can make an account"
    " of its own here and delete it again. Keys and secrets are shown once, when they are made."
)


def build(engine: Engine) -> Face:
    """The face, to be mounted at /v1/admin; the app tells its state the `admin_key_hash`."""
    face = new_face(
        title="Telefonie Admin", description=_DESCRIPTION, envelope=envelope(OURS), key_header="X-Admin-Key"
    )
    face.state.engine = engine
    for part in (accounts, keys):
        face.include_router(part.router)
    return face
