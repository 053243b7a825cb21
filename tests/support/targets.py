"""The only module that lends a test a migrated store of its own: a SQLite folder or a Postgres database."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias

from tests.support.databases import fresh_database

Target: TypeAlias = Path | str
KINDS: Final = ("sqlite", "postgres")


@asynccontextmanager
async def fresh_target(
    kind: str, folder: Path, migrated_folder: Path, server: str, template: str
) -> AsyncIterator[Target]:
    """What `open_store` opens; it holds the newest schema and nothing else."""
    if kind == "sqlite":
        shutil.copytree(migrated_folder, folder, dirs_exist_ok=True)
        yield folder
        return
    async with fresh_database(server, template=template) as url:
        yield url
