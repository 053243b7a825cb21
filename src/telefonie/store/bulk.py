"""The only module that writes many rows with one statement, prepared once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.dml import UpdateBase


class Bulk:
    """A statement compiled once for each database, then handed to the driver with all its rows."""

    def __init__(self, build: Any) -> None:
        self._build = build
        self._texts: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {}

    def run(self, conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Every row carries the same keys: the statement's parameters."""
        if not rows:
            return
        sql, names, constants = self._texts.get(conn.dialect.name) or self._prepare(conn)
        if constants:
            rows = [constants | row for row in rows]
        conn.exec_driver_sql(sql, [tuple([row[name] for name in names]) for row in rows])

    def _prepare(self, conn: Connection) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        statement: UpdateBase = self._build(conn.dialect.name)
        compiled = statement.compile(dialect=conn.dialect)
        names = tuple(compiled.positiontup or ())
        # What the statement itself compares with or sets travels as a parameter, too.
        constants = {name: compiled.binds[name].value for name in names if not compiled.binds[name].required}
        prepared = (str(compiled), names, constants)
        self._texts[conn.dialect.name] = prepared
        return prepared
