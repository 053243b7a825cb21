"""The only module that says where each fact of the Telefonie contract is walked, and which wait for later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from tests.contract.walk import Contract

PassTime: TypeAlias = Callable[[float], Awaitable[object]]

# Paths that later steps build; they have no walk yet.
LATER_PATHS: Final[Mapping[str, str]] = {}
# Facts that nobody can see yet. As soon as an exercise sees one, it has to leave this list.
LATER: Final[Mapping[str, str]] = {}

CONTRACT: Final = Contract(
    "telefonie-voice-v1.yaml", {"Call": "telefonie-call.schema.json"}, later=LATER_PATHS
)

# Four files walk it; together they leave nothing out, whatever is added to the contract.
FIELDS: Final = [name for name in CONTRACT.facts if name.startswith(("Call.", "CallSchema."))]
LISTS: Final = [name for name in CONTRACT.facts if name.startswith("listCalls") and ".security." not in name]
CONFERENCES: Final = [
    name
    for name in CONTRACT.facts
    if ("Conference" in name.partition(".")[0] or name.startswith("Participant."))
    and ".security." not in name
]
CALLS: Final = [name for name in CONTRACT.facts if name not in {*FIELDS, *LISTS, *CONFERENCES}]
