"""The only module that brings a store to the schema of this code, and says whether it is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from telefonie.store.connect import lock_schema
from telefonie.store.tables import REVISION

ADVICE: Final = "run `telefonie migrate`, or start a server of a fitting version."
_PACKAGE: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Schema:
    """The store's revision, and the oldest revision whose code can still work on it."""

    revision: str | None
    oldest: str | None

    @property
    def fits(self) -> bool:
        """Current, or newer and still fit for this code: so an old replica stays up during a deploy."""
        if self.revision is None or self.oldest is None:
            return False
        return self.revision >= REVISION >= self.oldest


class Unfitting(Exception):
    """The store is older than this code, or too new for it."""

    def __init__(self, present: Schema) -> None:
        found = present.revision or "empty"
        super().__init__(f"The store is at revision {found}, this code needs {REVISION}: {ADVICE}")


def read(conn: Connection) -> Schema:
    """Where the store is."""
    present = set(inspect(conn).get_table_names())
    if not {"alembic_version", "compatibility"} <= present:
        return Schema(None, None)
    revision = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return Schema(revision, conn.execute(text("SELECT oldest FROM compatibility")).scalar())


def upgrade(conn: Connection) -> Schema:
    """Run the missing migrations, unless there are none or the store is ahead of this code."""
    lock_schema(conn)
    present = read(conn)
    if present.revision is not None and present.revision >= REVISION:
        return present
    # Only a store that is behind pays for loading alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    return read(conn)


def _migrations() -> Path:
    """In an installed package they lie inside it, in a checkout at the top."""
    inside = _PACKAGE / "migrations"
    return inside if inside.is_dir() else _PACKAGE.parent.parent / "migrations"
