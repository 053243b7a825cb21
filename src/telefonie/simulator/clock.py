"""The only module that serves the account's clock: reading it, setting it, advancing it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Scope
from telefonie.engine.timekeeper import Wish
from telefonie.simulator import clock_wording
from telefonie.simulator.clock_schemas import (
    AdvanceProgress,
    AdvanceUnderWay,
    AdvanceWish,
    ClockChange,
    ClockState,
)
from telefonie.web.access import caller, engine_of
from telefonie.web.answers import ok
from telefonie.web.face import Direct
from telefonie.web.openapi import operation
from telefonie.web.reading import body

router = APIRouter(route_class=Direct, tags=["Clock"])


@router.get(
    "/clock",
    summary="Read the clock",
    responses={200: {"model": ClockState, "description": "The account's clock."}},
    openapi_extra=operation(),
)
async def read_clock(request: Request) -> Response:
    """What time it is for the account, how much is to come, and when."""
    who = await caller(request, Scope.SIMULATOR)
    return ok(clock_wording.clock(await engine_of(request).timekeeper.clock(who.account.id)))


@router.patch(
    "/clock",
    summary="Set the clock",
    responses={200: {"model": ClockState, "description": "The clock as it is now."}},
    openapi_extra=operation(body=ClockChange, conflicts=True),
)
async def set_clock(request: Request) -> Response:
    """Another mode, speed or time. Time never goes back; while the clock is being advanced it is 409."""
    who = await caller(request, Scope.SIMULATOR)
    given = await body(request, ClockChange)
    wish = given.value
    view = await engine_of(request).timekeeper.change(who.account.id, wish.mode, wish.speed, wish.now)
    return ok(clock_wording.clock(view), headers=given.headers)


@router.post(
    "/clock/advance",
    summary="Advance the clock",
    responses={
        200: {"model": AdvanceProgress, "description": "Done: all that was due has happened."},
        202: {"model": AdvanceUnderWay, "description": "It takes long and goes on; see `GET /clock`."},
    },
    openapi_extra=operation(body=AdvanceWish, body_required=True, conflicts=True),
)
async def advance_clock(request: Request) -> Response:
    """Move a manual clock. Answers once nothing due is left and all requests caused have been answered."""
    who = await caller(request, Scope.SIMULATOR)
    given = await body(request, AdvanceWish)
    asked = given.value
    wish = Wish(seconds=asked.seconds, to=asked.to, until_idle=asked.until is not None)
    progress = await engine_of(request).timekeeper.advance(who.account.id, wish)
    return ok(clock_wording.advance(progress), 200 if progress.done else 202, given.headers)
