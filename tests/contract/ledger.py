"""The only module that keeps count of which facts of a contract an exercise has proved."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, ParamSpec

import httpx

from tests.contract.judge import judge_component, judge_schema
from tests.contract.walk import SIMPLE, Contract, Node, component, content_of, field_name

P = ParamSpec("P")
# What an answer shows by being valid. A default is shown by leaving the field out of a request.
SHOWN = SIMPLE - {"default", "nullable"}


class Ledger:
    """The facts of one contract, and those of them that have been proved. No other name is taken."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.proved: set[str] = set()

    def value(self, name: str) -> Any:
        """What the contract says there."""
        return self.contract.facts[name]

    def matching(self, *patterns: str) -> list[str]:
        """All facts with such names, in the order of the file."""
        return [
            name for name in self.contract.facts if any(fnmatchcase(name, pattern) for pattern in patterns)
        ]

    def tick(self, *names: str) -> None:
        """These facts have just been proved."""
        unknown = [name for name in names if name not in self.contract.facts]
        if unknown:
            raise KeyError(f"no fact of the contract: {unknown}")
        self.proved.update(names)

    def answer(self, operation: str, response: httpx.Response) -> Any:
        """Validate an answer and tick everything that it shows. The answer's content, if it has any."""
        answers = self.contract.operations[operation].answers
        status = str(response.status_code)
        assert status in answers, f"{operation} answers {status}: {response.text[:500]}"
        self.tick(operation, f"{operation}.{status}")
        content = content_of(answers[status])
        if content is None:
            return None
        kind, schema = content
        assert response.headers["content-type"].split(";")[0] == kind
        self.tick(f"{operation}.{status}.content")
        body = response.json()
        judge_component(self.contract.document, schema, body)
        self.tick(*self._shown(f"{operation}.{status}", schema, body))
        return body

    def event(self, name: str, value: object) -> None:
        """Validate what was sent to a customer against a component, and tick everything that it shows."""
        schema = self.contract.document["components"]["schemas"][name]
        judge_component(self.contract.document, schema, value)
        self.tick(*self._shown(name, schema, value))

    def _shown(self, name: str, schema: Node, value: object) -> Iterator[str]:
        """The facts that a valid value bears out."""
        if "$ref" in schema:
            yield from self._shown_component(name, schema, value)
            return
        yield from (f"{name}.{word}" for word in schema if word in SHOWN)
        if "enum" in schema:
            yield from (f"{name}.enum", f"{name}.enum.{value}")
        if isinstance(value, Mapping):
            yield from self._shown_fields(name, schema, value)
        if isinstance(value, list):
            for item in value:
                yield from self._shown(f"{name}.items", schema["items"], item)

    def _shown_fields(self, name: str, schema: Node, value: Node) -> Iterator[str]:
        for field in schema.get("properties", {}).keys() & value.keys():
            inner = f"{name}.{field_name(field)}"
            yield inner
            if field in schema.get("required", ()):
                yield f"{inner}.required"
            yield from self._shown(inner, schema["properties"][field], value[field])

    def _shown_component(self, name: str, schema: Node, value: object) -> Iterator[str]:
        referred = component(schema)
        yield f"{name}.{referred}"
        yield from self._shown(referred, self.contract.resolved(schema), value)
        separate = self.contract.schemas.get(referred)
        if separate is not None:
            judge_schema(separate, value)
            yield from self._shown(f"{referred}Schema", separate, value)


class Proofs:
    """Who proves what: each exercise claims facts, and fails when it ends without having proved them all.

    A fact is claimed by name or by pattern, and has to be claimed by somebody, or to stand in `later` with
    the reason why nobody can prove it yet.
    """

    def __init__(self, contract: Contract, later: Mapping[str, str]) -> None:
        self.contract = contract
        self.later = later
        self.claims: list[str] = []

    def claim(self, *patterns: str) -> Callable[[Callable[P, Awaitable[None]]], Callable[P, Awaitable[None]]]:
        """Say of a test with a `ledger` what it proves."""
        self.claims.extend(patterns)

        def around(exercise: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
            @functools.wraps(exercise)
            async def exercised(*args: P.args, **kwargs: P.kwargs) -> None:
                await exercise(*args, **kwargs)
                ledger = kwargs["ledger"]
                assert isinstance(ledger, Ledger)
                self.settle(ledger, patterns)

            return exercised

        return around

    def settle(self, ledger: Ledger, patterns: tuple[str, ...]) -> None:
        """An exercise is over: all that it claimed must be proved, and nothing that was put off."""
        due = set(ledger.matching(*patterns)) - set(ledger.matching(*self.later))
        unproved = sorted(due - ledger.proved)
        assert unproved == [], f"claimed, but not proved: {unproved}"
        early = ledger.proved.intersection(ledger.matching(*self.later))
        assert sorted(early) == [], "proved, so no longer for later"

    def unclaimed(self, *scope: str) -> list[str]:
        """Facts that nobody claims, among those with such names."""
        ledger = Ledger(self.contract)
        taken = {*ledger.matching(*self.claims), *ledger.matching(*self.later)}
        return [name for name in ledger.matching(*scope) if name not in taken]

    def stale(self) -> list[str]:
        """Claims and postponements that no longer name any fact."""
        ledger = Ledger(self.contract)
        return [pattern for pattern in (*self.claims, *self.later) if not ledger.matching(pattern)]
