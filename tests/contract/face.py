"""The only module that speaks to a face by its contract: operations by name, never by path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import httpx

from tests.contract.ledger import Ledger
from tests.contract.walk import content_of

# A value of a wrong type, for every type that a request can have.
WRONG: Final[Mapping[str, object]] = {
    "string": 7,
    "integer": "soon",
    "boolean": "perhaps",
    "array": "one",
    "object": "thing",
}


class Face:
    """One served face, and the ledger in which its answers are counted."""

    def __init__(self, client: httpx.AsyncClient, ledger: Ledger) -> None:
        self.client = client
        self.ledger = ledger

    def request(self, operation: str, *ids: str, **parts: Any) -> httpx.Request:
        """The request that the contract describes; `ids` fill its path in order."""
        what = self.ledger.contract.operations[operation]
        inner = [name for name, each in what.parameters.items() if each["in"] == "path"]
        path = what.path.format(**dict(zip(inner, ids, strict=True)))
        return self.client.build_request(what.method, self.ledger.contract.base + path, **parts)

    async def ask(self, operation: str, *ids: str, **parts: Any) -> httpx.Response:
        """Any answer; nothing is counted."""
        return await self.client.send(self.request(operation, *ids, **parts))

    async def good(self, operation: str, *ids: str, status: int | None = None, **parts: Any) -> Any:
        """A documented answer, validated and counted; its content. It names no field that it ignored."""
        response = await self.ask(operation, *ids, **parts)
        content = self.ledger.answer(operation, response)
        success = next(iter(self.ledger.contract.operations[operation].answers))
        assert response.status_code == (status or int(success))
        assert "x-ignored-fields" not in response.headers
        if response.is_success:
            self._tick_path(operation)
            self.ledger.tick("server")
        return content

    async def refused(
        self, status: int, operation: str, *ids: str, field: str | None = None, **parts: Any
    ) -> Any:
        """A refusal in the envelope of all refusals, and it names the field that is to blame."""
        response = await self.ask(operation, *ids, **parts)
        assert response.status_code == status, response.text
        problem = response.json()
        assert problem["status"] == status
        assert isinstance(problem["code"], int)
        assert problem["error"]
        assert problem["message"]
        assert problem["request_id"] == response.headers["x-request-id"]
        if field is not None:
            assert field in [detail["field"] for detail in problem["details"]]
        return problem

    async def dial(self, to: str, **fields: Any) -> Any:
        """Place a call; the Call as it was answered."""
        return await self.good("initiateCall", json={"to": to, "from": CALLER, **fields})

    async def look(self, call: Mapping[str, Any]) -> Any:
        """The same call as it stands now."""
        return await self.good("getCall", call["id"])

    def fields(self, operation: str) -> Mapping[str, Any]:
        """The fields that the body of a request may have, with their schemas."""
        body = self.ledger.contract.operations[operation].body
        found = None if body is None else content_of(body)
        return {} if found is None else self.ledger.contract.resolved(found[1])["properties"]

    def _tick_path(self, operation: str) -> None:
        for name, parameter in self.ledger.contract.operations[operation].parameters.items():
            if parameter["in"] == "path":
                stem = f"{operation}.parameter.{name}"
                self.ledger.tick(stem, f"{stem}.in", f"{stem}.required", f"{stem}.type")


CALLER: Final = "+13125550199"


def phone(digit: int, which: int = 0) -> str:
    """A reserved number; the digit says how the far end behaves, and there are ten of each."""
    return f"+131255501{digit}{which}"


HUMAN, BRIEF, BUSY, SILENT, REJECTING, FAILING, MACHINE, BEEPING = range(8)
