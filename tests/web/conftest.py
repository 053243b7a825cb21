"""The only module that sets up a small face of its own, to see the kit without any dialect."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Final

import httpx
import pytest
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Account, Scope
from telefonie.core.errors import Conflict, Illegal, Unfit, Unknown
from telefonie.core.limits import Kind
from telefonie.engine.ports import Overloaded, Reused
from telefonie.engine.registry import Caller
from telefonie.web import access, once, reading
from telefonie.web.answers import ok
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import Face, new_face
from telefonie.web.fields import EXTENSION, Absent, Dialable, Flag, Text, WebUrl, WholeNumber
from telefonie.web.gate import Gate
from telefonie.web.openapi import operation
from telefonie.web.paging import Paging

ADMIN_KEY: Final = "the-operator"


class Thing(BaseModel):
    """What the small face takes."""

    model_config = ConfigDict(populate_by_name=False)

    to: Dialable
    name: Text | Absent = Field(None, description="What people call it.")
    url: WebUrl | Absent = Field(None, json_schema_extra=EXTENSION)
    count: Annotated[WholeNumber, Field(ge=1, le=600)] = 30
    loud: Flag = False


class Shown(BaseModel):
    """What it shows."""

    to: str
    count: int


class Patch(BaseModel):
    """What may be taken away again by null."""

    name: Text | None = None


class FakeRegistry:
    """Knows three keys; stands in for the engine's."""

    def __init__(self) -> None:
        account = Account("11111111-1111-4111-8111-111111111111", "test", 0)
        self.callers = {
            "voice-key": Caller(account, frozenset({Scope.VOICE}), "k1"),
            "read-key": Caller(account, frozenset({Scope.READ}), "k2"),
            "simulator-key": Caller(account, frozenset({Scope.SIMULATOR}), "k3"),
        }

    async def authenticate(self, key: str) -> Caller | None:
        return self.callers.get(key)


class NoLimits:
    """Lets everybody pass, and remembers what for."""

    def __init__(self) -> None:
        self.passed: list[Kind] = []

    async def take(self, _: Account, kind: Kind) -> None:
        self.passed.append(kind)


@dataclass
class FakeEngine:
    registry: FakeRegistry
    limits: NoLimits = field(default_factory=NoLimits)
    region: str = "local"


ERRORS: Final[dict[str, Exception]] = {
    "illegal": Illegal("call", "talking", "be canceled"),
    "unknown": Unknown("call", "x"),
    "conflict": Conflict("number_taken", "It is taken."),
    "unfit": Unfit("from", "is not yours"),
    "overloaded": Overloaded(),
    "reused": Reused(),
    "mistake": KeyError("a mistake of ours"),
}


def small_face() -> Face:
    face = new_face(title="Things", description="A face for tests.", envelope=envelope(OURS))
    face.state.engine = FakeEngine(FakeRegistry())
    face.state.admin_key_hash = hashlib.sha256(ADMIN_KEY.encode()).hexdigest()

    @face.post(
        "/things",
        status_code=201,
        response_model=Shown,
        openapi_extra=operation(body=Thing, body_required=True, once=True, extension=True),
    )
    async def make(request: Request) -> Response:
        taken = await reading.body(request, Thing)
        key = await once.once(request)
        content = taken.value.model_dump() | {"once": key and [key.key, key.fingerprint]}
        return ok(content, 201, taken.headers)

    @face.get("/things", response_model=Shown, openapi_extra=operation(query=Paging))
    async def page(request: Request) -> Response:
        return ok(reading.query(request, Paging).model_dump())

    @face.patch("/things", openapi_extra=operation(body=Patch, nulls=True))
    async def patch(request: Request) -> Response:
        taken = await reading.body(request, Patch, nulls=True)
        return ok({"set": sorted(taken.value.model_fields_set)})

    _add_failures(face)
    _add_doors(face)
    return face


def _add_failures(face: Face) -> None:
    @face.get("/errors/{name}", openapi_extra=operation(path={"name": "Which."}))
    async def fail(request: Request) -> Response:
        raise ERRORS[request.path_params["name"]]

    @face.get("/typed/{number}")
    async def typed(number: int, big: bool = False) -> Shown:  # noqa: FBT001, FBT002 - FastAPI's own style
        return Shown(to=str(big), count=number)


def _add_doors(face: Face) -> None:
    @face.get("/mine", operation_id="readMine", openapi_extra=operation())
    @face.post("/mine", operation_id="writeMine", openapi_extra=operation())
    async def mine(request: Request) -> Response:
        caller = await access.caller(request, Scope.VOICE)
        return ok({"account": caller.account.id, "noted": request.scope["state"].get("account_id")})

    @face.get("/operator", openapi_extra=operation())
    async def operator(request: Request) -> Response:
        await access.admin(request)
        return ok({})


@pytest.fixture
def face() -> Face:
    return small_face()


@pytest.fixture
async def things(face: Face) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Gate(face, envelope(OURS)))
    async with httpx.AsyncClient(transport=transport, base_url="http://things.example") as client:
        yield client
