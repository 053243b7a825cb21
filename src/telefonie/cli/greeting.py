"""The only module that words what a person reads when the server is up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from telefonie.settings import Settings
from telefonie.web.logs import Masker

if TYPE_CHECKING:
    from telefonie.app import Welcome


def greeting(settings: Settings, welcome: Welcome, urls: Sequence[str], authority: Path | None) -> str:
    """Where the server is, and whatever is needed for a first call."""
    url, *others = urls
    rows = [("and on", other) for other in others]
    if authority:
        rows.append(("authority", f"{authority}  (`telefonie trust` says how to trust it)"))
    rows.append(("store", place(settings)))
    if welcome.key:
        rows.append(("API key", f"{welcome.key}  (header X-API-Key)"))
    if welcome.admin_key:
        rows.append(("admin key", f"{welcome.admin_key}  (header X-Admin-Key)"))
    rows += [("webhook secret", secret) for secret in welcome.secrets]
    rows.append(("documents", f"{settings.public_url or url}/docs"))
    return "\n".join([f"Telefonie listens on {url}", *(f"  {name:15} {text}" for name, text in rows)])


def place(settings: Settings) -> str:
    """Where things are kept, without a password."""
    if settings.database_url:
        return Masker()(settings.database_url.replace("+asyncpg", "", 1))
    return f"{settings.data} (gone at exit)" if settings.ephemeral else str(settings.data)
