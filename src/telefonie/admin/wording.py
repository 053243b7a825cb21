"""The only module that words accounts, keys and secrets."""

from __future__ import annotations

from typing import Final

from telefonie.admin import settings_schemas
from telefonie.core.accounts import Account, Key, Secret
from telefonie.web.fields import iso

Json = dict[str, object]

_SHOWN: Final = len("whsec_") + 4  # enough to tell secrets apart, nothing to sign with


def account(it: Account) -> Json:
    """An account and how it is set."""
    return {
        "id": it.id,
        "name": it.name,
        "created_at": iso(it.created_at),
        "settings": settings_schemas.worded(it.settings),
    }


def key(it: Key) -> Json:
    """A key, without the key itself."""
    worded: Json = {
        "id": it.id,
        "name": it.name,
        "hint": it.hint,
        "scopes": sorted(it.scopes),
        "created_at": iso(it.created_at),
    }
    return worded if it.revoked_at is None else worded | {"revoked_at": iso(it.revoked_at)}


def secret(it: Secret) -> Json:
    """A secret, masked."""
    worded: Json = {"id": it.id, "hint": f"{it.value[:_SHOWN]}...", "created_at": iso(it.created_at)}
    return worded if it.retires_at is None else worded | {"retires_at": iso(it.retires_at)}
