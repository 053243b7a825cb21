"""The only module that says how a call takes part in a room, and what it hears there beside the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telefonie.core.derive import derived
from telefonie.flow.deeds import Deed, Hush, StopBeside
from telefonie.flow.program import Memory

MOST: Final = 250
# What is heard beside the others, or instead of them.
NOTHING, MUSIC, DOCUMENT, ANNOUNCEMENT = "", "music", "document", "announcement"


LONGEST_NAME: Final = 128


def place(application: str | None, name: str) -> str:
    """Under which name a room is found: the rooms of an application are its own."""
    if application is None or not name:
        return name
    found = f"{application}:{name}"
    return found if len(found) <= LONGEST_NAME else f"{application}:{derived(application, name)}"


def shown(application: str | None, name: str) -> str:
    """What that room is called by those who come into it."""
    return name if application is None else name.removeprefix(f"{application}:")


@dataclass(frozen=True, slots=True)
class Ways:
    """How a call takes part."""

    starts: bool = True
    ends: bool = False
    muted: bool = False
    most: int = MOST
    label: str = ""
    beep: str = "both"
    quorum: int = 2
    heard_by: tuple[str, ...] | None = None
    hears: tuple[str, ...] | None = None
    coach: str = ""  # the one call that hears it, which must be in the room


def wanted(memory: Memory, wait_url: str | None) -> str:
    """What is to be heard while nothing is announced. No URL to wait with: music; an empty one: silence."""
    if memory["held"]:
        return MUSIC
    if memory["at"] == "in" or memory.get("heard_out"):
        return NOTHING
    if wait_url is None:
        return MUSIC
    return DOCUMENT if wait_url else NOTHING


def still(memory: Memory) -> tuple[Deed, ...]:
    """What is heard beside the others stops."""
    heard = memory.get("hears", NOTHING)
    if heard == MUSIC:
        return (Hush(),)
    return (StopBeside(),) if heard in (DOCUMENT, ANNOUNCEMENT) else ()
