"""The only module that says what goes on beside a call's documents, and outlives them: plain values.

A recording in the background, a stream, a listener: a verb begins it with `StartAside`, and it goes on over all
documents until it is ended by `StopAside` or by the end of the call. The file of its verb says under `ENDINGS`,
by kind, what is to be written down and told at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

KEYS: Final = "keys"  # every key is told: `url`, `method` and `verb` are its data


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that goes on beside the documents."""

    kind: str
    id: str
    since: int
    name: str = ""  # what the document calls it
    data: Mapping[str, Any] = field(default_factory=dict)  # its kind's own; plain JSON
    base: str | None = None  # of the document that began it, which may be gone
