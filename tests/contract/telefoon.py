"""The only module that says where each fact of the Telefoon contract is walked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import httpx

from tests.contract.face import CALLER, HUMAN, phone
from tests.contract.walk import Contract

PassTime: TypeAlias = Callable[[float], Awaitable[object]]

NAME: Final = "api.telefoon.com"  # at the path of the contract the face is found by this name alone
CONTRACT: Final = Contract("telefoon-voice-v1.yaml", {})

# Three files walk it; together they leave nothing out, whatever is added to the contract.
CONFERENCES: Final = [name for name in CONTRACT.facts if "onference" in name.partition(".")[0]]
FIELDS: Final = [name for name in CONTRACT.facts if name.startswith("Call.")]
CALLS: Final = [name for name in CONTRACT.facts if name not in {*CONFERENCES, *FIELDS}]


def named(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A customer whose requests go to the vendor's name."""
    client.headers["Host"] = NAME
    return client


def order(**fields: Any) -> dict[str, Any]:
    """The body of a call's creation."""
    return {"to": phone(HUMAN), "from": CALLER, **fields}
