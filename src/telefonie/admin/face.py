"""The only module that puts the operator's face together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.admin import accounts, archive, audits, erasures, keys, recordings
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import Face, new_face
from telefonie.web.openapi import ADMIN_KEY

if TYPE_CHECKING:
    from telefonie.engine.house import Engine

_DESCRIPTION: Final = (
    "Accounts with their keys, secrets and settings, for whoever runs this server. A test can make an account"
    " of its own here and delete it again. Keys and secrets are shown once, when they are made. And what is kept"
    " of them: recordings on hold, the audit trail, erasures, and the compliance archive."
)


def build(engine: Engine, admin_key_hash: str) -> Face:
    """The face, to be mounted at /v1/admin. `admin_key_hash`: SHA-256 of the admin key, in hexadecimal."""
    face = new_face(
        title="Telefonie Admin", description=_DESCRIPTION, envelope=envelope(OURS), security=ADMIN_KEY
    )
    face.state.engine = engine
    face.state.admin_key_hash = admin_key_hash
    for part in (accounts, keys, recordings, audits, erasures, archive):
        face.serve(part.router)
    return face
