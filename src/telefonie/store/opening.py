"""The only module that chooses the store: a folder means SQLite, a URL means Postgres."""

from __future__ import annotations

from pathlib import Path

from telefonie.store.connect import Store
from telefonie.store.sqlite import SqliteStore


def open_store(target: str | Path, *, pooled: bool = False) -> Store:
    """The store at a Postgres URL or in a folder."""
    if isinstance(target, Path):
        return SqliteStore(target)
    # Only who has a Postgres pays for loading its driver, a fifth of a second.
    from telefonie.store.postgres import PostgresStore  # noqa: PLC0415

    return PostgresStore(target, pooled=pooled)
