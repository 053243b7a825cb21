"""The only module that says what is said to and of a clock on the wire."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from telefonie.core.clocks import Mode
from telefonie.web.fields import Absent, ClockTime

SLOWEST: Final = 0.001
FASTEST: Final = 1_000.0
TEN_YEARS: Final = 315_576_000

MODE: Final = (
    "How time passes: `realtime` runs with the wall clock times `speed`, `auto` jumps to the next due moment"
    " as soon as nothing is in flight, `manual` moves only by `POST /clock/advance`."
)
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class ClockChange(BaseModel):
    """What shall be different; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"mode": "manual", "now": "2030-01-01T09:00:00Z"}]}
    )

    mode: Mode | Absent = Field(None, description=MODE)
    speed: Annotated[float, Field(strict=True, ge=SLOWEST, le=FASTEST, allow_inf_nan=False)] | Absent = Field(
        None, description="Seconds of the account for each second of the wall, in `realtime`."
    )
    now: ClockTime | Absent = Field(None, description="The account's time; it can only move forward.")


class AdvanceWish(BaseModel):
    """Exactly one of the three."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"seconds": 30}, {"until": "idle"}],
            "oneOf": [{"required": ["seconds"]}, {"required": ["to"]}, {"required": ["until"]}],
        }
    )

    seconds: Annotated[float, Field(strict=True, ge=0, le=TEN_YEARS, allow_inf_nan=False)] | Absent = Field(
        None, description="So far; 0 runs what is due now."
    )
    to: ClockTime | Absent = Field(None, description="To this moment.")
    until: Literal["idle"] | Absent = Field(None, description="Until nothing is pending any more.")

    @model_validator(mode="after")
    def _one(self) -> AdvanceWish:
        if sum(each is not None for each in (self.seconds, self.to, self.until)) != 1:
            raise PydanticCustomError("one_of", "must say exactly one of seconds, to, until")
        return self


class AdvanceProgress(BaseModel):
    """How far an advance has come."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "now": "2030-01-01T09:00:30.000Z",
                    "advanced_seconds": 30.0,
                    "fired": 4,
                    "requests": 4,
                    "pending": 1,
                    "next_due": "2030-01-01T09:01:00.000Z",
                }
            ]
        }
    )

    now: Time = Field(description="The account's time.")
    advanced_seconds: float = Field(description="How far the clock has moved in this advance.")
    fired: int = Field(description="How many due moments were carried out.")
    requests: int = Field(description="How many requests to the customer that caused; all were answered.")
    pending: int = Field(description="What is still to come and awaited.")
    next_due: Time | Absent = Field(None, description="When the next of it comes.")


class AdvanceUnderWay(AdvanceProgress):
    """An advance that is not done yet; `GET /clock` tells how it goes on."""

    target: Time | Absent = Field(None, description="Where it is going, unless until idle.")
    until: Literal["idle"] | Absent = Field(None, description="That it goes on until idle.")


class ClockState(BaseModel):
    """A clock, and what it is waiting for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "mode": "manual",
                    "speed": 1.0,
                    "now": "2030-01-01T09:00:00.000Z",
                    "pending": 3,
                    "next_due": "2030-01-01T09:00:01.000Z",
                }
            ]
        }
    )

    mode: Mode = Field(description=MODE)
    speed: float = Field(description="Seconds of the account for each second of the wall, in `realtime`.")
    now: Time = Field(description="The account's time.")
    pending: int = Field(
        description="What is still to come and awaited: guards, like time limits, do not count."
    )
    next_due: Time | Absent = Field(None, description="When the next of it comes.")
    advance: AdvanceUnderWay | Absent = Field(None, description="The advance that is under way.")
